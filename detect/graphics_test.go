package detect_test

import (
	"bytes"
	"io/fs"
	"testing"

	"attune/detect"
	"attune/fixtures"
)

// machine opens one of the project's own captures.
func machine(t testing.TB, name string) (fs.FS, detect.Inventory) {
	t.Helper()
	tree, _, err := fixtures.LoadFile("../fixtures/machines/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	return tree, inventory(t, tree)
}

func inventory(t testing.TB, root fs.FS) detect.Inventory {
	t.Helper()
	sys, err := fs.Sub(root, "sys")
	if err != nil {
		t.Fatal(err)
	}
	return detect.Scan(sys)
}

// A virtual machine with two cards: the second card's driver is one virtio
// device further down, and connector numbers count on from card to card.
func TestScanGraphicsTwoCards(t *testing.T) {
	root, inv := machine(t, "q35-biggest")
	g := detect.ScanGraphics(root, inv, nil)
	if len(g.Cards) != 2 || len(g.Problems) > 0 {
		t.Fatalf("%d cards, problems %v", len(g.Cards), g.Problems)
	}
	for i, want := range []struct{ id, driver, render, connector string }{
		{"pci-0000:00:0a.0", "bochs-drm", "", "Virtual-1"},
		{"pci-0000:00:0b.0", "virtio_gpu", "dri/renderD128", "Virtual-2"},
	} {
		c := g.Cards[i]
		if c.ID != want.id || c.Driver != want.driver || c.Render != want.render || len(c.Connectors) != 1 {
			t.Errorf("card %d: %+v, wanted %+v", i, c, want)
			continue
		}
		con := c.Connectors[0]
		if con.Name != want.connector || con.Status != "connected" || len(con.Modes) == 0 || con.Internal {
			t.Errorf("connector %+v, wanted %s", con, want.connector)
		}
		if !bytes.HasPrefix(con.EDID, []byte("\x00\xff\xff\xff\xff\xff\xff\x00")) || len(con.EDID)%128 != 0 {
			t.Errorf("%s: EDID % x", con.Name, con.EDID)
		}
	}
	if len(g.Framebuffers) != 2 || g.Framebuffers[0].Name != "bochs-drmdrmfb" || g.Framebuffers[0].Size != "1280,800" {
		t.Errorf("framebuffers %+v", g.Framebuffers)
	}
}
