package detect_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"attune/detect"
	"attune/fixtures"
	"attune/internal/corpus"
	"attune/internal/rootfs"
)

// seat opens one of the machines written for their displays and input devices.
func seat(t testing.TB, name string) (fs.FS, detect.Inventory) {
	t.Helper()
	tree, _, err := fixtures.LoadFile("../fixtures/seats/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	return tree, inventory(t, tree)
}

// told says of cards and connectors what is not as on any other, one a line.
func told(g detect.Graphics) string {
	var b strings.Builder
	for _, c := range g.Cards {
		fmt.Fprintf(&b, "%s %s %04x:%04x %s%s\n", c.ID, c.Driver, c.Vendor, c.Product, c.Node, flags("boot_vga", c.BootVGA, "firmware", c.Firmware, "external", c.External))
		for _, o := range c.Connectors {
			fmt.Fprintf(&b, "  %s %s edid %d modes %d%s %s %s %s %s\n", o.Name, o.Status, len(o.EDID), len(o.Modes),
				flags("enabled", o.Enabled, "internal", o.Internal, "non-desktop", o.NonDesktop, "link-bad", o.LinkBad), o.InternalWhy, o.Orientation, o.MSTPath, o.Tile)
		}
	}
	return tidy(b.String())
}

func toldInputs(all []detect.Input) string {
	var b strings.Builder
	for _, in := range all {
		size := ""
		if in.WidthMM > 0 {
			size = fmt.Sprintf("%dx%d", in.WidthMM, in.HeightMM)
		}
		country := ""
		if in.HIDCountry > 0 {
			country = fmt.Sprint("country ", in.HIDCountry)
		}
		fmt.Fprintf(&b, "%s: %s by %s%s %s %s %s %s %s\n", in.Name, words(in.Kinds), in.KindsWhy,
			flags("direct", in.Direct, "internal", in.Internal, "apple-iso", in.AppleISO), size, in.TouchpadBits, in.XKBLayout, country, in.Ignored)
	}
	return tidy(b.String())
}

func flags(pairs ...any) string {
	text := ""
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1].(bool) {
			text += " " + pair[0].(string)
		}
	}
	return text
}

// tidy takes off what empty words left behind.
func tidy(text string) string {
	var b strings.Builder
	for l := range strings.Lines(text) {
		indent := l[:len(l)-len(strings.TrimLeft(l, " "))]
		b.WriteString(indent + strings.Join(strings.Fields(l), " ") + "\n")
	}
	return b.String()
}

func TestSeats(t *testing.T) {
	for _, row := range []struct{ name, cards, inputs string }{
		{"laptop-hdmi", `
pci-0000:00:02.0 i915 8086:9a49 dri/card1 boot_vga
  eDP-1 connected edid 128 modes 1 enabled internal connector type eDP
  DP-1 disconnected edid 0 modes 0
  HDMI-A-1 connected edid 128 modes 3 link-bad
  DP-2 disconnected edid 0 modes 0
`, `
Power Button: key by capabilities
Lid Switch: switch by capabilities
ELAN0650:01 04F3:304B Touchpad: touchpad by capabilities internal 103x60 buttonpad
sof-hda-dsp HDMI/DP,pcm=3: switch by capabilities switches alone, such as a jack's plug
AT Translated Set 2 keyboard: keyboard by capabilities internal
TPPS/2 Elan TrackPoint: mouse pointingstick by capabilities internal
`},
		{"tablet-turned", `
pci-0000:00:02.0 i915 8086:22b0 dri/card0 boot_vga
  DSI-1 connected edid 0 modes 1 enabled internal connector type DSI Right Side Up
  HDMI-A-1 disconnected edid 0 modes 0
  DP-1 disconnected edid 0 modes 0
`, `
Power Button: key by udev
Lid Switch: switch by udev
GDIX1001:00 27C6:0113: touchscreen by udev direct internal 114x182
KIOX010A accelerometer: accelerometer by udev internal accelerometer: says how the machine is held, moves no pointer
Wireless Keyboard: keyboard by udev apple-iso de country 13
`},
		{"laptop-gpus", `
pci-0000:00:02.0 i915 8086:3e9b dri/card2 boot_vga
  eDP-1 connected edid 128 modes 1 enabled internal connector type eDP
pci-0000:01:00.0 nouveau 10de:1f91 dri/card0
  DP-1 disconnected edid 0 modes 0
  HDMI-A-1 connected edid 128 modes 1
pci-0000:08:00.0 amdgpu 1002:67df dri/card1 external
  DP-2 connected edid 128 modes 1 non-desktop
  DP-3 connected edid 0 modes 1 mst:80-1 1:1:2:1:0:0:1920:1080
`, `
Metrologic Metrologic Scanner: barcode-scanner keyboard by capabilities
Dell KB216 Wired Keyboard: keyboard by capabilities country 33
Wacom Pen and multitouch sensor Finger: touchscreen by capabilities direct internal
Microsoft X-Box 360 pad: joystick by capabilities joystick: games read it themselves
Mag-Tek USB Swipe Reader: card-reader keyboard by capabilities
`},
		{"laptop-nomodeset", `
platform-simple-framebuffer.0 simple-framebuffer 0000:0000 dri/card0 firmware
  Unknown-1 connected edid 0 modes 1 enabled internal the firmware's display of a machine with chassis type notebook
`, `
Power Button: key by udev
Lid Switch: switch by udev
AT Translated Set 2 keyboard: keyboard by udev internal
`},
	} {
		t.Run(row.name, func(t *testing.T) {
			root, inv := seat(t, row.name)
			g := detect.ScanGraphics(root, inv, detect.NodesOf(root))
			inputs, problems := detect.ScanInputs(root, detect.NodesOf(root))
			if got := "\n" + told(g); got != row.cards {
				t.Errorf("cards:%s\nwanted:%s", got, row.cards)
			}
			if got := "\n" + toldInputs(inputs); got != row.inputs {
				t.Errorf("inputs:%s\nwanted:%s", got, row.inputs)
			}
			if len(g.Problems)+len(problems) > 0 {
				t.Errorf("problems: %v %v", g.Problems, problems)
			}
		})
	}
}

