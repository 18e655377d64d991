package xconfig

// nameOutputs gives each output the name X's driver will have for it, none
// where that cannot be known.
func (d *displays) nameOutputs() {
	for _, h := range d.heads {
		c := d.x[h.card.ID]
		h.out.XName, _ = XName(c.driver, c.rank, h.card.Connectors, h.conn.Name)
	}
}
