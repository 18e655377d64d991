package main

import "attune/detect/edid"

// readAll touches what displayinfo.c's read_all does.
func readAll(e *edid.EDID) int {
	n := len(e.Vendor) + len(e.Name) + len(e.SerialString) + int(e.Serial) + e.WidthMM + timings(e.Detailed)
	if c := e.CTA; c != nil {
		n += readCTA(c)
	}
	if d := e.DisplayID; d != nil {
		n += timings(d.Detailed) + len(d.Blocks)
		if d.Display != nil {
			n += d.Display.Width
		}
		if t, ok := e.Tile(); ok {
			n += t.Width
		}
	}
	return n
}

func readCTA(c *edid.CTA) int {
	n := timings(c.Detailed) + len(c.Blocks) + int(c.Speakers) + int(c.Colorimetry)
	for _, a := range c.Audio {
		n += int(a.Channels)
	}
	for _, v := range c.Video {
		n += int(v.VIC)
	}
	for _, v := range c.Video420 {
		n += int(v.VIC)
	}
	if c.HDR != nil {
		n += int(c.HDR.EOTFs)
	}
	if c.VideoCap != nil && c.VideoCap.SelectableRGB {
		n++
	}
	return n
}

func timings(list []edid.Detailed) int {
	n := 0
	for i := range list {
		n += list[i].HActive + list[i].VActive
	}
	return n
}
