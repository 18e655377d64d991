package desktop

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"attune/detect"
	"attune/fixtures"
	"attune/internal/failsafe"
	"attune/internal/records"
	"attune/internal/state"
	"attune/xconfig"
)

// What was tried to get a picture is forgotten when people ask for something
// else, and not when a display is pulled that a choice or a quirk is about.
func TestAsked(t *testing.T) {
	tree, _, err := fixtures.LoadFile("../../fixtures/seats/laptop-hdmi.txtar")
	if err != nil {
		t.Fatal(err)
	}
	sys, err := fs.Sub(tree, "sys")
	if err != nil {
		t.Fatal(err)
	}
	f, _, _ := Read(tree, detect.Scan(sys), "", detect.NodesOf(tree))
	root := t.TempDir()
	choose := func(rotate string) {
		t.Helper()
		h := records.Hardware{Inventory: f.Machine, Graphics: f.Graphics, Inputs: f.Inputs}
		c, err := records.Choose("display", []string{"HDMI-A-1.rotate=" + rotate}, h, false)
		if err != nil {
			t.Fatal(err)
		}
		store := records.OpenStore(root, "", false)
		defer store.Close()
		store.State.Condition = state.Good
		c.Scope, c.Origin = records.Machine, records.ByUser
		if _, _, err := store.Merge(c.Record, c.With); err != nil {
			t.Fatal(err)
		}
	}
	quirk := "[[quirk]]\ncomment = \"c\"\nlink = \"https://l\"\nmatch.edid = { vendor = \"*\" }\nset.display.dpi = 99\n"
	for name, text := range map[string]string{"usr/lib/attune/quirks.d/q.toml": quirk, state.Dir + "/.keep": ""} {
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	pulled := f
	pulled.Graphics.Cards = slices.Clone(f.Graphics.Cards)
	for i, card := range pulled.Graphics.Cards {
		pulled.Graphics.Cards[i].Connectors = slices.Clone(card.Connectors)
		for j := range card.Connectors {
			c := &pulled.Graphics.Cards[i].Connectors[j]
			c.Status, c.EDID, c.Modes = "disconnected", nil, nil
		}
	}
	digest := func(f xconfig.Facts) (string, xconfig.Preferences) {
		t.Helper()
		s, errs := Settings(os.DirFS(root), f)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		return failsafe.FactsOf(f, s.Preferences, nil, nil, "image").Settings, s.Preferences
	}
	before, _ := digest(f)
	choose("inverted")
	chosen, p := digest(f)
	if chosen == before {
		t.Error("a choice leads to no new beginning")
	}
	without, q := digest(pulled)
	if len(p.Outputs) == 0 || p.DPI != 99 || len(q.Outputs) != 0 || q.DPI != 0 {
		t.Fatalf("with the display %+v, without %+v", p, q)
	}
	if without != chosen {
		t.Error("pulling a display begins anew")
	}
	choose("left")
	if again, _ := digest(pulled); again == chosen {
		t.Error("another choice leads to no new beginning")
	}
}
