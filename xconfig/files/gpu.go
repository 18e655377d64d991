package files

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"attune/detect/edid/timing"
	"attune/xconfig"
	"attune/xconfig/xorgconf"
)

// cards are what X has to be told of graphics cards. Classes are preferred: a
// Device section with a driver would be taken by any other X server that reads
// the same directory (xrdp's, a nested one), a class only by one that has such a
// card.
func (w *writer) cards() []xorgconf.Section {
	g := w.display.GPU
	switch {
	case g.Headless, g.Driver == "dummy":
		return w.headless()
	case g.Driver != "" || needsBusID(g):
		return w.device()
	case g.Primary:
		// A class without a driver stops Xorg 21.1: it looks for one of no name.
		w.note(g.Card, "X is not told to take this card: no driver for it is known")
	}
	return nil
}

// needsBusID: two cards have one driver, and only their places tell them
// apart.
func needsBusID(g xconfig.GPUPlan) bool {
	return g.Primary && len(g.Ladder) > 0 && g.Ladder[0].BusID != ""
}

// device names driver or place where X would find none, or the wrong one.
func (w *writer) device() []xorgconf.Section {
	g := w.display.GPU
	if g.Driver != "" && !slices.Contains(w.image.Drivers, g.Driver) {
		w.note(g.Card, "X driver %s is not in this image: X would not start if it were named", g.Driver)
		return nil
	}
	if kms[g.Driver] && g.Kernel != "" && !needsBusID(g) {
		return []xorgconf.Section{classOf(g, w.image).Section()}
	}
	d := xorgconf.Device{Name: "attune", Driver: g.Driver, Why: g.Why}
	if len(g.Ladder) > 0 && g.Ladder[0].Driver == g.Driver || needsBusID(g) {
		d.BusID, d.Why = g.Ladder[0].BusID, g.Ladder[0].Why
	}
	w.note(outputFile, "names a device: an X server of another kind which reads the same directory without a device of its own would take it too")
	if g.Driver == "nvidia" && g.Kernel != "" {
		// A device has no ModulePath. The class is for every NVIDIA card, the device for this one.
		g.Primary = false
		return []xorgconf.Section{classOf(g, w.image).Section(), d.Section()}
	}
	return []xorgconf.Section{d.Section()}
}

// kms are the X drivers that X starts by class, on a card of the kernel's.
var kms = map[string]bool{"modesetting": true, "nvidia": true, "amdgpu": true, "radeon": true, "nouveau": true, "intel": true}

func classOf(g xconfig.GPUPlan, im xconfig.Image) xorgconf.OutputClass {
	c := xorgconf.OutputClass{Name: "attune: " + plain(g.Driver), Why: g.Why, MatchDriver: g.Kernel, Driver: g.Driver}
	if g.Driver == "nvidia" {
		c.ModulePath = im.NvidiaPaths // X puts them before its own
		c.Options = append(c.Options, xorgconf.Option{Name: "AllowEmptyInitialConfiguration", Value: "true",
			Why: "start even while no display is connected to this card"})
	}
	if g.Primary {
		c.Options = append(c.Options, xorgconf.Option{Name: "PrimaryGPU", Value: "yes", Why: "X would take another card"})
	}
	return c
}

// headless is a picture in memory, for those who look at it from afar. It
// needs a whole screen, as the dummy driver has no outputs to be told of.
func (w *writer) headless() []xorgconf.Section {
	width, height, ok := headlessSize(w.display)
	switch {
	case !ok:
		w.note("headless", "no picture: %dx%d is no size for one", width, height)
		return nil
	case !slices.Contains(w.image.Drivers, "dummy"):
		w.note("headless", "no picture: the X driver dummy is not in this image")
		return nil
	}
	why := w.display.GPU.Why
	m := xorgconf.Monitor{Name: "attune-headless", Why: why}
	mode, err := inMemory(width, height)
	if err != nil {
		w.note("headless", "no picture: %v", err)
		return nil
	}
	m.Modelines = []xorgconf.Modeline{{Name: modeName(mode), Mode: mode, Why: "the one size this picture has"}}
	m.HorizSync, m.VertRefresh = [2]int{1, 10000}, [2]int{1, 1000} // else the driver takes no mode above 1024x768
	w.note(outputFile, "has a screen in memory: another X server which reads the same directory would take it too")
	return []xorgconf.Section{
		m.Section(),
		xorgconf.Device{Name: "attune-headless", Driver: "dummy", VideoRAM: max(16384, mode.HActive*mode.VActive*4/1024+1024), Why: why}.Section(),
		xorgconf.Screen{Name: "attune-headless", Device: "attune-headless", Monitor: "attune-headless", Depth: 24,
			Width: mode.HActive, Height: mode.VActive, Mode: modeName(mode)}.Section(),
	}
}

// maxDummyClock is the highest pixel clock the dummy driver takes, in Hz, as if
// a display were there.
const maxDummyClock = 300e6

// inMemory is a timing for a picture that is sent nowhere: the rate is of no
// account but that X has to take it.
func inMemory(width, height int) (mode timing.Mode, err error) {
	for _, rate := range []float64{60, 30, 15, 8, 4, 2, 1} {
		mode, err = timing.CVT(timing.CVTInput{Width: width, Height: height, Rate: rate})
		if err == nil && mode.Clock < maxDummyClock {
			return mode, nil
		}
	}
	return mode, fmt.Errorf("no timing the dummy driver takes is %d x %d large: %v", width, height, err)
}

// headlessSize is the size of the desktop that was planned.
func headlessSize(d xconfig.DisplayPlan) (w, h int, ok bool) {
	w, h = d.Width, d.Height
	if w == 0 && h == 0 {
		w, h = sizeOf(d.Default)
	}
	if w == 0 && h == 0 {
		w, h = 1024, 768
	}
	return w, h, w >= 64 && h >= 64 && w <= maxHeadless && h <= maxHeadless
}

// maxHeadless is the widest picture the dummy driver makes.
const maxHeadless = 32767

// sizeOf reads "1920x1080".
func sizeOf(mode string) (w, h int) {
	a, b, _ := strings.Cut(mode, "x")
	w, errW := strconv.Atoi(a)
	h, errH := strconv.Atoi(b)
	if errW != nil || errH != nil {
		return 0, 0
	}
	return w, h
}
