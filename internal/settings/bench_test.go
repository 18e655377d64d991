package settings_test

import (
	"fmt"
	"testing"

	"attune/internal/settings"
)

// A school's image has a file for each of its machines.
func BenchmarkManyMachines(b *testing.B) {
	var files []string
	for i := range 600 {
		files = append(files, fmt.Sprintf("lab%03d", i), fmt.Sprintf("[match]\nmac = \"00:11:22:33:%02x:%02x\"\n[keyboard]\nlayout = \"de\"\n", i>>8, i&0xff))
	}
	root := in(lab(files...), "00:11:22:33:01:02", uuidA)
	for b.Loop() {
		if s, _ := settings.Read(root, "", settings.Machine{}); s.Preferences.Keyboard.Layout != "de" {
			b.Fatal("not found")
		}
	}
}

func BenchmarkNothing(b *testing.B) {
	for b.Loop() {
		settings.Read(tree(), "", settings.Machine{})
	}
}
