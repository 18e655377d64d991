package load

import (
	"strings"

	"attune/detect/kmod"
)

// asyncParam is a parameter every module takes (kernel parameters,
// "module.async_probe"). The kernel ends the load of a module by waiting for
// all probes under way, those of other drivers too (kernel/module/main.c,
// do_init_module, async_synchronize_full); with the parameter it does not. One
// SCSI adapter scanning its bus holds up everything for seconds otherwise.
//
// Its other effect, that the module's own drivers probe in the background, is
// none for a module without a device: only those get it.
const asyncParam = "async_probe"

// params are what the kernel is given with a module.
func params(s kmod.Step) string {
	if !s.Async {
		return s.Params
	}
	return strings.TrimSpace(s.Params + " " + asyncParam)
}
