package desktop

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"attune/detect"
	"attune/fixtures"
	"attune/internal/corpus"
	"attune/internal/fingerprint"
	"attune/internal/records"
	"attune/internal/state"
)

// A seat is a recorded machine with its plan while it has no state.
type seat struct {
	name string
	tree *fixtures.Tree
	inv  detect.Inventory
	born string // its plan as JSON
	plan Plan
}

func (s *seat) decide(t *testing.T) (Plan, string) {
	t.Helper()
	f, p, _ := Read(s.tree, s.inv, "", detect.NodesOf(s.tree))
	plan := Decide(f, p)
	text, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	return plan, string(text)
}

func seats(t *testing.T) (all []*seat) {
	t.Helper()
	files, _ := filepath.Glob("../../fixtures/seats/*.txtar")
	more, _ := filepath.Glob("../../fixtures/machines/*.txtar")
	files = slices.Concat(files, more, corpus.Machines(t))
	for _, name := range files {
		tree, _, err := fixtures.LoadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sys, err := fs.Sub(tree, "sys")
		if err != nil {
			continue // a snapshot without one
		}
		s := &seat{name: filepath.Base(name), tree: tree, inv: detect.Scan(sys)}
		if len(s.inv.Devices) == 0 {
			continue
		}
		s.plan, s.born = s.decide(t)
		all = append(all, s)
	}
	return all
}

// choices makes a state directory with all that can be chosen on a machine,
// and with the displays it has seen: names below the root to content.
func (s *seat) choices(t *testing.T) map[string][]byte {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, state.Dir)
	files, err := state.Make(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	f := s.plan.Facts
	if err := remember(files, f.Graphics, identity(f.Machine)); err != nil {
		t.Fatal(err)
	}
	h := records.Hardware{Inventory: f.Machine, Graphics: f.Graphics, Inputs: f.Inputs}
	store := records.OpenStore(root, "", false)
	defer store.Close()
	store.State.Condition = state.Good
	put := func(c records.Choice, err error) {
		if err != nil {
			return // of what this machine has not
		}
		c.Scope, c.Origin = records.Machine, records.ByUser
		if _, _, err := store.Merge(c.Record, c.With); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
	}
	put(records.Choose("keyboard", []string{"layout=dz", "options=compose:menu"}, h, false))
	for _, in := range f.Inputs {
		put(records.Choose("touch", []string{"device=" + records.IDOf(in), "output=all", "rotate=inverted"}, h, false))
	}
	for _, d := range h.Displays() {
		put(records.Choose("display", []string{d.Connector + ".rotate=inverted", d.Connector + ".scale=3"}, h, false))
	}
	all := map[string][]byte{}
	err = fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		all[name], err = os.ReadFile(filepath.Join(root, name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// with decides with a state directory, which is gone again afterwards.
func (s *seat) with(t *testing.T, files map[string][]byte) string {
	t.Helper()
	for name, data := range files {
		if err := s.tree.AddFile(name, data); err != nil {
			t.Fatal(err)
		}
	}
	_, text := s.decide(t)
	for name := range files {
		s.tree.Remove(name)
	}
	return text
}

// A disk with all that was chosen on one machine, moved to another, behaves as
// if it had been born there; moved back, everything is as it was chosen.
func TestMoved(t *testing.T) {
	all := seats(t)
	moves, counted := 0, 0
	for i, a := range all {
		files := a.choices(t)
		if len(files) == 0 {
			continue // nothing tells this machine from others
		}
		if own := a.with(t, files); own != a.born {
			counted++
		} else {
			t.Errorf("%s: what was chosen on it counts for nothing", a.name)
		}
		for _, step := range []int{1, 13} {
			b := all[(i+step)%len(all)]
			if fingerprint.Machine(a.inv) == fingerprint.Machine(b.inv) {
				continue // two of one kind: the lab PC beside it
			}
			moves++
			if d := cmp.Diff(b.born, b.with(t, files)); d != "" {
				t.Errorf("the disk of %s in %s: %s", a.name, b.name, d)
			}
		}
	}
	t.Logf("%d machines, on %d of them what was chosen counts, %d moves", len(all), counted, moves)
	if moves < 20 || counted < 10 {
		t.Errorf("%d moves, %d machines: too few to mean anything", moves, counted)
	}
}
