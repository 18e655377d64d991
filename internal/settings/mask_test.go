package settings_test

import (
	"os"
	"path/filepath"
	"testing"

	"attune/internal/settings"
)

// /usr/lib < /run < /etc: of one name the later directory's is read alone, in
// each of the places files can be; who asks is told of the others.
func TestMasking(t *testing.T) {
	w := func(sub, prefix string) {
		t.Run("in "+sub, func(t *testing.T) {
			at := func(dir string) string { return filepath.Join(dir, "attune", sub, "a.toml") }
			say := func(n string) string { return prefix + "display.dpi = " + n + "\n" }
			root := tree(at("usr/lib"), say("101"), at("run"), say("102"), at("etc"), say("103"))
			if sub == "profiles" {
				root["usr/lib/attune/vendor.d/zz.toml"] = file("profile = \"a\"")
			}
			for _, step := range []struct {
				gone string
				want int
			}{{"", 103}, {at("etc"), 102}, {at("run"), 101}} {
				delete(root, step.gone)
				s, errs := settings.Read(root, "", laptop)
				if s.Preferences.DPI != step.want || len(errs) > 0 {
					t.Errorf("without %s: %d, %v", step.gone, s.Preferences.DPI, errs)
				}
				e, _ := s.Explain("display.dpi")
				if len(e.Lost) != step.want-101 || len(e.Masked) != step.want-101 {
					t.Errorf("without %s: %+v", step.gone, e)
				}
				for _, l := range e.Lost {
					if want := "masked by " + e.Winner[0].Source[:len(e.Winner[0].Source)-2]; l.Lost != want {
						t.Errorf("%s: %s, want %s", l.Source, l.Lost, want)
					}
				}
			}
			root[at("etc")] = file("")
			if s, errs := settings.Read(root, "", laptop); s.Preferences.DPI != 0 || len(errs) > 0 {
				t.Errorf("an empty file masks nothing: %d, %v", s.Preferences.DPI, errs)
			}
		})
	}
	w("", "")
	w("vendor.d", "")
	w("profiles", "")
	w("quirks.d", "[[quirk]]\ncomment=\"c\"\nlink=\"https://l\"\nmatch.pci=\"8086:*\"\nset.")
}

// A link to /dev/null masks as an empty file does; errors of what is masked
// are nobody's concern.
func TestMaskedByNull(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"usr/lib/attune/a.toml": "display.dpi = nonsense", "usr/lib/attune/b.toml": "display.dpii = 4\n", "etc/attune/b.toml": ""} {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/dev/null", filepath.Join(dir, "etc/attune/a.toml")); err != nil {
		t.Fatal(err)
	}
	s, errs := settings.Read(os.DirFS(dir), "", settings.Machine{})
	if len(errs) > 0 || len(s.InForce()) > 0 {
		t.Errorf("%v, %v", s.InForce(), errs)
	}
}
