package kmod

import (
	"errors"
	"testing"
	"testing/fstest"

	"golang.org/x/sys/unix"

	"attune/detect"
)

// A damaged index is told, and an alias it could not answer is not told as
// one that no module answers.
func TestDamagedIndexIsTold(t *testing.T) {
	dep := []byte("kernel/e1000e.ko:\nkernel/fuse.ko:\n")
	nic := detect.Device{Path: "devices/a", Modalias: []string{"pci:v1d2"}}
	other := detect.Device{Path: "devices/b", Modalias: []string{"pci:v1d2", "usb:x"}}
	for _, tt := range []struct {
		name            string
		files           fstest.MapFS
		problems        int
		missing, unsure []Match
	}{
		{"nothing wrong", fstest.MapFS{"modules.dep": {Data: dep}, "modules.alias": {Data: []byte("alias usb:* fuse\n")}}, 0,
			[]Match{{"devices/a", "pci:v1d2", ""}, {"devices/b", "pci:v1d2", ""}}, nil},
		{"aliases damaged", fstest.MapFS{"modules.dep": {Data: dep}, "modules.alias.bin": {Data: []byte("x")}}, 1,
			nil, []Match{{"devices/a", "pci:v1d2", ""}, {"devices/b", "pci:v1d2", ""}, {"devices/b", "usb:x", ""}}},
		{"aliases damaged, their text is fine", fstest.MapFS{"modules.dep": {Data: dep}, "modules.alias.bin": {Data: []byte("x")},
			"modules.alias": {Data: []byte("alias usb:* fuse\n")}}, 1,
			[]Match{{"devices/a", "pci:v1d2", ""}, {"devices/b", "pci:v1d2", ""}}, nil},
		{"modules damaged", fstest.MapFS{"modules.dep.bin": {Data: []byte("x")}, "modules.alias": {Data: []byte("alias usb:* fuse\n")}}, 1,
			[]Match{{"devices/a", "pci:v1d2", ""}, {"devices/b", "pci:v1d2", ""}}, []Match{{"devices/b", "usb:x", "fuse"}}},
		{"soft dependencies damaged", fstest.MapFS{"modules.dep": {Data: dep}, "modules.alias": {Data: []byte("alias usb:* fuse\n")},
			"modules.softdep": {Data: []byte("softdep fuse\n")}}, 1,
			[]Match{{"devices/a", "pci:v1d2", ""}, {"devices/b", "pci:v1d2", ""}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			root := fstest.MapFS{}
			for name, file := range tt.files {
				root["lib/modules/1/"+name] = file
			}
			ix, err := Open(root, "1")
			if err != nil {
				t.Fatal(err)
			}
			r := NewResolver(ix, nil)
			plan := NewPlan(detect.Inventory{Devices: []detect.Device{nic, other}}, r, Policy{})
			sameMatches(t, "missing", plan.Missing, tt.missing)
			sameMatches(t, "unsure", plan.Unsure, tt.unsure)
			if got := r.Problems(); len(got) != tt.problems {
				t.Errorf("problems: %v", got)
			}
		})
	}
}

func sameMatches(t *testing.T, what string, got, want []Match) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
		return
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
}

func TestProblems(t *testing.T) {
	if got := NewResolver(nil, nil).Problems(); got != nil {
		t.Errorf("a kernel without modules: %v", got)
	}
	_, ix := diskIndex(t, map[string][]byte{"modules.alias.bin": bigTrie()})
	ix.Close()
	r := NewResolver(ix, nil)
	for _, alias := range []string{"pci:x", "pci:y", "a[b"} {
		r.Lookup(alias)
	}
	if got := r.Problems(); len(got) != 1 || !errors.Is(got[0], errClosed) {
		t.Errorf("after Close: %v", got)
	}
	sick, err := Open(sickFS{fstest.MapFS{"lib/modules/1/modules.dep": {}, "lib/modules/1/modules.softdep": {}}, []string{"modules.softdep"}}, "1")
	if err != nil {
		t.Fatal(err)
	}
	sick.Softdeps()
	if got := sick.Problems(); len(got) != 1 || !errors.Is(got[0], unix.EIO) {
		t.Errorf("a file that cannot be read: %v", got)
	}
}
