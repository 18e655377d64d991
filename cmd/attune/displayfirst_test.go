package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"attune/internal/failsafe"
	"attune/internal/inspect"
	"attune/internal/rootfs"
)

// A start that was left to be noted counts from when it was, once, and in its own
// boot alone; no other start is noted that way after somebody opened the record.
func TestTakeFirst(t *testing.T) {
	top := failsafe.Step{Name: failsafe.Planned}
	for _, tt := range []struct {
		name, word, boot string
		open             bool
	}{
		{"left to be noted", "", "boot\n", true},
		{"none", "-", "boot\n", false},
		{"a record of another boot", "", "before\n", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range map[string]string{"proc/sys/kernel/random/boot_id": "boot\n", "run/attune/" + firstFile: tt.word} {
				name = filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					t.Fatal(err)
				}
				if text == "-" {
					continue
				}
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			root, err := rootfs.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer root.Close()
			run, err := os.OpenRoot(filepath.Join(dir, "run/attune"))
			if err != nil {
				t.Fatal(err)
			}
			defer run.Close()
			then := time.Now().Add(-10 * time.Second)
			run.Chtimes(firstFile, then, then)
			l := &ladder{m: &machine{Machine: &inspect.Machine{Root: root}}, run: run, up: func() time.Duration { return time.Minute }, unlock: func() {}}
			l.rec = failsafe.Record{Boot: tt.boot, Applied: top.Key(), Facts: failsafe.Facts{Steps: []failsafe.Step{top}}}
			for range 2 {
				if errs := l.takeFirst(); len(errs) > 0 {
					t.Fatal(errs)
				}
			}
			o := l.rec.State.Open
			if (o != nil) != tt.open {
				t.Fatalf("a try is open: %v, want %v", o != nil, tt.open)
			}
			if o != nil && (o.UpMS < 49_000 || o.UpMS > 50_000) {
				t.Errorf("since %d ms, want 50 s", o.UpMS)
			}
			if l.rec.State.Deaths > 0 {
				t.Error("it counts as a second start")
			}
			if _, err := run.Lstat(firstFile); err == nil {
				t.Error("the word is still there")
			}
		})
	}
}

// Only where nothing is to be done but to note it that is left for later.
func TestSimpleStart(t *testing.T) {
	top, low := failsafe.Step{Name: failsafe.Planned}, failsafe.Step{Name: "vesa"}
	f := failsafe.Facts{Steps: []failsafe.Step{top, low}}
	for _, tt := range []struct {
		name string
		rec  failsafe.Record
		want bool
	}{
		{"the plan", failsafe.Record{Facts: f, Applied: top.Key()}, true},
		{"its files are not in place", failsafe.Record{Facts: f}, false},
		{"a step failed", failsafe.Record{Facts: f, Applied: low.Key(), State: failsafe.State{Failed: []failsafe.Failure{{Step: top.Key()}}}}, false},
		{"X is being started", failsafe.Record{Facts: f, Applied: top.Key(), State: failsafe.State{Open: &failsafe.Try{Step: top.Key()}}}, false},
		{"X died once", failsafe.Record{Facts: f, Applied: top.Key(), State: failsafe.State{Deaths: 1}}, false},
	} {
		if got := simpleStart(tt.rec); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
