package gpu

import (
	"path"
	"slices"
	"strings"

	"attune/detect"
	"attune/xconfig"
)

// A gpu is one thing that could show the picture: a DRM card, a PCI device
// without one, or a framebuffer the firmware left.
type gpu struct {
	id       string // Card.ID, or the same made from the PCI address
	path     string // of the device, "" for a framebuffer without one
	card     *detect.Card
	vendor   uint16
	product  uint16
	pciClass uint32
	driver   string // of the kernel, "" none
	class    gpuClass
	shows    shows
	panel    bool   // the machine's own panel is connected here
	bootVGA  bool   //
	xDriver  string // X driver which alone can drive it, "nvidia"
	fb       bool   // it has a framebuffer device
	unusable string // why no picture can come from it
	routine  bool   // and that is nothing to tell anybody
	draws    bool   // but it can draw for another
}

// shows is how sure it is that somebody sees what the GPU shows.
type shows int

const (
	showsNothing shows = iota
	showsMaybe
	showsDisplay
)

// gpus are all there is, usable or not, by ID.
func gpus(f xconfig.Facts) []gpu {
	var all []gpu
	devices := make(map[string]detect.Device, len(f.Machine.Devices))
	for _, d := range f.Machine.Devices {
		devices[d.Path] = d
	}
	seen := map[string]bool{}
	for i := range f.Graphics.Cards {
		c := &f.Graphics.Cards[i]
		seen[c.Device] = true
		all = append(all, fromCard(c, devices[c.Device], f))
	}
	for _, d := range f.Machine.Devices {
		if isDisplay(d) && !seen[d.Path] {
			all = append(all, fromDevice(d, f))
		}
	}
	slices.SortFunc(all, func(a, b gpu) int { return strings.Compare(a.id, b.id) })
	all = withFramebuffer(all, f)
	for i := range all {
		if len(all) == 1 && all[i].card == nil {
			all[i].shows = showsMaybe // a lone GPU without a driver is where the picture is
		}
		all[i].judge(f.Image, len(all) == 1)
	}
	return withoutRemains(all)
}

func fromCard(c *detect.Card, d detect.Device, f xconfig.Facts) gpu {
	g := gpu{id: c.ID, path: c.Device, card: c, vendor: c.Vendor, product: c.Product,
		pciClass: c.Class, driver: c.Driver, bootVGA: c.BootVGA || d.BootVGA}
	if isPassedThrough(d.Driver) {
		g.driver = d.Driver
	}
	g.class = classify(g, c.External, f)
	if c.Firmware {
		g.class = classFirmware
	}
	g.look()
	return g
}

func fromDevice(d detect.Device, f xconfig.Facts) gpu {
	g := gpu{id: "pci-" + path.Base(d.Path), path: d.Path, vendor: d.Vendor, product: d.Product,
		pciClass: d.Class, driver: d.Driver, bootVGA: d.BootVGA}
	g.class = classify(g, false, f)
	if d.BootVGA || d.Driver == "nvidia" {
		g.shows = showsMaybe
	}
	return g
}

// look reads the card's connectors.
func (g *gpu) look() {
	for _, c := range g.card.Connectors {
		if c.NonDesktop || c.Type == "Writeback" {
			continue
		}
		switch {
		case c.Status == "connected" && (g.class != classBMC || len(c.EDID) > 0):
			g.shows = showsDisplay
			g.panel = g.panel || c.Internal
		case c.Status == "connected" || c.Status == "unknown":
			// A management controller says connected whatever hangs there.
			g.shows = max(g.shows, showsMaybe)
		}
	}
	if len(g.card.Connectors) == 0 && g.driver == "nvidia" && g.pciClass>>8 != class3D {
		g.shows = showsMaybe // without its modeset parameter nvidia-drm has no connectors
	}
}

// class3D is the PCI class of GPUs that have no outputs of their own.
const class3D = 0x0302

// judge says why a GPU cannot be used, if it cannot. alone: there is no other.
func (g *gpu) judge(im xconfig.Image, alone bool) {
	has := slices.Contains(im.Drivers, "nvidia")
	if g.driver == "nvidia" && has && (g.card != nil || len(im.NvidiaPaths) == 0) {
		g.xDriver = "nvidia"
	}
	bare := g.card == nil && g.xDriver == "" && !g.fb // neither card nor framebuffer
	mute := g.card != nil && len(g.card.Connectors) == 0 && (g.xDriver == "" || g.pciClass>>8 == class3D)
	switch {
	case isPassedThrough(g.driver):
		g.unusable = g.driver + " holds it for a virtual machine"
	case g.driver == "nvidia" && has && bare:
		g.unusable = "NVIDIA's driver for X is kept beside X's own, and X looks there only for a card of nvidia-drm, which is not loaded"
	case g.driver == "nvidia" && g.xDriver == "" && (bare || mute):
		g.unusable = "the nvidia module drives it, this image has no nvidia driver for X, and without nvidia-drm.modeset=1 no other can"
	case mute:
		g.unusable, g.routine, g.draws = "it has no connectors: it draws and shows nothing", true, true
	case bare && g.driver != "":
		g.unusable = "its kernel driver " + g.driver + " makes no display device"
	case bare && (g.pciClass>>8 == class3D || !g.bootVGA && !alone):
		g.unusable, g.routine = "it has no kernel driver", true
	}
}

// withFramebuffer says which GPU the framebuffers are of, and adds one that is
// of none.
func withFramebuffer(all []gpu, f xconfig.Facts) []gpu {
	for _, fb := range f.Graphics.Framebuffers {
		if i := fbOwner(all, fb); i >= 0 {
			all[i].fb = true
			continue
		}
		if slices.ContainsFunc(all, func(g gpu) bool { return g.class == classFirmware }) {
			continue
		}
		g := gpu{id: "framebuffer", path: fb.Device, class: classFirmware, shows: showsMaybe, fb: true}
		for _, d := range f.Machine.Devices {
			if d.Path == fb.Device {
				g.driver = d.Driver
			}
		}
		all = append(all, g)
	}
	return all
}

// fbOwner is the GPU a framebuffer belongs to: its device's, or, for what the
// firmware left, the one the firmware showed its picture on.
func fbOwner(all []gpu, fb detect.Framebuffer) int {
	if i := slices.IndexFunc(all, func(g gpu) bool { return g.path != "" && g.path == fb.Device }); i >= 0 {
		return i
	}
	if !isFirmwareFB(fb) {
		return -1
	}
	return slices.IndexFunc(all, func(g gpu) bool {
		return g.bootVGA || len(all) == 1 && g.card == nil
	})
}

// withoutRemains sets aside a card the firmware's picture made when the GPU
// that picture was on has its own driver now: some drivers leave it there.
func withoutRemains(all []gpu) []gpu {
	booted := slices.IndexFunc(all, func(g gpu) bool {
		return g.bootVGA && g.class != classFirmware && g.unusable == "" && (g.card != nil || g.xDriver != "")
	})
	if booted < 0 {
		return all
	}
	for i := range all {
		if all[i].class == classFirmware && all[i].unusable == "" {
			all[i].routine = true
			all[i].unusable = "it is what the firmware left of the picture on " + all[booted].id + ", which has its own driver"
		}
	}
	return all
}

func isFirmwareFB(fb detect.Framebuffer) bool {
	switch fb.Name {
	case "EFI VGA", "VESA VGA", "simple", "OFfb":
		return true
	}
	return strings.Contains(fb.Device, "-framebuffer.")
}
