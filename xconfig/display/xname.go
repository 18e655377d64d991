package display

import "attune/xconfig/gpu"

// nameOutputs gives each output the name X's driver will have for it, none
// where that cannot be known.
func (d *displays) nameOutputs() {
	for _, h := range d.heads {
		c := d.x[h.card.ID]
		h.out.XDriver = c.Driver
		h.out.XName, _ = gpu.XName(c.Driver, c.Rank, h.card.Connectors, h.conn.Name)
	}
}
