package desktop

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"attune/detect"
)

func graphics(card, connector, status, edid string) detect.Graphics {
	return detect.Graphics{Cards: []detect.Card{{ID: card, Connectors: []detect.Connector{{Name: connector, Status: status, EDID: []byte(edid)}}}}}
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
			machine := t.TempDir()
			state := filepath.Join(machine, stateDir)
			if err := os.MkdirAll(state, 0o755); err != nil {
				t.Fatal(err)
			}
			root, err := os.OpenRoot(state)
			if err != nil {
				t.Fatal(err)
			}
			defer root.Close()
			for range 2 { // the second finds it there
				if err := Remember(root, row.seen); err != nil {
					t.Fatal(err)
				}
			}
			got, errs := remembered(os.DirFS(machine))
			if d := cmp.Diff(row.want, got); d != "" || len(errs) != 0 {
				t.Errorf("errors %v; want -, got +:\n%s", errs, d)
			}
		})
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
	got, errs := remembered(root)
	if d := cmp.Diff(map[string][]byte{"pci-0000:00:02.0/eDP-1": []byte("ok")}, got); d != "" {
		t.Error(d)
	}
	if len(errs) != 2 { // the stray file, and the directory in a file's place
		t.Errorf("errors: %v", errs)
	}
}
