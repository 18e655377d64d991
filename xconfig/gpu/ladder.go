package gpu

import (
	"slices"
	"strings"

	"attune/detect"
	"attune/xconfig"
)

// autoDriver is the rung on which X finds its drivers by itself.
const autoDriver = "auto"

// A ladderStep is one rung and when it can hold. The order is from best to last.
type ladderStep struct {
	driver string
	why    string
	holds  func(s situation) bool
	busID  func(s situation) bool // X has to be told the device
}

// A situation is what the rungs are judged by.
type situation struct {
	gpu   gpu
	all   []gpu
	own   string // X's own choice of GPU, an ID
	facts xconfig.Facts
}

var ladderSteps = []ladderStep{
	{"nvidia", "the nvidia module drives this GPU, and X would not try nvidia's driver by itself", situation.nvidiaUntold, situation.placed},
	{"fbdev", "by itself X takes the PCI device with one driver and the framebuffer on it with another, and stops over that", situation.framebufferOnly, anyCase},
	{autoDriver, "X finds the driver by itself", situation.finds, noCase},
	{"modesetting", "the driver for every card with kernel mode setting", situation.kms, situation.needsTelling},
	{"fbdev", "the picture in the framebuffer device, unaccelerated and in one mode", situation.framebuffer, noCase},
	{"vesa", "the modes of the video BIOS", situation.vesa, noCase},
	{"dummy", "X runs and nobody sees it: reached from afar only", anyCase, noCase},
}

// ladder are the rungs this GPU and this image have.
func ladder(s situation) []xconfig.Rung {
	im := s.facts.Image
	if im.XServer == "" && len(im.Drivers) == 0 {
		return nil
	}
	rungs := s.lead()
	for _, st := range ladderSteps {
		has := st.driver == autoDriver || slices.Contains(im.Drivers, st.driver)
		twice := slices.ContainsFunc(rungs, func(r xconfig.Rung) bool { return r.Driver == st.driver })
		if !has || twice || !st.holds(s) {
			continue
		}
		r := xconfig.Rung{Driver: st.driver, Why: st.why}
		if st.busID(s) {
			r.BusID = busID(s.gpu.path)
		}
		if st.driver == autoDriver && s.led() {
			r.Why = "X's own choice, of the GPU too"
		}
		rungs = append(rungs, r)
	}
	return rungs
}

// lead is the rung on which X is told to take a GPU it would not. The class
// or device that says so has to name a driver: for a class without one Xorg
// 21.1 looks for a driver of no name, and stops.
func (s situation) lead() []xconfig.Rung {
	if !s.led() || s.nvidiaUntold() {
		return nil
	}
	driver := "modesetting"
	if own := xDriverOf(*s.gpu.card, s.facts.Image); kernelSide[own] != "" {
		driver = own
	}
	if unfit(s.gpu, s.facts.Image, driver) != "" {
		return nil
	}
	r := xconfig.Rung{Driver: driver, Why: "X would take another GPU, and to be told which it has to be told by which driver"}
	if s.needsTelling() {
		r.BusID = busID(s.gpu.path)
		r.Why += "; its place alone tells it from another with the same driver"
	}
	return []xconfig.Rung{r}
}

// led: X would by itself take another GPU.
func (s situation) led() bool { return s.gpu.card != nil && s.gpu.id != s.own }

// safeEnd leaves out what draws by itself: fbdev and vesa if there are any,
// else modesetting.
func safeEnd(rungs []xconfig.Rung) []xconfig.Rung {
	i := slices.IndexFunc(rungs, func(r xconfig.Rung) bool { return r.Driver == "fbdev" || r.Driver == "vesa" })
	if i < 0 {
		i = slices.IndexFunc(rungs, func(r xconfig.Rung) bool { return r.Driver == "modesetting" })
	}
	return rungs[max(i, 0):]
}

// asked puts the driver that is asked for on top.
func asked(rungs []xconfig.Rung, driver string) []xconfig.Rung {
	top := xconfig.Rung{Driver: driver, Why: "asked for"}
	if i := slices.IndexFunc(rungs, func(r xconfig.Rung) bool { return r.Driver == driver }); i >= 0 {
		top.BusID = rungs[i].BusID
	}
	rest := slices.DeleteFunc(slices.Clone(rungs), func(r xconfig.Rung) bool { return r.Driver == driver })
	return append([]xconfig.Rung{top}, rest...)
}

