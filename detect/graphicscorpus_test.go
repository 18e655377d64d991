package detect_test

import (
	"path/filepath"
	"strings"
	"testing"

	"attune/detect"
	"attune/fixtures"
	"attune/internal/corpus"
)

// Real machines' cards have a driver, an identity of their own and connectors
// that are theirs.
func TestGraphicsOfCorpus(t *testing.T) {
	t.Parallel()
	var machines, cards, connectors, panels int
	for _, file := range corpus.Machines(t) {
		tree, _, err := fixtures.LoadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		inv := inventory(t, tree)
		snapshot := strings.HasSuffix(name, ".tar.gz") // of ghw: some leave drivers out
		g := detect.ScanGraphics(tree, inv, nil)
		if len(g.Problems) > 0 {
			t.Errorf("%s: %v", name, g.Problems)
		}
		machines++
		ids := map[string]bool{}
		for _, c := range g.Cards {
			cards++
			if c.ID == "" || ids[c.ID] || c.Driver == "" && !snapshot || !strings.HasPrefix(c.Device, "devices/") || strings.Contains(c.ID, "card") {
				t.Errorf("%s: %+v", name, c)
			}
			ids[c.ID] = true
			seen := map[string]bool{}
			for _, o := range c.Connectors {
				connectors++
				if seen[o.Name] || o.Type == "" || !strings.HasPrefix(o.Name, o.Type+"-") {
					t.Errorf("%s: %s: %+v", name, c.ID, o)
				}
				seen[o.Name] = true
				if o.Internal {
					panels++
				}
			}
		}
	}
	t.Logf("%d machines, %d cards, %d connectors, %d panels", machines, cards, connectors, panels)
	if cards < 30 || panels < 10 {
		t.Error("too few to say anything")
	}
}
