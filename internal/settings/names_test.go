package settings_test

import (
	"fmt"
	"strings"
	"testing"

	"attune/internal/settings"
)

// A value that can do nothing is told where it stands, before a boot finds out.
func TestWrongNames(t *testing.T) {
	for _, row := range []struct{ line, want string }{
		{`display.gpu = "foo"`, "want auto, integrated, discrete, external or pci-ADDRESS"},
		{`display.gpu = "Discrete"`, ""},
		{`display.gpu = "pci-0000:01:00.0"`, ""},
		{`display.gpu = "platform-simple-framebuffer.0"`, ""},
		{`display.primary = "x y"`, "want a connector, or internal"},
		{`display.primary = "colour=red"`, "want a connector, or internal"},
		{`display.primary = "HDMI-A-*"`, ""},
		{`display.primary = "vendor=DEL, name=DELL U2415"`, ""},
		{`display.primary = "largest"`, ""},
		{`modules.deny = "a/b,../c"`, "want names of letters"},
		{`modules.deny = ["pcspkr", "../c"]`, "want names of letters"},
		{`modules.deny = ["-snd-hda-intel"]`, ""},
		{`modules.load = "*"`, "want names of letters"},
		{`modules.load = "foo;"`, "want names of letters"},
		{`modules.load = ["sg", "pci:v00001234d*", "dmi:*svnLENOVO ThinkPad*", "net-pf-10", "of:N*T*Cbrcm,bcm2835-hdmi"]`, "want names"}, // a blank
		{`modules.load = ["sg", "pci:v00001234d*", "net-pf-10", "of:N*T*Cbrcm,bcm2835-hdmi"]`, ""},
		{`boot.skip = ["nosuchbus"]`, "there is no such bus"},
		{`boot.skip = "acpy"`, "there is no such bus, is acpi meant?"},
		{`boot.skip = ["pci", "-usb", "acpi"]`, ""},
	} {
		t.Run(row.line, func(t *testing.T) {
			s, errs := settings.Read(tree("etc/attune/a.toml", row.line), "", settings.Machine{})
			checkWarning(t, errs, row.want)
			if set := len(s.InForce()) == 1; set != (row.want == "") {
				t.Errorf("set: %v", set)
			}
			key, value, _ := strings.Cut(row.line, " = ")
			if strings.HasPrefix(value, `"`) { // the same in a word
				_, errs := settings.Read(tree(), fmt.Sprintf(`attune.%s=%s`, key, value), settings.Machine{})
				checkWarning(t, errs, row.want)
			}
		})
	}
}

// TOML has types; a text that looks like another one is a mistake there, and
// all there is on the kernel command line and in a credential.
func TestTypes(t *testing.T) {
	for _, row := range []struct{ key, value, want, shown string }{
		{"display.scale", "2", "want a number", "2"},
		{"display.dpi", "120", "want a whole number", "120"},
		{"display.no-blank", "on", "want true or false", "true"},
		{"display.mirror", "yes", "want true or false", "true"},
		{"display.mirror", "0", "want true or false", "false"},
		{"mouse.left-handed", "true", "want true or false", "true"},
		{"mouse.speed", "0.5", "want a number", "0.5"},
	} {
		t.Run(row.key+" "+row.value, func(t *testing.T) {
			s, errs := settings.Read(tree("etc/attune/a.toml", fmt.Sprintf("%s = %q", row.key, row.value)), "", settings.Machine{})
			checkWarning(t, errs, fmt.Sprintf("/etc/attune/a.toml:1: %s = %q: %s", row.key, row.value, row.want))
			if len(s.InForce()) > 0 {
				t.Error("it counts")
			}
			for source, read := range map[string]func() (settings.Settings, []error){
				"word": func() (settings.Settings, []error) {
					return settings.Read(tree(), "attune."+row.key+"="+row.value, settings.Machine{})
				},
				"credential": func() (settings.Settings, []error) {
					return settings.Read(tree("run/credentials/@system/attune."+row.key, row.value+"\n"), "", settings.Machine{})
				},
			} {
				s, errs := read()
				if e, _ := s.Explain(row.key); len(errs) > 0 || e.Value != row.shown {
					t.Errorf("%s: %q, %v", source, e.Value, errs)
				}
			}
		})
	}
}

// A word alone means yes and says so; behind -- words are init's.
func TestBareWords(t *testing.T) {
	s, errs := settings.Read(tree(), "quiet attune.display.mirror -- attune.display.dpi=120 attune.display.no-blank", settings.Machine{})
	e, _ := s.Explain("display.mirror")
	if len(errs) > 0 || e.Value != "true" || e.Winner[0].Value != "true" || !s.Preferences.Mirror {
		t.Errorf("%+v, %v", e, errs)
	}
	if s.Preferences.DPI != 0 || s.Preferences.NoBlank {
		t.Error("a word for init counts")
	}
}

// Some editors begin each file with a mark that it is UTF-8.
func TestByteOrderMark(t *testing.T) {
	s, errs := settings.Read(tree("etc/attune/a.toml", "\ufeff[display]\ndpi = 120\n"), "", settings.Machine{})
	if e, _ := s.Explain("display.dpi"); len(errs) > 0 || e.Value != "120" || e.Winner[0].Source != "/etc/attune/a.toml:2" {
		t.Errorf("%+v, %v", e, errs)
	}
}
