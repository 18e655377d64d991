package xconfig

import "attune/detect"

// xName is what X calls the connector's output.
func (d *displays) xName(*detect.Card, *detect.Connector) string { return "" }
