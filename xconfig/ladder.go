package xconfig

import (
	"slices"
	"strings"

	"attune/detect"
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
	gpu    gpu
	usable []gpu
	efi    bool
	confs  []string
}

var ladderSteps = []ladderStep{
	{"nvidia", "the nvidia module drives this GPU, and X would not try nvidia's driver by itself", situation.nvidiaUntold, situation.withoutCard},
	{"fbdev", "X by itself claims the PCI device and the framebuffer on it, and stops over that", situation.framebufferOnly, anyCase},
	{autoDriver, "X finds the driver by itself", anyCase, situation.hasTwin},
	{"modesetting", "the driver for every card with kernel mode setting", situation.kms, situation.hasTwin},
	{"fbdev", "the picture in the framebuffer device, unaccelerated and in one mode", situation.framebuffer, noCase},
	{"vesa", "the modes of the video BIOS", situation.vesa, noCase},
	{"dummy", "X runs and nobody sees it: reached from afar only", anyCase, noCase},
}

// ladder are the rungs this GPU and this image have.
func ladder(g gpu, usable []gpu, f Facts) []Rung {
	if f.Image.XServer == "" && len(f.Image.Drivers) == 0 {
		return nil
	}
	s := situation{g, usable, isEFI(f), f.Image.ConfFiles}
	var rungs []Rung
	for _, st := range ladderSteps {
		has := st.driver == autoDriver || slices.Contains(f.Image.Drivers, st.driver)
		twice := slices.ContainsFunc(rungs, func(r Rung) bool { return r.Driver == st.driver })
		if !has || twice || !st.holds(s) {
			continue
		}
		r := Rung{Driver: st.driver, Why: st.why}
		if st.busID(s) {
			r.BusID = busID(g.path)
		}
		rungs = append(rungs, r)
	}
	return rungs
}

// safeEnd leaves out what draws by itself: fbdev and vesa if there are any,
// else modesetting.
func safeEnd(rungs []Rung) []Rung {
	i := slices.IndexFunc(rungs, func(r Rung) bool { return r.Driver == "fbdev" || r.Driver == "vesa" })
	if i < 0 {
		i = slices.IndexFunc(rungs, func(r Rung) bool { return r.Driver == "modesetting" })
	}
	return rungs[max(i, 0):]
}

// asked puts the driver that is asked for on top.
func asked(rungs []Rung, driver string) []Rung {
	top := Rung{Driver: driver, Why: "asked for"}
	if i := slices.IndexFunc(rungs, func(r Rung) bool { return r.Driver == driver }); i >= 0 {
		top.BusID = rungs[i].BusID
	}
	rest := slices.DeleteFunc(slices.Clone(rungs), func(r Rung) bool { return r.Driver == driver })
	return append([]Rung{top}, rest...)
}

func anyCase(situation) bool { return true }
func noCase(situation) bool  { return false }

func (s situation) withoutCard() bool { return s.gpu.card == nil }
func (s situation) kms() bool         { return s.gpu.card != nil && len(s.gpu.card.Connectors) > 0 }
func (s situation) framebuffer() bool { return s.gpu.fb }

// nvidiaUntold: a file that comes with the driver usually names it, for cards
// nvidia-drm makes.
func (s situation) nvidiaUntold() bool {
	told := slices.ContainsFunc(s.confs, func(c string) bool {
		return strings.Contains(c, "nvidia") && !strings.Contains(c, "offload")
	})
	return s.gpu.xDriver == "nvidia" && (s.gpu.card == nil || !told)
}

// framebufferOnly: the kernel has a framebuffer of the firmware's and no
// driver for the PCI device below it, so vesa takes the one and fbdev the
// other. xf86PostProbe: "Cannot run in framebuffer mode."
func (s situation) framebufferOnly() bool {
	return s.gpu.card == nil && s.gpu.fb && s.gpu.driver == "" && busID(s.gpu.path) != ""
}

// vesa wants a VGA device of its own and the BIOS' video services.
func (s situation) vesa() bool {
	return s.gpu.card == nil && s.gpu.driver == "" && s.gpu.pciClass>>8 == 0x0300 && !s.efi
}

// hasTwin: another card has the same driver, by which alone X tells cards
// apart without a BusID.
func (s situation) hasTwin() bool {
	return s.gpu.card != nil && slices.ContainsFunc(s.usable, func(o gpu) bool {
		return o.card != nil && o.id != s.gpu.id && o.driver == s.gpu.driver
	})
}

// isEFI: the firmware is UEFI, as far as a kernel tells in what was read.
func isEFI(f Facts) bool {
	return slices.ContainsFunc(f.Graphics.Framebuffers, func(fb detect.Framebuffer) bool { return fb.Name == "EFI VGA" }) ||
		slices.ContainsFunc(f.Machine.Devices, func(d detect.Device) bool {
			return strings.HasPrefix(d.Path, "devices/platform/efi-framebuffer.") || strings.HasPrefix(d.Path, "devices/platform/rtc-efi")
		}) ||
		slices.ContainsFunc(f.Machine.Modules, func(m detect.Module) bool { return m.Name == "efivarfs" || m.Name == "efi_pstore" })
}
