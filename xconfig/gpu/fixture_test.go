package gpu_test

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"attune/detect"
	"attune/internal/xtest"
	"attune/xconfig"
	"attune/xconfig/gpu"
)

// A gpuFixture is one machine of testdata. The archive's comment says what
// machine it is and why it is kept; README there has the words of its sections.
type gpuFixture struct {
	facts xconfig.Facts
	prefs xconfig.Preferences
}

func readGPUFixture(t testing.TB, a *txtar.Archive) (fx gpuFixture) {
	t.Helper()
	fx.facts.Image = xtest.Debian12
	for _, section := range a.Files {
		var read func([]string) error
		switch section.Name {
		case "machine":
			read = fx.machine
		case "image":
			read = fx.image
		case "preferences":
			read = fx.preference
		default:
			continue
		}
		for line := range strings.Lines(string(section.Data)) {
			line, _, _ = strings.Cut(line, "#")
			if words := strings.Fields(line); len(words) > 0 {
				if err := read(words); err != nil {
					t.Fatalf("section %s: %q: %v", section.Name, strings.TrimSpace(line), err)
				}
			}
		}
	}
	return fx
}

func (fx *gpuFixture) machine(w []string) error {
	inv, g := &fx.facts.Machine, &fx.facts.Graphics
	switch w[0] {
	case "pci": // ADDRESS/ADDRESS VENDOR:PRODUCT CLASS DRIVER [boot]
		d := detect.Device{Path: "devices/pci0000:00/" + w[1], Subsystem: "pci", BootVGA: len(w) > 5 && w[5] == "boot"}
		if _, err := fmt.Sscanf(w[2]+" "+w[3], "%x:%x %x", &d.Vendor, &d.Product, &d.Class); err != nil {
			return err
		}
		d.Driver = strings.TrimPrefix(w[4], "-")
		inv.Devices = append(inv.Devices, d)
	case "platform", "usb": // PATH DRIVER
		d := detect.Device{Path: "devices/" + w[1], Subsystem: w[0], Driver: w[2]}
		inv.Devices = append(inv.Devices, d)
	case "card": // NUMBER [firmware] [external] [CONNECTOR STATE]...
		c, err := cardOf(inv.Devices[len(inv.Devices)-1], w[1:])
		if err != nil {
			return err
		}
		g.Cards = append(g.Cards, c)
	case "fb": // NUMBER DEVICE NAME
		g.Framebuffers = append(g.Framebuffers, detect.Framebuffer{Node: "fb" + w[1], Device: "devices/" + w[2], Name: strings.Join(w[3:], " "), Size: "1024,768"})
	case "module":
		inv.Modules = append(inv.Modules, detect.Module{Name: w[1], InitState: "live"})
	default:
		return fmt.Errorf("unknown word %q", w[0])
	}
	return nil
}

// cardOf makes the card of the device before it.
func cardOf(d detect.Device, w []string) (detect.Card, error) {
	c := detect.Card{ID: d.Subsystem + "-" + path.Base(d.Path), Device: d.Path, Node: "dri/card" + w[0], Driver: d.Driver,
		Vendor: d.Vendor, Product: d.Product, Class: d.Class, BootVGA: d.BootVGA}
	if _, err := strconv.Atoi(w[0]); err != nil {
		return c, err
	}
	for w = w[1:]; len(w) > 0; w = w[1:] {
		switch {
		case w[0] == "firmware":
			c.Firmware = true
		case w[0] == "external":
			c.External = true
		case len(w) < 2:
			return c, fmt.Errorf("connector %s without a state", w[0])
		default:
			con := detect.Connector{Name: w[0], Type: w[0][:strings.LastIndexByte(w[0], '-')], Object: uint32(100 + len(c.Connectors))}
			if err := setState(&con, w[1]); err != nil {
				return c, err
			}
			c.Connectors = append(c.Connectors, con)
			w = w[1:]
		}
	}
	return c, nil
}

func setState(c *detect.Connector, state string) error {
	c.Status = "connected"
	switch state {
	case "on": // a display that says what it is
		c.EDID, c.Modes = xtest.HD24.Bytes(), []string{"1920x1080", "1280x720"}
	case "panel":
		c.EDID, c.Modes, c.Internal, c.InternalWhy = xtest.Panel.Bytes(), []string{"1920x1080"}, true, "connector type "+c.Type
	case "mute": // something that says nothing
		c.Modes = []string{"1024x768"}
	case "vr":
		c.EDID, c.NonDesktop = xtest.HD24.Bytes(), true
	case "off":
		c.Status = "disconnected"
	case "unknown":
		c.Status = "unknown"
	default:
		return fmt.Errorf("unknown state %q", state)
	}
	return nil
}

func (fx *gpuFixture) image(w []string) error {
	im := &fx.facts.Image
	switch w[0] {
	case "drivers":
		im.Drivers = w[1:]
	case "no-x":
		*im = xconfig.Image{}
	case "nvidia-path":
		im.NvidiaPaths = w[1:]
	case "conf":
		im.ConfFiles = w[1:]
	default:
		return fmt.Errorf("unknown word %q", w[0])
	}
	return nil
}

func (fx *gpuFixture) preference(w []string) error {
	switch w[0] {
	case "gpu":
		fx.prefs.GPU = w[1]
	case "driver":
		fx.prefs.Driver = w[1]
	case "headless":
		fx.prefs.Headless = w[1]
	default:
		return fmt.Errorf("unknown word %q", w[0])
	}
	return nil
}

// want is the decision as the fixtures have it: a line per fact. "x" lines say
// how X will have a card, its driver and its place, "output" lines what it will
// call the outputs.
func (fx gpuFixture) want() string {
	var b strings.Builder
	line := func(key, format string, args ...any) {
		text := fmt.Sprintf("%-9s"+format, append([]any{key}, args...)...)
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	g, notes := gpu.Plan(fx.facts, fx.prefs)
	line("kind", "%s", g.Kind)
	line("card", "%s", dash(g.Card))
	line("device", "%s", dash(g.Device))
	line("why", "%s", g.Why)
	line("driver", "%s", dash(g.Driver))
	line("primary", "%v", g.Primary)
	line("offload", "%s", dash(strings.Join(g.Offload, " ")))
	for _, r := range g.Ladder {
		line("rung", "%-12s %-12s %s", r.Driver, dash(r.BusID), r.Why)
	}
	cards := gpu.XCards(fx.facts, g)
	for _, c := range fx.facts.Graphics.Cards {
		x, ok := cards[c.ID]
		if !ok {
			continue
		}
		line("x", "%d %-12s %s", x.Rank, dash(x.Driver), c.ID)
		for _, con := range c.Connectors {
			name, _ := gpu.XName(x.Driver, x.Rank, c.Connectors, con.Name)
			line("output", "%-10s %s", con.Name, dash(name))
		}
	}
	for _, n := range notes {
		line("note", "%s: %s", n.Subject, n.Text)
	}
	return b.String()
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
