package explain

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"attune/detect"
)

// parts are subsystems whose devices are made by the driver of the device
// above them and never have one themselves.
var parts = map[string]string{
	"net": "network interface", "ieee80211": "radio", "bluetooth": "Bluetooth controller",
	"drm": "graphics device", "sound": "sound card", "block": "disk", "input": "input device",
	"hidraw": "raw HID device", "video4linux": "video device", "tty": "terminal", "nvme": "NVMe controller",
}

// partOf knows devices that work as a part of another one.
func partOf(v *view, d *detect.Device) (Verdict, bool) {
	if what, ok := parts[d.Subsystem]; ok {
		return madeBy(v, d, what), true
	}
	if d.Subsystem == "acpi" {
		return described(v, d)
	}
	if d.Subsystem == "mmc" {
		return functions(v, d)
	}
	return twin(v, d)
}

func madeBy(v *view, d *detect.Device, what string) Verdict {
	verdict := Verdict{Outcome: PartOf, Why: "the kernel itself makes this " + what}
	if p := v.above(d.Path); p != nil {
		verdict.Of = p.Path
		verdict.Why = fmt.Sprintf("it is the %s of %s", what, name(p))
	}
	if len(d.Handlers) > 0 {
		verdict.Why += ", read as " + strings.Join(d.Handlers, ", ")
	}
	return verdict
}

// described: an ACPI node is what the firmware says about a device that stands
// elsewhere in the tree and has the driver.
func described(v *view, d *detect.Device) (Verdict, bool) {
	if d.Disabled {
		return Verdict{}, false
	}
	if d.PhysicalNode != "" {
		return Verdict{Outcome: PartOf, Of: d.PhysicalNode,
			Why: "it is what the firmware says about " + path.Base(d.PhysicalNode)}, true
	}
	// Captures made of properties have no links. The kernel names what it makes
	// of a node after the node.
	base := path.Base(d.Path)
	for _, twin := range []string{base, "i2c-" + base, "spi-" + base} {
		for _, t := range v.named[twin] {
			if t != d && t.Subsystem != "acpi" {
				return Verdict{Outcome: PartOf, Of: t.Path, Why: "it is what the firmware says about " + name(t)}, true
			}
		}
	}
	return pnpTwin(v, d)
}

// pnpTwin finds the PNP device that carries the node's ID.
func pnpTwin(v *view, d *detect.Device) (Verdict, bool) {
	id, _, _ := strings.Cut(path.Base(d.Path), ":")
	for i := range v.inv.Devices {
		t := &v.inv.Devices[i]
		if t.Subsystem == "pnp" && slices.Contains(t.Modalias, "pnp:d"+id) {
			return Verdict{Outcome: PartOf, Of: t.Path, Why: "it is what the firmware says about " + name(t)}, true
		}
	}
	return Verdict{}, false
}

// functions: an SDIO card does nothing itself; what it can do are devices below it.
func functions(v *view, d *detect.Device) (Verdict, bool) {
	for _, k := range v.kids[d.Path] {
		if k.Subsystem == "sdio" && d.Driver == "" {
			return Verdict{Outcome: PartOf, Of: k.Path, Why: "it is the card that carries " + name(k)}, true
		}
	}
	return Verdict{}, false
}
