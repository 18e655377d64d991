package xconfig

import (
	"attune/detect/edid"
	"attune/detect/edid/timing"
)

func displayModes(e *edid.EDID) (modes []timing.Mode) {
	for _, d := range e.Detailed {
		modes = append(modes, d.Mode)
	}
	return modes
}
