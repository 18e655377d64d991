package main

import (
	"fmt"
	"path"

	"attune/detect"
)

// deviceID is the short name a device goes by: its bus and address.
func deviceID(d detect.Device) string {
	return d.Subsystem + " " + path.Base(d.Path)
}

// describe says what a device is in what is known without a database.
func describe(d detect.Device) string {
	if d.Label != "" {
		return d.Label
	}
	if d.Vendor != 0 {
		return fmt.Sprintf("[%04x:%04x]", d.Vendor, d.Product)
	}
	if len(d.Modalias) > 0 {
		return short(d.Modalias[0])
	}
	return ""
}

// short cuts what is too long for a line: a processor's alias has 600 bytes.
func short(s string) string {
	const most = 120
	if len(s) <= most {
		return s
	}
	return s[:most] + "..."
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
