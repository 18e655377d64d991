package explain

import (
	"path"
	"slices"

	"attune/detect"
)

// A driver bound to any device is code in the kernel. A capture made of
// properties has no /sys/module, so this is all it knows of what is loaded.

// runs gathers the modules, by name, that bound drivers prove to be in the kernel.
func (v *view) runs() map[string]bool {
	in := map[string]bool{}
	for i := range v.inv.Devices {
		d := &v.inv.Devices[i]
		if d.Driver == "" {
			continue
		}
		in[underscores(d.Driver)] = true
		if d.Module != "" {
			in[d.Module] = true
		} else if m := v.behind(d); m != "" {
			in[m] = true
		}
	}
	return in
}

// forAll are drivers that take any device of their bus: that one of them is
// bound says nothing about the module the alias names.
var forAll = []string{"usb", "pcieport", "hid-generic", "usbfs"}

// behind guesses the module of a driver that does not name its own: mmcblk is
// mmc_block. One module asked for leaves no choice. Where there is a
// /sys/module it knows better.
func (v *view) behind(d *detect.Device) string {
	w := v.asked(d)
	if len(v.module) > 0 || len(w.want) != 1 || len(w.builtin)+len(w.denied) > 0 ||
		slices.Contains(forAll, d.Driver) || taker(d.Driver) != "" {
		return ""
	}
	return w.want[0]
}

// tellsLoads says whether there is anything that would show a module as loaded
// if it were.
func (v *view) tellsLoads() bool { return len(v.module) > 0 || v.f.Loads != nil }

// twin: the kernel makes a platform or PNP device of an ACPI node, and a
// driver may bind to the node instead.
func twin(v *view, d *detect.Device) (Verdict, bool) {
	for _, node := range slices.Concat(v.named[path.Base(d.Path)], v.nodes[d.Path]) {
		made := d.Subsystem == "platform" || d.Subsystem == "pnp" || node.PhysicalNode == d.Path
		if node.Subsystem == "acpi" && node.Driver != "" && made && d.Subsystem != "acpi" {
			return Verdict{Outcome: PartOf, Of: node.Path,
				Why: node.Driver + " drives it by what the firmware says about it, " + name(node)}, true
		}
	}
	return Verdict{}, false
}
