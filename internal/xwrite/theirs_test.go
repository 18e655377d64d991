package xwrite

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"attune/xconfig"
)

// A day is what an administrator, somebody at the keyboard and attune do to one
// directory, step by step. The judge refuses every file with BAD in it.
func TestTheirs(t *testing.T) {
	const mine, other, hand = "50-mine.conf", "60-other.conf", "70-hand.conf"
	good := func(name string) []byte { return []byte(monitor(name)) }
	for _, inPlace := range []bool{false, true} {
		b := newBench(t)
		b.to.InPlace = inPlace
		asked := 0
		for _, step := range []struct {
			name   string
			ours   string
			theirs files
			hand   string // put into the directory before
			unhand bool   // and taken out of it
			want   Verdict
			told   string // part of a problem
			there  []string
		}{
			{name: "theirs alone", theirs: files{mine: good("M")}, want: Accepted, there: []string{mine}},
			{name: "and ours", ours: monitor("A"), theirs: files{mine: good("M"), other: good("O")}, want: Accepted, there: []string{mine, other, "90-attune-output.conf"}},
			{name: "again", ours: monitor("A"), theirs: files{mine: good("M"), other: good("O")}, want: Unchanged, there: []string{mine, other, "90-attune-output.conf"}},
			{name: "one of theirs is bad", ours: monitor("A"), theirs: files{mine: []byte("BAD"), other: good("O")}, want: Accepted, told: "the administrator's 50-mine.conf", there: []string{other, "90-attune-output.conf"}},
			{name: "all of theirs are bad", ours: monitor("A"), theirs: files{mine: []byte("BAD"), other: []byte("BAD")}, want: Accepted, told: other, there: []string{"90-attune-output.conf"}},
			{name: "ours is bad: theirs and ours of before", ours: monitor("BAD"), theirs: files{mine: good("M")}, want: Refused, there: []string{mine, "90-attune-output.conf"}},
			{name: "somebody puts one there", ours: monitor("A"), theirs: files{mine: good("M")}, hand: monitor("H"), want: Accepted, there: []string{mine, hand, "90-attune-output.conf"}},
			{name: "which stays", ours: monitor("B"), want: Accepted, there: []string{hand, "90-attune-output.conf"}},
			{name: "and makes no work", ours: monitor("B"), want: Unchanged, there: []string{hand, "90-attune-output.conf"}},
			{name: "with nothing else, too", want: Accepted, there: []string{hand}},
			{name: "a bad one stays and is told", ours: monitor("C"), hand: "BAD", want: Accepted, told: "what somebody put beside", there: []string{hand, "90-attune-output.conf"}},
			{name: "nothing at all", unhand: true, want: Unchanged},
		} {
			path := filepath.Join(b.dir, "xorg.conf.d", hand)
			if step.hand != "" {
				must(t, os.WriteFile(path, []byte(step.hand), 0o600))
			}
			if step.unhand {
				must(t, os.Remove(path))
			}
			report := b.writeWith(step.ours, step.theirs, judged("BAD", &asked))
			told := ""
			for _, err := range report.Problems {
				told += err.Error() + "\n"
			}
			if got := b.names(); report.X != step.want || !slices.Equal(got, step.there) || (told != "") != (step.told != "") || !strings.Contains(told, step.told) {
				t.Errorf("in place %v: %s: %s (%s), problems %q, there is %q", inPlace, step.name, report.X, report.Why, told, got)
			}
			if step.hand != "" {
				if data, err := os.ReadFile(path); err != nil || string(data) != step.hand {
					t.Errorf("%s: somebody's file: %q %v", step.name, data, err)
				}
			}
		}
		for _, suffix := range []string{newSet, goodSet, copiedSet} {
			if _, err := os.Stat(filepath.Join(b.dir, "xorg.conf.d"+suffix)); err == nil {
				t.Errorf("%s was left lying about", suffix)
			}
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bench) names() (names []string) {
	entries, _ := os.ReadDir(filepath.Join(b.dir, "xorg.conf.d"))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// With nothing to tell nobody is asked, and no directory is left beside.
func TestNothing(t *testing.T) {
	b := newBench(t)
	asked := 0
	for range 2 {
		if r := b.write("", judged("", &asked)); r.X != Unchanged || len(r.Changed)+len(r.Removed) != 0 {
			t.Errorf("%+v", r)
		}
	}
	names, _ := os.ReadDir(b.dir)
	if asked != 0 || len(names) != 1 {
		t.Errorf("asked %d times; %v", asked, names)
	}
}

// What is no file is neither waited for nor removed, except in a place of ours.
func TestOddThings(t *testing.T) {
	b := newBench(t)
	asked := 0
	b.write(monitor("A"), judged("", &asked))
	dir := filepath.Join(b.dir, "xorg.conf.d")
	elsewhere := filepath.Join(t.TempDir(), "x")
	must(t, os.WriteFile(elsewhere, []byte("BAD"), 0o644))
	must(t, unix.Mkfifo(filepath.Join(dir, "10-fifo.conf"), 0o600))
	must(t, os.Symlink(elsewhere, filepath.Join(dir, "20-link.conf")))
	must(t, os.Mkdir(filepath.Join(dir, "30-dir.conf"), 0o755))
	must(t, os.Remove(filepath.Join(dir, "90-attune-output.conf")))
	must(t, unix.Mkfifo(filepath.Join(dir, "90-attune-output.conf"), 0o600))
	must(t, unix.Mkfifo(filepath.Join(dir, "10-attune-input.conf"), 0o600))
	report := b.write(monitor("B"), judged("BAD", &asked))
	if b.inPlace() != monitor("B") || len(report.Problems) != 1 {
		t.Errorf("%+v; there is %q", report, b.inPlace())
	}
	if got := b.names(); !slices.Equal(got, []string{"10-fifo.conf", "20-link.conf", "30-dir.conf", "90-attune-output.conf"}) {
		t.Errorf("%q", got)
	}
}

func (b *bench) writeWith(text string, theirs files, judge Judge) Report {
	b.t.Helper()
	var list []xconfig.File
	if text != "" {
		list = []xconfig.File{{Dir: xconfig.DirXorg, Name: "90-attune-output.conf", Data: []byte(text)}}
	}
	before := maps.Clone(theirs)
	report, err := Write(context.Background(), list, theirs, b.to, judge, refused)
	if err != nil {
		b.t.Fatal(err)
	}
	if !equal(before, theirs) {
		b.t.Error("the caller's files were changed")
	}
	return report
}
