package desktop

import (
	"io/fs"

	"attune/internal/settings"
	"attune/xconfig"
)

// Settings are what was asked for on a machine, and by whom: by files, by what
// its users chose, by the kernel command line.
func Settings(root fs.FS, f xconfig.Facts) (settings.Settings, []error) {
	layers, odd := chosen(root, f)
	s, errs := settings.Read(root, f.Cmdline, settings.MachineOf(f.Machine, f.Graphics), layers...)
	return s, append(errs, odd...)
}
