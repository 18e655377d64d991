package xwrite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"attune/internal/corpus"
	"attune/internal/scratch"
	"attune/internal/xcheck"
	"attune/xconfig"
)

// judged takes all but what has a word in it.
func judged(word string, asked *int) Judge {
	return func(_ context.Context, dir string) error {
		*asked++
		names, _ := filepath.Glob(filepath.Join(dir, "*"))
		for _, name := range names {
			if data, _ := os.ReadFile(name); word != "" && strings.Contains(string(data), word) {
				return refusedFile(filepath.Base(name))
			}
		}
		return nil
	}
}

// refusedFile is a refusal, and the file it is about.
type refusedFile string

func (f refusedFile) Error() string { return "refused: " + string(f) }

func refused(err error) (string, bool) {
	f, ok := errors.AsType[refusedFile](err)
	return string(f), ok
}

func monitor(name string) string {
	return "Section \"Monitor\"\n\tIdentifier \"" + name + "\"\nEndSection\n"
}

type bench struct {
	t    *testing.T
	root *os.Root
	dir  string
	to   Places
}

func newBench(t *testing.T) *bench {
	dir := t.TempDir()
	root, err := scratch.Open(filepath.Join(dir, "run"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return &bench{t, root, filepath.Join(dir, "run"), Places{
		X:      Place{Root: root, Name: "xorg.conf.d"},
		Others: map[xconfig.Dir]Place{xconfig.DirUdev: {Root: root, Name: "udev/rules.d", Shared: true}},
	}}
}

func (b *bench) write(text string, judge Judge) Report {
	b.t.Helper()
	var list []xconfig.File
	if text != "" {
		list = []xconfig.File{{Dir: xconfig.DirXorg, Name: "90-attune-output.conf", Data: []byte(text)}}
	}
	report, err := Write(context.Background(), list, nil, b.to, judge, refused)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(b.dir, "xorg.conf.d.new")); err == nil {
		b.t.Error("the new set was left beside")
	}
	return report
}

// inPlace is what X would read, "" for no file.
func (b *bench) inPlace() string {
	data, _ := os.ReadFile(filepath.Join(b.dir, "xorg.conf.d", "90-attune-output.conf"))
	return string(data)
}

func TestSequence(t *testing.T) {
	for _, inPlace := range []bool{false, true} {
		b := newBench(t)
		b.to.InPlace = inPlace
		asked := 0
		steps := []struct {
			name, text, bad string // bad: the word the judge refuses
			want            Verdict
			inPlace         string
		}{
			{"the first, refused", monitor("A"), "A", Refused, ""},
			{"the first, accepted", monitor("A"), "", Accepted, monitor("A")},
			{"the same again", monitor("A"), "", Unchanged, monitor("A")},
			{"another", monitor("B"), "", Accepted, monitor("B")},
			{"a bad one", monitor("C"), "C", Refused, monitor("B")},
			{"a bad one, and the last good one is bad now", monitor("C"), "Monitor", Refused, ""},
			{"one which is no configuration at all", "rubbish", "", Refused, monitor("B")},
			{"nothing to be said", "", "", Unchanged, ""},
		}
		for _, step := range steps {
			report := b.write(step.text, judged(step.bad, &asked))
			if report.X != step.want || b.inPlace() != step.inPlace {
				t.Errorf("in place %v: %s: %s (%s), want %s; there is %q", inPlace, step.name, report.X, report.Why, step.want, b.inPlace())
			}
		}
		if asked == 0 {
			t.Error("nobody was asked")
		}
	}
}

// The second of two runs changes nothing, asks nothing and says so.
func TestTwice(t *testing.T) {
	b := newBench(t)
	asked := 0
	first := b.write(monitor("A"), judged("", &asked))
	info, _ := os.Stat(filepath.Join(b.dir, "xorg.conf.d", "90-attune-output.conf"))
	second := b.write(monitor("A"), judged("", &asked))
	again, _ := os.Stat(filepath.Join(b.dir, "xorg.conf.d", "90-attune-output.conf"))
	if len(first.Changed) != 1 || second.X != Unchanged || len(second.Changed)+len(second.Removed) != 0 || asked != 1 || !os.SameFile(info, again) {
		t.Errorf("first %+v\nsecond %+v, asked %d times", first, second, asked)
	}
}

// Where X refuses the new and the old, each was asked about once.
func TestEachSetOnce(t *testing.T) {
	b := newBench(t)
	asked := 0
	b.write(monitor("A"), judged("", &asked))
	asked = 0
	if r := b.write(monitor("B"), judged("Monitor", &asked)); r.X != Refused || asked != 2 {
		t.Errorf("asked %d times: %+v", asked, r)
	}
}

// Where no server can be asked, what is well formed is put in place.
func TestNotChecked(t *testing.T) {
	b := newBench(t)
	for _, judge := range []Judge{nil, func(context.Context, string) error { return errors.New("it hung") }} {
		if report := b.write(monitor("A"), judge); report.X != NotChecked && report.X != Unchanged || b.inPlace() != monitor("A") {
			t.Errorf("%+v, there is %q", report, b.inPlace())
		}
	}
	if report := b.write("rubbish", nil); report.X != Refused || b.inPlace() == "rubbish" {
		t.Errorf("%+v", report)
	}
}

// What X reads by way of a link stays where the link leads.
func TestLink(t *testing.T) {
	b := newBench(t)
	link := filepath.Join(t.TempDir(), "xorg.conf.d")
	if err := os.Symlink(filepath.Join(b.dir, "xorg.conf.d"), link); err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, name := range []string{"A", "B", "C"} {
		b.write(monitor(name), judged("", &asked))
		if data, err := os.ReadFile(filepath.Join(link, "90-attune-output.conf")); string(data) != monitor(name) {
			t.Errorf("by the link: %q, %v", data, err)
		}
	}
}

func TestShared(t *testing.T) {
	b := newBench(t)
	dir := filepath.Join(b.dir, "udev/rules.d")
	write := func(list ...xconfig.File) Report {
		report, err := Write(context.Background(), list, nil, b.to, nil, refused)
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	write()
	if _, err := os.Stat(dir); err == nil {
		t.Error("a directory for nothing")
	}
	write(xconfig.File{Dir: xconfig.DirUdev, Name: "70-attune-input.rules", Data: []byte("# one")})
	theirs := []string{"99-theirs.rules", "80-before-attune-site.rules"}
	for _, name := range theirs {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	report := write()
	if len(report.Removed) != 1 || report.Removed[0] != "udev/70-attune-input.rules" {
		t.Errorf("removed %q", report.Removed)
	}
	for _, name := range theirs {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// The real server behind it all.
func TestRealX(t *testing.T) {
	const path = "/usr/lib/xorg/Xorg"
	if _, err := os.Stat(path); err != nil {
		corpus.Missing(t, "no X server: install xserver-xorg-core")
	}
	b := newBench(t)
	x := xcheck.Checker{Server: path, Temp: t.TempDir()}
	isRefusal := func(err error) (string, bool) {
		r, ok := errors.AsType[*xcheck.Refusal](err)
		if !ok {
			return "", false
		}
		return filepath.Base(r.File), true
	}
	write := func(text string) Report {
		report, err := Write(context.Background(), []xconfig.File{{Dir: xconfig.DirXorg, Name: "90-attune-output.conf", Data: []byte(text)}}, nil, b.to, x.Check, isRefusal)
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	if r := write(monitor("A")); r.X != Accepted {
		t.Errorf("%+v", r)
	}
	layout := "Section \"ServerLayout\"\n\tIdentifier \"l\"\n\tScreen \"nowhere\"\nEndSection\n" // well formed, and no X starts with it
	if r := write(layout); r.X != Refused || b.inPlace() != monitor("A") {
		t.Errorf("%+v; there is %q", r, b.inPlace())
	}
	bad := files{"50-mine.conf": []byte("Section \"Monitor\"\n\tIdentifier \"x\"\n\tWat\nEndSection\n"), "60-other.conf": []byte(monitor("O"))}
	report, err := Write(context.Background(), []xconfig.File{{Dir: xconfig.DirXorg, Name: "90-attune-output.conf", Data: []byte(monitor("B"))}}, bad, b.to, x.Check, isRefusal)
	if err != nil || report.X != Accepted || b.inPlace() != monitor("B") || !slices.Equal(b.names(), []string{"60-other.conf", "90-attune-output.conf"}) ||
		len(report.Problems) != 1 || !strings.Contains(report.Problems[0].Error(), "50-mine.conf: line 3") {
		t.Errorf("%+v %v: %q", report, err, b.names())
	}
}
