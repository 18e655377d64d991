package status

import (
	"attune/detect"
	"attune/internal/explain"
)

// Drivers is what became of the devices.
type Drivers struct {
	Outcomes map[explain.Outcome]int `json:"outcomes"` // how many devices have each; those no device has are left out
	Working  int                     `json:"working"`  // devices with an outcome that needs nobody's attention
	Trouble  []Trouble               `json:"trouble"`  // devices a person would name, and no driver has
	NoTree   string                  `json:"no_modules,omitempty"`
}

// A Trouble is a device that does not work.
type Trouble struct {
	Device  string          `json:"device"` // path relative to /sys
	Name    string          `json:"name"`
	Role    detect.Role     `json:"role,omitempty"`
	Outcome explain.Outcome `json:"outcome"`
	Modules []string        `json:"modules,omitempty"`
	Why     string          `json:"why"`
	Do      string          `json:"do,omitempty"`
}

func driversOf(f Facts) Drivers {
	d := Drivers{Outcomes: map[explain.Outcome]int{}, Trouble: []Trouble{}, NoTree: f.NoTree}
	for i, v := range f.Verdicts {
		d.Outcomes[v.Outcome]++
		if v.Outcome.Works() {
			d.Working++
			continue
		}
		if dev := f.Inventory.Devices[i]; f.counts(dev, v) {
			d.Trouble = append(d.Trouble, Trouble{v.Device, f.nameOf(dev), dev.Role, v.Outcome, v.Modules, v.Why, v.Hint})
		}
	}
	return d
}

// counts says whether a device without a driver is worth a person's while: one
// they would name, or one whose driver is there and went wrong.
func (f Facts) counts(d detect.Device, v explain.Verdict) bool {
	switch v.Outcome {
	case explain.LoadFailed, explain.FirmwareMissing:
		return true
	}
	return f.Named != nil && f.Named(d)
}
