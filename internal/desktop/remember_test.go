package desktop

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"attune/detect"
	"attune/internal/state"
)

func graphics(card, connector, status, edid string) detect.Graphics {
	return detect.Graphics{Cards: []detect.Card{{ID: card, Connectors: []detect.Connector{{Name: connector, Status: status, EDID: []byte(edid)}}}}}
}

// withState is a machine with an empty state directory, and that directory.
func withState(t *testing.T) (machine string, files *state.Files) {
	t.Helper()
	machine = t.TempDir()
	files, err := state.Make(filepath.Join(machine, stateDir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(files.Close)
	return machine, files
}

func TestRemember(t *testing.T) {
	for _, row := range []struct {
		name string
		seen detect.Graphics
		want map[string][]byte
	}{
		{"a connected display", graphics("pci-0000:00:02.0", "HDMI-A-1", "connected", "edid"), map[string][]byte{"pci-0000:00:02.0/HDMI-A-1": []byte("edid")}},
		{"a connector that says it has none", graphics("pci-0000:00:02.0", "HDMI-A-1", "disconnected", "edid"), nil},
		{"a display that is asleep leaves what was known", graphics("pci-0000:00:02.0", "HDMI-A-1", "connected", ""), nil},
		{"a name that would lead elsewhere", graphics("..", "HDMI-A-1", "connected", "edid"), nil},
		{"a connector that is a path", graphics("pci-0000:00:02.0", "../../etc/x", "connected", "edid"), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			machine, root := withState(t)
			for range 2 { // the second finds it there
				if err := remember(root, row.seen, "this\n"); err != nil {
					t.Fatal(err)
				}
			}
			got, errs := remembered(os.DirFS(machine), seenDir)
			if d := cmp.Diff(row.want, got); d != "" || len(errs) != 0 {
				t.Errorf("errors %v; want -, got +:\n%s", errs, d)
			}
		})
	}
}

// What one boot leaves, the next one finds: only on this kind of machine, and
// only what was seen together.
func TestRememberOverBoots(t *testing.T) {
	machine, root := withState(t)
	seen := func(connectors ...detect.Connector) detect.Graphics {
		return detect.Graphics{Cards: []detect.Card{{ID: "card", Connectors: connectors}}}
	}
	on := func(name, edid string) detect.Connector {
		return detect.Connector{Name: name, Type: name[:len(name)-2], Status: "connected", EDID: []byte(edid)}
	}
	off := func(name string) detect.Connector {
		return detect.Connector{Name: name, Type: name[:len(name)-2], Status: "disconnected"}
	}
	for _, boot := range []struct {
		name    string
		machine string
		seen    detect.Graphics
		want    map[string]string // found by the next boot of "this"
	}{
		{"two displays", "this\n", seen(on("DP-1", "a"), on("HDMI-A-1", "tv")), map[string]string{"card/DP-1": "a", "card/HDMI-A-1": "tv"}},
		{"one is asleep", "this\n", seen(on("DP-1", "a"), on("HDMI-A-1", "")), map[string]string{"card/DP-1": "a", "card/HDMI-A-1": "tv"}},
		{"nothing shows itself", "this\n", seen(off("DP-1"), off("HDMI-A-1")), map[string]string{"card/DP-1": "a", "card/HDMI-A-1": "tv"}},
		{"one was taken away", "this\n", seen(off("DP-1"), on("HDMI-A-1", "tv")), map[string]string{"card/HDMI-A-1": "tv"}},
		{"an analog one could be any", "this\n", seen(on("VGA-1", "beamer"), on("HDMI-A-1", "tv")), map[string]string{"card/HDMI-A-1": "tv"}},
		{"the stick was in another machine", "other\n", seen(on("DP-1", "b")), nil},
		{"and is back", "this\n", seen(on("DP-1", "")), nil},
	} {
		if err := remember(root, boot.seen, boot.machine); err != nil {
			t.Fatal(err)
		}
		got, errs := rememberedOn(os.DirFS(machine), seenDir, "this\n")
		text := map[string]string(nil)
		for k, v := range got {
			if text == nil {
				text = map[string]string{}
			}
			text[k] = string(v)
		}
		if d := cmp.Diff(boot.want, text); d != "" || len(errs) != 0 {
			t.Errorf("%s: errors %v; want -, got +:\n%s", boot.name, errs, d)
		}
	}
}

func TestRememberedOdd(t *testing.T) {
	root := fstest.MapFS{
		"var/lib/attune/displays/stray":                       {Data: []byte("no directory")},
		"var/lib/attune/displays/pci-0000:00:02.0/notes.txt":  {},
		"var/lib/attune/displays/pci-0000:00:02.0/DP-1.edid":  {Data: make([]byte, maxEDID+1)},
		"var/lib/attune/displays/pci-0000:00:02.0/DP-2.edid":  {Mode: fs.ModeDir},
		"var/lib/attune/displays/pci-0000:00:02.0/eDP-1.edid": {Data: []byte("ok")},
	}
	got, errs := remembered(root, seenDir)
	if d := cmp.Diff(map[string][]byte{"pci-0000:00:02.0/eDP-1": []byte("ok")}, got); d != "" {
		t.Error(d)
	}
	if len(errs) != 3 { // the stray file, the long one, and the directory in a file's place
		t.Errorf("errors: %v", errs)
	}
}

// Whatever lies in the state directory, a boot neither waits for it nor reads
// more of it than displays can have.
func TestRememberedHostile(t *testing.T) {
	machine, root := withState(t)
	base := filepath.Join(machine, stateDir, displaysDir)
	card := filepath.Join(base, "card")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(card, 0o755))
	must(os.WriteFile(filepath.Join(machine, "secret.edid"), []byte("not a display's"), 0o644))
	must(unix.Mkfifo(filepath.Join(base, "a-fifo"), 0o600))
	must(unix.Mkfifo(filepath.Join(card, "DP-1.edid"), 0o600))
	must(os.Symlink("../../../../../secret.edid", filepath.Join(card, "DP-2.edid")))
	must(os.Symlink("../../../..", filepath.Join(base, "elsewhere")))
	must(os.WriteFile(filepath.Join(card, "eDP-1.edid"), []byte("ok"), 0o644))
	got, errs := remembered(os.DirFS(machine), seenDir)
	if d := cmp.Diff(map[string][]byte{"card/eDP-1": []byte("ok")}, got); d != "" || len(errs) != 4 {
		t.Errorf("%v\n%s", errs, d)
	}

	must(remember(root, graphics("card", "DP-1", "connected", "new"), "this\n")) // where the FIFO is
	if got, _ := remembered(os.DirFS(machine), seenDir); string(got["card/DP-1"]) != "new" {
		t.Errorf("%q", got)
	}

	for i := range 5000 {
		must(os.WriteFile(filepath.Join(card, fmt.Sprintf("HDMI-A-%d.edid", i)), []byte("ok"), 0o644))
	}
	got, errs = remembered(os.DirFS(machine), seenDir)
	if len(got) != maxRemembered || len(errs) > 6 {
		t.Errorf("%d displays, %d errors: %v", len(got), len(errs), errs[0])
	}
	must(os.RemoveAll(base))
	must(unix.Mkfifo(base, 0o600))
	if got, errs := remembered(os.DirFS(machine), seenDir); len(got) != 0 || len(errs) != 1 {
		t.Errorf("%v %v", got, errs)
	}
}