func anyCase(situation) bool { return true }
func noCase(situation) bool  { return false }

func (s situation) placed() bool      { return s.gpu.card == nil || s.needsTelling() }
func (s situation) kms() bool         { return s.gpu.card != nil && len(s.gpu.card.Connectors) > 0 }
func (s situation) framebuffer() bool { return s.gpu.fb }
func (s situation) finds() bool       { return !s.framebufferOnly() }

// nvidiaUntold: a file that comes with the driver usually names it, for cards
// nvidia-drm makes.
func (s situation) nvidiaUntold() bool {
	told := slices.ContainsFunc(s.facts.Image.ConfFiles, func(c string) bool {
		return strings.Contains(c, "nvidia") && !strings.Contains(c, "offload")
	})
	return s.gpu.xDriver == "nvidia" && (s.gpu.card == nil || !told)
}

// framebufferOnly: the kernel has the BIOS' framebuffer and no driver for the
// PCI device below it, so vesa takes the one and fbdev the other.
// xf86PostProbe: "Cannot run in framebuffer mode." With UEFI vesa refuses, and
// all is well.
func (s situation) framebufferOnly() bool {
	return s.gpu.card == nil && s.gpu.fb && s.gpu.driver == "" && busID(s.gpu.path) != "" && !isEFI(s.facts)
}

// vesa wants a VGA device of its own and the BIOS' video services. Since 2.6 it
// refuses where there is any card or framebuffer device.
func (s situation) vesa() bool {
	return s.gpu.driver == "" && s.gpu.pciClass>>8 == 0x0300 && !isEFI(s.facts) &&
		len(s.facts.Graphics.Cards) == 0 && len(s.facts.Graphics.Framebuffers) == 0
}

// needsTelling: X would take another GPU, and the kernel driver's name, by
// which an OutputClass tells cards apart, is that of another card, too.
func (s situation) needsTelling() bool {
	return s.led() && slices.ContainsFunc(s.all, func(o gpu) bool {
		return o.card != nil && o.id != s.gpu.id && o.driver == s.gpu.driver
	})
}

// kernelSide is the kernel driver an X driver works with.
var kernelSide = map[string]string{
	"nvidia": "nvidia", "nouveau": "nouveau", "amdgpu": "amdgpu", "radeon": "radeon", "ati": "radeon", "intel": "i915",
}

// unfit says why an X driver that is asked for cannot work on a GPU.
func unfit(g gpu, im xconfig.Image, driver string) string {
	kernel, bound := kernelSide[driver]
	switch {
	case driver == "" || driver == "failsafe":
		return ""
	case !slices.Contains(im.Drivers, driver):
		return "this image does not have it"
	case bound && g.driver != kernel:
		return "it works with the kernel's " + kernel + " and " + g.id + " does not have that"
	case driver == "modesetting" && (g.card == nil || len(g.card.Connectors) == 0):
		return g.id + " has no kernel mode setting"
	case driver == "fbdev" && !g.fb:
		return g.id + " has no framebuffer device"
	case driver == "vesa" && g.driver != "":
		return "it cannot have " + g.id + ", which a kernel driver has"
	}
	return ""
}

// isEFI: the firmware is UEFI, as far as a kernel tells in what was read.
func isEFI(f xconfig.Facts) bool {
	return slices.ContainsFunc(f.Graphics.Framebuffers, func(fb detect.Framebuffer) bool { return fb.Name == "EFI VGA" }) ||
		slices.ContainsFunc(f.Machine.Devices, func(d detect.Device) bool {
			return strings.HasPrefix(d.Path, "devices/platform/efi-framebuffer.") || strings.HasPrefix(d.Path, "devices/platform/rtc-efi")
		}) ||
		slices.ContainsFunc(f.Machine.Modules, func(m detect.Module) bool { return m.Name == "efivarfs" || m.Name == "efi_pstore" })
}
