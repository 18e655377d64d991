package records

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

type recording fstest.MapFS

func (k recording) AddFile(name string, data []byte) error {
	k[name] = &fstest.MapFile{Data: data}
	return nil
}

// From a recording the same is said as on the machine, and it has no serial
// number in it.
func TestCapture(t *testing.T) {
	h := laptop()
	s, root := machine(t)
	for _, r := range []Record{
		choose(t, h, "keyboard", "layout=de"),
		choose(t, h, "display", "DP-1.mode=1280x720"),
		choose(t, h, "touch", "device=0eef:0001", "output=DP-1"),
	} {
		if _, _, err := s.Put(r); err != nil {
			t.Fatal(err)
		}
	}
	rec := recording{}
	if errs := Capture(os.DirFS(root), rec); len(errs) > 0 || len(rec) != 3 {
		t.Fatal(errs, len(rec))
	}
	live, _ := Read(os.DirFS(root))
	again, told := Read(fstest.MapFS(rec))
	lines := func(all []Stored) string { // how surely each is meant does not matter among different ones
		l := strings.Split(said(Project(all, h)), "\n")
		slices.Sort(l)
		return strings.Join(l, "\n")
	}
	if a, b := lines(live), lines(again); a != b || len(told) != 0 {
		t.Errorf("%s\nand from the recording\n%s\n%v", a, b, told)
	}
	serial := h.Displays()[0].Serial
	for name, f := range rec {
		if serial == "" || bytes.Contains(f.Data, []byte(serial)) {
			t.Errorf("%s has serial number %q in it", name, serial)
		}
	}
}