// Cards have the same identity whether or not udev has run.
func TestCardIDWithoutUdev(t *testing.T) {
	for _, name := range []string{"laptop-hdmi", "tablet-turned", "laptop-gpus", "laptop-nomodeset"} {
		root, inv := seat(t, name)
		with, without := detect.ScanGraphics(root, inv, nil), detect.ScanGraphics(withoutUdev{root}, inv, nil)
		for i := range with.Cards {
			if a, b := with.Cards[i].ID, without.Cards[i].ID; a != b {
				t.Errorf("%s: %q with udev, %q without", name, a, b)
			}
		}
	}
}

// What the inventory left out, or came after it, is read where it is needed.
func TestGraphicsWithoutInventory(t *testing.T) {
	root, inv := seat(t, "laptop-gpus")
	with, without := told(detect.ScanGraphics(root, inv, nil)), told(detect.ScanGraphics(root, detect.Inventory{}, nil))
	// Which bridge is a Thunderbolt controller's, only an inventory tells.
	if without != strings.Replace(with, " external", "", 1) {
		t.Errorf("with an inventory:\n%s\nwithout:\n%s", with, without)
	}
}

// Two scans of one machine are equal to the byte.
func TestSeatsTwice(t *testing.T) {
	root, inv := seat(t, "laptop-gpus")
	for range 5 {
		a, b := detect.ScanGraphics(root, inv, detect.NodesOf(root)), detect.ScanGraphics(root, inv, detect.NodesOf(root))
		x, _ := detect.ScanInputs(root, nil)
		y, _ := detect.ScanInputs(root, nil)
		if fmt.Sprint(a) != fmt.Sprint(b) || fmt.Sprint(x) != fmt.Sprint(y) {
			t.Fatal("two scans differ")
		}
	}
}

func BenchmarkSeat(b *testing.B) {
	root, inv := seat(b, "laptop-gpus")
	for b.Loop() {
		detect.ScanGraphics(root, inv, detect.NodesOf(root))
		detect.ScanInputs(root, detect.NodesOf(root))
	}
}

// BenchmarkDirectory reads the machine of the corpus with the most input
// devices (27, each seen twice by udev) with system calls, as a live one.
func BenchmarkDirectory(b *testing.B) {
	tree, _, err := fixtures.LoadFile(filepath.Join(corpus.Dir(b), "udevadm/CAPTURE_METADATA_2.txt.xz"))
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	if err := fixtures.Unpack(tree, dir); err != nil {
		b.Fatal(err)
	}
	r, err := rootfs.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	inv := inventory(b, r.FS)
	b.ResetTimer()
	for b.Loop() {
		g := detect.ScanGraphics(r.FS, inv, nil)
		in, _ := detect.ScanInputs(r.FS, nil)
		b.ReportMetric(float64(len(in)), "inputs")
		b.ReportMetric(float64(len(g.Cards)), "cards")
	}
}
