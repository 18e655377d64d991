package desktop

import (
	"io/fs"
	"slices"
	"strings"

	"attune/detect"
	"attune/internal/failsafe"
	"attune/internal/records"
	"attune/internal/settings"
	"attune/xconfig"
)

// Settings are what was asked for on a machine, and by whom: by files, by what
// its users chose, by the kernel command line.
func Settings(root fs.FS, f xconfig.Facts) (settings.Settings, []error) {
	all, odd := chosen(root)
	s, errs := settings.Read(root, f.Cmdline, settings.MachineOf(f.Machine, f.Graphics), project(all, f)...)
	s.Preferences.Asked = asked(root, f, s.Preferences, all)
	return s, append(errs, odd...)
}

// asked is the digest of all that was asked for, in which a display or stick
// that is pulled changes nothing: of what users chose all, and of quirks those of
// what is built in.
func asked(root fs.FS, f xconfig.Facts, p xconfig.Preferences, all []records.Stored) string {
	if len(project(all, f)) > 0 || quirked(p) {
		inv := f.Machine
		inv.Devices = slices.DeleteFunc(slices.Clone(inv.Devices), func(d detect.Device) bool { return d.Subsystem != "pci" })
		s, _ := settings.Read(root, f.Cmdline, settings.MachineOf(inv, detect.Graphics{})) // what is wrong is told already
		p = s.Preferences
	}
	var chosen []any
	for _, r := range records.InForce(all) {
		chosen = append(chosen, r.ID(), r.Match, r.Value)
	}
	return failsafe.Asked(p, chosen)
}

// quirked says that something was asked for by a file of quirks.
func quirked(p xconfig.Preferences) bool {
	is := func(source string) bool { return strings.Contains(source, "/quirks.d/") }
	for _, source := range p.Sources {
		if is(source) {
			return true
		}
	}
	return slices.ContainsFunc(p.Outputs, func(r xconfig.OutputRule) bool { return is(r.Source) }) ||
		slices.ContainsFunc(p.Touch, func(r xconfig.TouchRule) bool { return is(r.Source) })
}
