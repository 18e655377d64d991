package settings_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/internal/settings"
	"attune/xconfig"
)

// Words live systems know count as much as the command line, and less than our
// own on it.
func TestLiveConfig(t *testing.T) {
	for _, row := range []struct {
		name, cmdline string
		want          xconfig.Keyboard
		driver, mode  string
		source        string
		warn          string
	}{
		{name: "a live system's line", cmdline: "boot=live components keyboard-layouts=de,us keyboard-variants=nodeadkeys, keyboard-model=pc105 keyboard-options=grp:alt_shift_toggle",
			want: xconfig.Keyboard{Layout: "de,us", Variant: "nodeadkeys,", Model: "pc105", Options: "grp:alt_shift_toggle"}, source: "kernel command line, keyboard-layouts"},
		{name: "with its name before", cmdline: "live-config.keyboard-layouts=fr live-config.xorg-driver=vesa", want: xconfig.Keyboard{Layout: "fr"}, driver: "vesa", source: "kernel command line, live-config.keyboard-layouts"},
		{name: "ours wins, wherever it stands, and the variant belongs to the other layout", cmdline: "attune.keyboard.layout=se keyboard-layouts=de keyboard-variants=nodeadkeys", want: xconfig.Keyboard{Layout: "se"}, source: "kernel command line"},
		{name: "it beats a file", cmdline: "keyboard-layouts=fr", want: xconfig.Keyboard{Layout: "fr"}, source: "kernel command line, keyboard-layouts"},
		{name: "resolution and driver", cmdline: "xorg-resolution=1280x1024 xorg-driver=fbdev", want: xconfig.Keyboard{Layout: "gb"}, driver: "fbdev", mode: "1280x1024", source: "/etc/attune/a.toml:1"},
		{name: "no resolution", cmdline: "xorg-resolution=big", want: xconfig.Keyboard{Layout: "gb"}, source: "/etc/attune/a.toml:1", warn: `kernel command line, xorg-resolution: "big": want WIDTHxHEIGHT`},
		{name: "empty says nothing", cmdline: "keyboard-layouts= xorg-driver=", want: xconfig.Keyboard{Layout: "gb"}, source: "/etc/attune/a.toml:1"},
		{name: "what is for init", cmdline: "quiet -- keyboard-layouts=fr", want: xconfig.Keyboard{Layout: "gb"}, source: "/etc/attune/a.toml:1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, errs := settings.Read(tree("etc/attune/a.toml", "keyboard.layout = \"gb\""), row.cmdline, settings.Machine{})
			p := s.Preferences
			if p.Keyboard != row.want || p.Driver != row.driver || p.Sources["keyboard.layout"] != row.source {
				t.Errorf("%+v", p)
			}
			if len(p.Outputs) > 0 != (row.mode != "") || row.mode != "" && (p.Outputs[0].Mode != row.mode || p.Outputs[0].Match.Role != "any") {
				t.Errorf("%+v", p.Outputs)
			}
			checkWarning(t, errs, row.warn)
		})
	}
}

// What a boot has to know early, by words that have always been there and by
// files.
func TestBoot(t *testing.T) {
	root := tree("etc/attune/a.toml", "modules.deny = [\"nouveau\", \"snd-hda-intel\"]\nmodules.load = \"pci:v00001234d*\"\nboot.skip = [\"usb\"]\nboot.deadline = \"1m\"\n")
	s, errs := settings.Read(root, "attune.deny=-nouveau,pcspkr attune.load=sg attune.skip=acpi attune.deadline=20s attune.modules.deny=floppy", settings.Machine{})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	want := settings.Boot{
		Deny:     []settings.Named{{"snd_hda_intel", "/etc/attune/a.toml:1"}, {"pcspkr", "attune.deny=-nouveau,pcspkr"}, {"floppy", "attune.modules.deny=floppy"}},
		Load:     []settings.Named{{"pci:v00001234d*", "/etc/attune/a.toml:2"}, {"sg", "attune.load=sg"}},
		Skip:     []settings.Named{{"usb", "/etc/attune/a.toml:3"}, {"acpi", "attune.skip=acpi"}},
		Deadline: 20 * time.Second,
	}
	if d := cmp.Diff(want, s.Boot); d != "" {
		t.Error(d)
	}
	for _, wrong := range []string{"boot.deadline = \"soon\"", "boot.deadline = -5", "boot.deadline = \"10h\"", "modules.deny = 5", "modules.deny = [5]", "modules.deny = [\"a b\"]", "boot.skip = [\"a\\tb\"]"} {
		s, errs := settings.Read(tree("etc/attune/a.toml", wrong), "", settings.Machine{})
		if len(errs) != 1 || len(s.InForce()) > 0 {
			t.Errorf("%s: %v, %v", wrong, errs, s.InForce())
		}
	}
}
