package failsafe

import (
	"slices"
	"testing"

	"attune/detect"
	"attune/detect/edid/timing"
	"attune/internal/xtest"
	"attune/xconfig"
)

func machine() (xconfig.Facts, xconfig.Preferences) {
	f := xtest.Card(xtest.Connected("HDMI-A-1", nil, "1920x1080"))
	f.Image = xconfig.Image{XServer: "/usr/lib/xorg/Xorg", Drivers: []string{"dummy", "fbdev", "modesetting", "vesa"}}
	return f, xconfig.Preferences{}
}

func keys(f Facts) (all []string) {
	for _, s := range f.Steps {
		all = append(all, s.Key())
	}
	return all
}

// A step which would tell X nothing else than one before is none, nor is a
// picture nobody sees.
func TestSteps(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*xconfig.Facts, *xconfig.Preferences)
		good   *Good
		want   []string
	}{
		{name: "nothing asked for", want: []string{"planned", "alone", "driver modesetting"}},
		{name: "an administrator's file", change: func(f *xconfig.Facts, _ *xconfig.Preferences) {
			f.Image.DropIns = map[string][]byte{"50-mine.conf": nil}
		}, want: []string{"planned", "own", "alone", "driver modesetting"}},
		{name: "a mode asked for", change: func(_ *xconfig.Facts, p *xconfig.Preferences) {
			p.Outputs = []xconfig.OutputRule{{Mode: "800x600"}}
		}, want: []string{"planned", "plain", "alone", "driver modesetting"}},
		{name: "a keyboard asked for, which X never stops over", change: func(_ *xconfig.Facts, p *xconfig.Preferences) {
			p.Keyboard.Layout = "de"
		}, want: []string{"planned", "alone", "driver modesetting"}},
		{name: "a picture with other settings before", good: &Good{Settings: "others", Files: map[string][]byte{"90-attune-output.conf": nil}},
			want: []string{"planned", "last-good", "alone", "driver modesetting"}},
		{name: "a picture with other settings, and no file", good: &Good{Settings: "others"}, want: []string{"planned", "alone", "driver modesetting"}},
		{name: "no X", change: func(f *xconfig.Facts, _ *xconfig.Preferences) { f.Image.XServer = "" }},
		{name: "nothing to show a picture with", change: func(f *xconfig.Facts, _ *xconfig.Preferences) {
			f.Machine, f.Graphics = detect.Inventory{}, detect.Graphics{}
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			f, p := machine()
			if row.change != nil {
				row.change(&f, &p)
			}
			if row.good != nil {
				now := FactsOf(f, p, nil, nil, "image")
				row.good.Hardware, row.good.Image = now.Hardware, now.Image
			}
			if got := keys(FactsOf(f, p, row.good, nil, "image")); !slices.Equal(got, row.want) {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

// A file X cannot read is covered first, and once.
func TestNote(t *testing.T) {
	f, p := machine()
	r := Record{Facts: FactsOf(f, p, nil, nil, "image")}
	for range 2 {
		r.Note(Broken{File: "/etc/X11/xorg.conf"})
	}
	again := FactsOf(f, p, nil, r.Broken, "image")
	want := []string{"planned", "covered", "alone", "driver modesetting"}
	if !slices.Equal(keys(r.Facts), want) || !slices.Equal(keys(again), want) || len(r.Broken) != 1 {
		t.Errorf("%q, %q, %+v", keys(r.Facts), keys(again), r.Broken)
	}
}

// What begins the ladder anew, and what must not.
func TestDigests(t *testing.T) {
	type change struct{ hardware, image, settings bool }
	for _, row := range []struct {
		name string
		do   func(*xconfig.Facts, *xconfig.Preferences, *string)
		want change
	}{
		{name: "nothing", do: func(*xconfig.Facts, *xconfig.Preferences, *string) {}},
		{name: "a display is pulled", do: func(f *xconfig.Facts, _ *xconfig.Preferences, _ *string) {
			f.Graphics.Cards[0].Connectors[0].Status = "disconnected"
		}},
		{name: "a stick is plugged", do: func(f *xconfig.Facts, _ *xconfig.Preferences, _ *string) {
			f.Machine.Devices = append(f.Machine.Devices, detect.Device{Path: "devices/usb1/1-1", Subsystem: "usb"})
		}},
		{name: "a line of a settings file moved", do: func(_ *xconfig.Facts, p *xconfig.Preferences, _ *string) {
			p.Sources = map[string]string{"display.mirror": "/etc/attune/x.toml:9"}
		}},
		{name: "the ladder's own doing", do: func(f *xconfig.Facts, p *xconfig.Preferences, _ *string) {
			p.Fallback, f.Image.Reach = xconfig.Fallback{Step: "own"}, xconfig.Reach{How: "mount"}
		}},
		{name: "a second GPU", do: func(f *xconfig.Facts, _ *xconfig.Preferences, _ *string) {
			f.Machine.Devices = append(f.Machine.Devices, detect.Device{Path: "devices/pci0000:00/0000:01:00.0", Subsystem: "pci", Class: 0x030000})
		}, want: change{hardware: true}},
		{name: "a driver that came late", do: func(f *xconfig.Facts, _ *xconfig.Preferences, _ *string) { f.Graphics.Cards[0].Driver = "other" }, want: change{hardware: true}},
		{name: "another machine", do: func(f *xconfig.Facts, _ *xconfig.Preferences, _ *string) { f.Machine.DMI.ProductName = "other" }, want: change{hardware: true}},
		{name: "an X driver more", do: func(f *xconfig.Facts, _ *xconfig.Preferences, _ *string) {
			f.Image.Drivers = append(f.Image.Drivers, "vmware")
		}, want: change{image: true}},
		{name: "another release", do: func(_ *xconfig.Facts, _ *xconfig.Preferences, image *string) { *image = "new" }, want: change{image: true}},
		{name: "a mode asked for", do: func(_ *xconfig.Facts, p *xconfig.Preferences, _ *string) {
			p.Outputs = []xconfig.OutputRule{{Mode: timing.Mode{HActive: 800}.String()}}
		}, want: change{settings: true}},
		{name: "the administrator's file corrected", do: func(f *xconfig.Facts, _ *xconfig.Preferences, _ *string) {
			f.Image.DropIns = map[string][]byte{"50-mine.conf": []byte("# better")}
		}, want: change{settings: true}},
	} {
		t.Run(row.name, func(t *testing.T) {
			f, p := machine()
			image := "old"
			before := FactsOf(f, p, nil, nil, image)
			row.do(&f, &p, &image)
			now := FactsOf(f, p, nil, nil, image)
			got := change{before.Hardware != now.Hardware, before.Image != now.Image, before.Settings != now.Settings}
			if got != row.want {
				t.Errorf("%+v, want %+v", got, row.want)
			}
		})
	}
}
