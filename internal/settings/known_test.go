package settings_test

import (
	"testing"

	"attune/internal/settings"
)

func TestIsKey(t *testing.T) {
	for _, name := range settings.Names() {
		if !settings.IsKey(name) || !settings.IsKey("quirk.set."+name) {
			t.Errorf("%s is none", name)
		}
	}
	for place, want := range map[string]bool{
		"output.mode": true, "output.serial": true, "touch.output.vendor": true, "touch.output": true, "match.mac": true, "quirk.comment": true,
		"quirk.match.dmi.sys_vendor": true, "quirk.match.pci": true, "quirk.output.rotate": true, "quirk.touch.device": true,
		"wifi.psk": false, "psk": false, "output.psk": false, "keyboard.psk": false, "match.psk": false, "touch.output.psk": false, "quirk.set.psk": false, "quirk.psk": false, "quirk.match.psk": false, "quirk": false, "": false,
	} {
		if settings.IsKey(place) != want {
			t.Errorf("%s: %v", place, !want)
		}
	}
}
