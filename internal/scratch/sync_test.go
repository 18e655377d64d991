package scratch

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSync(t *testing.T) {
	root, dir := open(t)
	want := map[string][]byte{"a.conf": []byte("one"), "sub/b": []byte("two")}
	tests := []struct {
		name             string
		before           func()
		changed, removed string
	}{
		{"first", func() {}, "a.conf sub/b", ""},
		{"again", func() {}, "", ""},
		{"one gone, one changed, one more", func() {
			os.Remove(filepath.Join(dir, "a.conf"))
			os.WriteFile(filepath.Join(dir, "sub/b"), []byte("other"), 0o644)
			os.WriteFile(filepath.Join(dir, "old"), nil, 0o644)
		}, "a.conf sub/b", "old"},
		{"a link in a file's place", func() {
			os.Rename(filepath.Join(dir, "a.conf"), filepath.Join(dir, "x"))
			os.Symlink("x", filepath.Join(dir, "a.conf"))
		}, "a.conf", "x"},
		{"a link that leads out", func() {
			os.Remove(filepath.Join(dir, "a.conf"))
			os.Symlink("/etc/passwd", filepath.Join(dir, "a.conf"))
		}, "a.conf", ""},
		{"not ours", func() { os.WriteFile(filepath.Join(dir, "keep"), nil, 0o644) }, "", ""},
	}
	for _, test := range tests {
		test.before()
		changed, removed, err := Sync(root, want, func(name string) bool { return name != "keep" })
		if err != nil || strings.Join(changed, " ") != test.changed || strings.Join(removed, " ") != test.removed {
			t.Errorf("%s: changed %q removed %q, %v", test.name, changed, removed, err)
		}
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != string(want[name]) {
				t.Errorf("%s: %s is %q, %v", test.name, name, got, err)
			}
		}
	}
}

func TestSyncGoesOn(t *testing.T) {
	root, dir := open(t)
	if err := os.MkdirAll(filepath.Join(dir, "a", "in the way"), 0o755); err != nil {
		t.Fatal(err)
	}
	changed, _, err := Sync(root, map[string][]byte{"a": nil, "b": []byte("x")}, Everything)
	if err == nil || len(changed) != 1 || changed[0] != "b" {
		t.Errorf("changed %q, %v", changed, err)
	}
}

func TestExchange(t *testing.T) {
	for _, way := range []struct {
		name string
		do   func(*os.Root, string, string) error
	}{{"in one step", Exchange}, {"in turn", inTurn}} {
		root, dir := open(t)
		for _, name := range []string{"old", "new"} {
			if err := WriteFile(root, name+"/file", []byte(name)); err != nil {
				t.Fatal(err)
			}
		}
		if err := way.do(root, "new", "old"); err != nil {
			t.Errorf("%s: %v", way.name, err)
		}
		for name, want := range map[string]string{"old": "new", "new": "old"} {
			if got, _ := os.ReadFile(filepath.Join(dir, name, "file")); string(got) != want {
				t.Errorf("%s: %s holds %q", way.name, name, got)
			}
		}
		if err := way.do(root, "old", "nowhere"); err == nil {
			t.Errorf("%s: exchanged with nothing", way.name)
		}
		if got, _ := os.ReadFile(filepath.Join(dir, "old", "file")); string(got) != "new" {
			t.Errorf("%s: a failure changed something: %q", way.name, got)
		}
	}
	root, _ := open(t)
	for _, name := range []string{"../x", "/etc", "a/b", ".", ""} {
		if err := Exchange(root, name, "y"); err == nil {
			t.Errorf("exchanged %q", name)
		}
	}
}
