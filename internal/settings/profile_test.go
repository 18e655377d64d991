package settings_test

import (
	"testing"

	"attune/internal/settings"
)

func TestProfiles(t *testing.T) {
	kiosk := "display.no-blank = true\ndisplay.dpi = 110\n"
	for _, row := range []struct {
		name    string
		files   []string
		cmdline string
		dpi     int
		noBlank bool
		warn    string
	}{
		{name: "not chosen", files: []string{"usr/lib/attune/profiles/kiosk.toml", kiosk}},
		{name: "by the image", files: []string{"usr/lib/attune/profiles/kiosk.toml", kiosk, "usr/lib/attune/a.toml", "profile = \"kiosk\""}, dpi: 110, noBlank: true},
		{name: "by the command line, against the image", files: []string{"usr/lib/attune/profiles/kiosk.toml", kiosk, "usr/lib/attune/profiles/lab.toml", "display.dpi = 120", "usr/lib/attune/a.toml", "profile = \"kiosk\""}, cmdline: "attune.profile=lab", dpi: 120},
		{name: "by a credential", files: []string{"usr/lib/attune/profiles/kiosk.toml", kiosk, "run/credentials/@system/attune.profile", "kiosk\n"}, dpi: 110, noBlank: true},
		{name: "two, the later counts more", files: []string{"usr/lib/attune/profiles/kiosk.toml", kiosk, "usr/lib/attune/profiles/lab.toml", "display.dpi = 120"}, cmdline: "attune.profile=kiosk,lab", dpi: 120, noBlank: true},
		{name: "the administrator's in place of the image's", files: []string{"usr/lib/attune/profiles/kiosk.toml", kiosk, "etc/attune/profiles/kiosk.toml", "display.dpi = 130"}, cmdline: "attune.profile=kiosk", dpi: 130},
		{name: "there is none", files: []string{"usr/lib/attune/profiles/kiosk.toml", kiosk}, cmdline: "attune.profile=kiosks", warn: `kernel command line: there is no profile "kiosks", is kiosk meant?`},
		{name: "switched off", files: []string{"usr/lib/attune/profiles/kiosk.toml", kiosk, "usr/lib/attune/a.toml", "profile = \"kiosk\""}, cmdline: "attune.profile="},
		{name: "none chooses another", files: []string{"usr/lib/attune/profiles/kiosk.toml", "profile = \"lab\"\n" + kiosk, "usr/lib/attune/profiles/lab.toml", "display.dpi = 120"}, cmdline: "attune.profile=kiosk", dpi: 110, noBlank: true, warn: "/usr/lib/attune/profiles/kiosk.toml:1: profile: a profile cannot choose a profile"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, errs := settings.Read(tree(row.files...), row.cmdline, settings.Machine{})
			if s.Preferences.DPI != row.dpi || s.Preferences.NoBlank != row.noBlank {
				t.Errorf("%+v", s.Preferences)
			}
			checkWarning(t, errs, row.warn)
		})
	}
}
