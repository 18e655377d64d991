package xconfig

import "attune/detect"

// xName is what X calls the connector's output, "" where that cannot be known.
func (d *displays) xName(card *detect.Card, conn *detect.Connector) string {
	x := d.x[card.ID]
	name, _ := XName(x.driver, x.rank, card.Connectors, conn.Name)
	return name
}
