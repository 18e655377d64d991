package main

import (
	"fmt"
	"strings"
)

// status is a boot in one line, for the service manager.
func (d bootDone) status() string {
	var parts []string
	if d.Desktop != nil {
		for _, o := range d.Desktop.Displays.Outputs {
			if o.State == "on" {
				parts = append(parts, o.Connector+" "+modeOf(o))
			}
		}
		if len(parts) == 0 {
			parts = append(parts, "no display")
		}
	}
	if n := len(d.Problems); n > 0 {
		parts = append(parts, fmt.Sprintf("%d problems", n))
	}
	return strings.Join(parts, ", ")
}
