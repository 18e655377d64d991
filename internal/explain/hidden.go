package explain

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"attune/detect"
)

// unauthorized: a USB or Thunderbolt device the kernel shows and lets nobody use.
func unauthorized(v *view, d *detect.Device) (Verdict, bool) {
	p := d
	for ; p != nil && !p.Unauthorized; p = v.above(p.Path) {
	}
	if p == nil {
		return Verdict{}, false
	}
	hint := "write 1 to /sys/" + path.Join(p.Path, "authorized") + " to allow it"
	if word := v.word("usbcore.authorized_default=0"); word != "" {
		return Verdict{Outcome: Hidden, By: word, Why: "the kernel's command line lets no USB device in (" + word + ")", Hint: hint}, true
	}
	return Verdict{Outcome: Denied, By: "authorized", Hint: hint,
		Why: "somebody has not authorized it (USBGuard, bolt or a udev rule does this)"}, true
}

func switchedOff(v *view, d *detect.Device) (Verdict, bool) {
	if !d.Disabled {
		return Verdict{}, false
	}
	return Verdict{Outcome: Hidden, By: "firmware", Why: "the firmware says that it is not there (ACPI _STA)",
		Hint: "if it should be, look in the firmware's setup"}, true
}

func overridden(v *view, d *detect.Device) (Verdict, bool) {
	if d.DriverOverride == "" {
		return Verdict{}, false
	}
	return Verdict{Outcome: Denied, By: "driver_override", Modules: list(underscores(d.DriverOverride)),
		Why:  fmt.Sprintf("its driver_override lets only %q drive it, and that has not taken it", d.DriverOverride),
		Hint: "write an empty line to /sys/" + path.Join(d.Path, "driver_override")}, true
}

// switches are words of the kernel's command line that keep drivers from
// devices which are nevertheless seen (Documentation/admin-guide/kernel-parameters.txt).
// Words that hide devices wholly (pci=off, acpi=off) leave nothing to explain.
var switches = []struct {
	word string
	hits func(*detect.Device) bool
	why  string
}{
	{"nomodeset", isGPU, "the kernel's command line forbids graphics drivers (nomodeset)"},
	{"nousb", isUSBHost, "the kernel's command line switches USB off (nousb)"},
	{"usbcore.nousb", isUSBHost, "the kernel's command line switches USB off (usbcore.nousb)"},
	{"usbcore.nousb=1", isUSBHost, "the kernel's command line switches USB off (usbcore.nousb)"},
	{"i8042.noaux", isPNP("PNP0F"), "the kernel's command line leaves the PS/2 mouse alone (i8042.noaux)"},
	{"i8042.nokbd", isPNP("PNP03"), "the kernel's command line leaves the PS/2 keyboard alone (i8042.nokbd)"},
}

func isGPU(d *detect.Device) bool {
	return d.Role == detect.RoleGPU && (d.Subsystem == "pci" || d.Subsystem == "virtio" || d.Subsystem == "vmbus")
}

func isUSBHost(d *detect.Device) bool { return d.Role == detect.RoleUSBHost }

// isPNP knows a PNP device by the beginning of its ID: PNP03 are keyboards,
// PNP0F mice.
func isPNP(id string) func(*detect.Device) bool {
	return func(d *detect.Device) bool {
		return d.Subsystem == "pnp" && slices.ContainsFunc(d.Modalias, func(a string) bool {
			return strings.Contains(a, ":d"+id) || strings.HasPrefix(a, "acpi:"+id)
		})
	}
}

// skipped is the word of the command line by which attune leaves a device's
// bus alone, "" when none does. attune reads the whole line, "--" or not.
func (v *view) skipped(d *detect.Device) string {
	for _, w := range v.cmdline {
		list, ok := strings.CutPrefix(w, "attune.skip=")
		if ok && d.Subsystem != "" && slices.Contains(strings.Split(list, ","), d.Subsystem) {
			return "attune.skip=" + d.Subsystem
		}
	}
	return ""
}

// hidden asks the table, then for MODULE.modeset=0 on a GPU whose module that is.
func hidden(v *view, d *detect.Device) (Verdict, bool) {
	if word := v.skipped(d); word != "" {
		return Verdict{Outcome: Hidden, By: word, Hint: "take " + word + " off the boot line to let attune load its driver",
			Why: fmt.Sprintf("the kernel's command line tells attune to leave the %s bus alone (%s)", d.Subsystem, word)}, true
	}
	for _, s := range switches {
		if v.word(s.word) != "" && s.hits(d) {
			return Verdict{Outcome: Hidden, By: s.word, Why: s.why, Modules: v.asked(d).want,
				Hint: "take " + s.word + " off the boot line to let its driver have it"}, true
		}
	}
	if isGPU(d) {
		for _, m := range v.asked(d).want {
			if word := v.word(m + ".modeset=0"); word != "" {
				return Verdict{Outcome: Hidden, By: word, Modules: []string{m},
					Why: "the kernel's command line forbids its graphics driver (" + word + ")"}, true
			}
		}
	}
	return Verdict{}, false
}

// word gives a word of the command line as it stands there; "-" and "_" are
// the same to the kernel. Words behind "--" are for init.
func (v *view) word(want string) string {
	for _, w := range v.cmdline {
		if w == "--" {
			return ""
		}
		if underscores(w) == underscores(want) || strings.Trim(w, `"`) == want {
			return w
		}
	}
	return ""
}
