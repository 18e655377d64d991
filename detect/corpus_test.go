package detect_test

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"attune/detect"
	"attune/fixtures"
	"attune/internal/corpus"
)

func load(t testing.TB, file string) fs.FS {
	t.Helper()
	tree, _, err := fixtures.LoadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sys, err := fs.Sub(tree, "sys")
	if err != nil {
		t.Fatal(err)
	}
	return sys
}

// Every alias that stands in a capture's uevent files is in the inventory, and
// so is every bound driver: the walk skips no directory that matters.
func TestScanFindsEveryAlias(t *testing.T) {
	for _, file := range corpus.Machines(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			sys := load(t, file)
			inv := detect.Scan(sys)
			have, drivers := map[string]bool{}, map[string]bool{}
			for _, d := range inv.Devices {
				drivers[d.Driver] = true
				for _, a := range d.Modalias {
					have[a] = true
				}
			}
			for name, u := range uevents(t, sys) {
				for key, value := range u {
					if strings.HasPrefix(key, "MODALIAS") && value != "" && !have[value] {
						t.Errorf("%s: alias %q is not in the inventory", name, value)
					}
				}
				if d := u["DRIVER"]; d != "" && !drivers[d] && !strings.Contains(name, "system/cpu") {
					t.Errorf("%s: driver %q is not in the inventory", name, d)
				}
			}
			if len(inv.Problems) > 0 {
				t.Errorf("problems: %v", inv.Problems)
			}
		})
	}
}

// uevents reads a tree the plain way: every uevent file there is.
func uevents(t *testing.T, sys fs.FS) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	err := fs.WalkDir(sys, "devices", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() != "uevent" {
			return err
		}
		b, err := fs.ReadFile(sys, name)
		if err != nil {
			return err
		}
		m := map[string]string{}
		for l := range strings.Lines(string(b)) {
			if key, value, ok := strings.Cut(strings.TrimRight(l, "\n"), "="); ok {
				m[key] = value
			}
		}
		all[name] = m
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Two scans of one capture are equal, in every field and in order.
func TestScanIsDeterministic(t *testing.T) {
	for _, file := range corpus.Machines(t)[:5] {
		sys := load(t, file)
		a, b := detect.ScanWith(sys, detect.Options{Workers: 1}), detect.ScanWith(sys, detect.Options{Workers: 4})
		if !slices.EqualFunc(a.Devices, b.Devices, func(a, b detect.Device) bool { return a.Path == b.Path && a.Role == b.Role && a.Module == b.Module }) {
			t.Errorf("%s: one worker and four disagree", filepath.Base(file))
		}
	}
}

func BenchmarkScanCapture(b *testing.B) {
	sys := load(b, corpus.Machines(b)[0])
	b.ReportAllocs()
	for b.Loop() {
		detect.Scan(sys)
	}
}
