package files

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"attune/detect"
	"attune/internal/corpus"
	"attune/internal/xcheck"
	"attune/internal/xtest"
	"attune/xconfig"
	"attune/xconfig/display"
	"attune/xconfig/input"
	"attune/xconfig/xorgconf"
)

// A made configuration: what a writer made for X of one machine, as one text,
// and the sections it meant to write.
type made struct {
	name  string
	text  string
	meant []xorgconf.Section // nil when nobody knows
	// anyOption: the plan itself names options at random.
	anyOption bool
}

// A textWriter makes X's files of plans.
type textWriter func(name string, d xconfig.DisplayPlan, in xconfig.InputPlan, img xconfig.Image) made

// ours is the writer itself.
func ours(name string, d xconfig.DisplayPlan, in xconfig.InputPlan, img xconfig.Image) made {
	m := made{name: name}
	files, _ := For(d, in, img)
	for _, f := range files {
		if f.Dir == xconfig.DirXorg {
			m.text += string(f.Data)
		}
	}
	w := writer{display: d, input: in, image: img}
	for _, s := range append(w.inputSections(), w.outputSections()...) {
		if _, err := xorgconf.Text(s); err == nil {
			m.meant = append(m.meant, s)
		}
	}
	return m
}

// Writers which paste what devices say, as every writer does that comes to
// mind first. The tests must find them out, or they are none.
var naiveWriters = []textWriter{naiveComment, naiveModel, naiveProduct}

func naiveComment(name string, d xconfig.DisplayPlan, _ xconfig.InputPlan, _ xconfig.Image) made {
	return naive(name, d, "# %s\nSection \"Monitor\"\n\tIdentifier \"x\"\nEndSection\n")
}

func naiveModel(name string, d xconfig.DisplayPlan, _ xconfig.InputPlan, _ xconfig.Image) made {
	return naive(name, d, "Section \"Monitor\"\n\tIdentifier \"x\"\n\tModelName \"%s\"\nEndSection\n")
}

func naive(name string, d xconfig.DisplayPlan, format string) made {
	var b strings.Builder
	for _, o := range d.Outputs {
		fmt.Fprintf(&b, format, o.Told.Name)
	}
	return made{name: name, text: b.String()}
}

func naiveProduct(name string, _ xconfig.DisplayPlan, in xconfig.InputPlan, _ xconfig.Image) made {
	var b strings.Builder
	for _, u := range in.Devices {
		fmt.Fprintf(&b, "Section \"InputClass\"\n\tIdentifier \"%s\"\n\tMatchProduct \"%s\"\nEndSection\n", u.Path, u.Name)
	}
	return made{name: name, text: b.String()}
}

// TestRealXTakesEverything is the configuration of a machine with each
// display of the corpus, told as much as can be told.
func TestRealXTakesEverything(t *testing.T) {
	x := realX(t)
	all := xtest.EDIDs(t)
	step := stepOf()
	var list, plain []made
	wrote, spoilt := 0, 0
	for i := 0; i < len(all); i += step {
		d, in, img := talkative(i, all[i], all[(i*7919+1)%len(all)])
		m := ours(fmt.Sprintf("display %d", i), d, in, img)
		if strings.Contains(m.text, `"Monitor"`) {
			wrote++
		}
		if strings.ContainsAny(d.Outputs[0].Told.Name+d.Outputs[1].Told.Name, "\"\r\n\x00") {
			spoilt++
			plain = append(plain, naiveModel(m.name, d, in, img))
		} else if i%29 == 0 {
			plain = append(plain, naiveModel(m.name, d, in, img))
		}
		list = append(list, m)
		if i%7 == 0 {
			checkOthers(t, m.name, d, in, img)
		}
	}
	if wrote < len(list)*99/100 {
		t.Errorf("only %d of %d machines made a Monitor section", wrote, len(list))
	}
	readBack(t, list)
	if bad := x.refused(t, list); len(bad) > 0 {
		t.Errorf("X refuses %d of %d, the first: %s: %v\n%s", len(bad), len(list), bad[0].name, bad[0].err, bad[0].text)
	}
	t.Logf("%d machines, %d with Monitor sections: X read them in %d starts", len(list), wrote, x.starts)

	x.starts = 0
	bad := x.refused(t, plain)
	t.Logf("of %d by a naive writer, %d with a display's name that ends a string, X refuses %d", len(plain), spoilt, len(bad))
	if len(bad) < spoilt || spoilt == 0 && step == 1 {
		t.Errorf("%d machines have a display with a name that ends a string, a naive writer is refused %d times only", spoilt, len(bad))
	}
}

// stepOf is 1, or more for a quick look; make test takes all.
func stepOf() int {
	if testing.Short() && os.Getenv("ATTUNE_REQUIRE") == "" {
		return 20
	}
	return 1
}

// talkative are the plans of a machine with two displays about which X has to
// be told all there is to tell.
func talkative(i int, first, second []byte) (xconfig.DisplayPlan, xconfig.InputPlan, xconfig.Image) {
	f := xtest.Card(xtest.Connected("HDMI-A-1", first), xtest.Connected("DP-1", second), detect.Connector{Name: "DP-2", Type: "DP", Status: "disconnected"})
	rotate := []string{"left", "right", "inverted", "normal"}[i%4]
	f.Inputs = []detect.Input{
		{Path: "devices/a/input/input1", Name: "keyboard", Kinds: []detect.InputKind{detect.KindKeyboard}, Vendor: 0x0627, Product: 1},
		{Path: "devices/b/input/input2", Name: "touch", Kinds: []detect.InputKind{detect.KindTouchscreen}, Vendor: 0x056a, Product: 0x5087, Direct: true},
	}
	on := true
	p := xconfig.Preferences{
		NoBlank: true, Default: "1920x1080", Scale: 1 + float64(i%3)/2, Keyboard: xconfig.Keyboard{Layout: "de", Variant: "nodeadkeys", Options: "compose:menu"},
		Touchpad: xconfig.TouchpadOptions{Tap: &on}, Stick: xconfig.PointerOptions{Profile: "flat"},
		Touch: []xconfig.TouchRule{{Device: "056a:5087", Output: xconfig.Match{Connector: "HDMI-A-1"}, Rotate: "left"}},
		Outputs: []xconfig.OutputRule{
			{Match: xconfig.Match{Connector: "HDMI-A-1"}, Mode: "highest", Rotate: rotate, Position: []string{"left-of DP-1", "above DP-1", "100,200", "same-as DP-1"}[i/4%4]},
			{Match: xconfig.Match{Connector: "DP-1"}, Primary: true, Mode: "640x480", Off: i%11 == 0},
		},
	}
	d := display.Plan(f, p)
	for i := range d.Outputs {
		d.Outputs[i].XName = strings.Replace(d.Outputs[i].Connector, "HDMI-A", "HDMI", 1)
	}
	return d, input.Plan(f, p, d), f.Image
}

// readBack holds what X reads, by a parser that is held against X's own,
// against what was meant: nothing else may be in it.
func readBack(t *testing.T, list []made) {
	t.Helper()
	failed := 0
	for _, m := range list {
		if failed > 5 {
			return
		}
		got, err := xorgconf.Parse([]byte(m.text))
		var want []xorgconf.Section
		for _, s := range m.meant {
			want = append(want, withoutWhy(s))
		}
		if err != nil || !reflect.DeepEqual(want, got) {
			failed++
			t.Errorf("%s: %v\n%s\n%.3000s", m.name, err, cmp.Diff(want, got), m.text)
		}
		for _, s := range got {
			if err := known(s); err != nil && !m.anyOption {
				failed++
				t.Errorf("%s: %v", m.name, err)
			}
		}
	}
}

func withoutWhy(s xorgconf.Section) xorgconf.Section {
	s.Why = ""
	s.Entries = entriesWithoutWhy(s.Entries)
	return s
}

func entriesWithoutWhy(entries []xorgconf.Entry) (out []xorgconf.Entry) {
	for _, e := range entries {
		e.Why, e.Sub = "", entriesWithoutWhy(e.Sub)
		out = append(out, e)
	}
	return out
}

// known are all sections and options there is a reason to write.
func known(s xorgconf.Section) error {
	sections := "Monitor InputClass OutputClass Device Screen ServerFlags"
	options := "PreferredMode Position Primary Rotate Disable PrimaryGPU AllowEmptyInitialConfiguration " +
		"BlankTime StandbyTime SuspendTime OffTime Ignore XkbLayout XkbVariant XkbModel XkbOptions Tapping NaturalScrolling DisableWhileTyping " +
		"ClickMethod AccelSpeed AccelProfile LeftHanded TransformationMatrix CalibrationMatrix"
	if !slices.Contains(strings.Fields(sections), s.Kind) {
		return fmt.Errorf("a section %s", s.Kind)
	}
	for _, e := range s.Entries {
		if e.Key == "Option" && !slices.Contains(strings.Fields(options), e.Args[0].Text) {
			return fmt.Errorf("an option %q", e.Args[0].Text)
		}
	}
	return nil
}

// A realServer reads configurations, many at once: X takes all its files for
// one text, so it takes a heap of them if it takes each.
type realServer struct {
	xcheck.Checker
	heap   int  // how many at once: X's time grows with the square of it
	alone  bool // each by itself
	mu     sync.Mutex
	starts int
}

// evil is a device no configuration has, and which hostile strings try to
// bring in.
const evil = "attune-evil"

// probe asks X for that device. X answers that it is not there, or it is.
const probe = "Section \"ServerLayout\"\n\tIdentifier \"attune-probe\"\n\tInactive \"" + evil + "\"\nEndSection\n"

func realX(t testing.TB) *realServer {
	t.Helper()
	const path = "/usr/lib/xorg/Xorg"
	if _, err := os.Stat(path); err != nil {
		corpus.Missing(t, "no X server: install xserver-xorg-core")
	}
	return &realServer{Checker: xcheck.Checker{Server: path, Temp: t.TempDir(), Limit: time.Minute}, heap: 250, alone: os.Getenv("ATTUNE_SOAK") != ""}
}

type bad struct {
	made
	err error
}

// refused are the configurations X does not take or in which it finds the evil
// device.
func (x *realServer) refused(t testing.TB, list []made) (out []bad) {
	t.Helper()
	size := x.heap
	if x.alone {
		size = 1
	}
	var heaps [][]made
	for ; len(list) > 0; list = list[min(size, len(list)):] {
		heaps = append(heaps, list[:min(size, len(list))])
	}
	found := make([][]bad, len(heaps))
	var group sync.WaitGroup
	turns := make(chan int)
	for range runtime.NumCPU() {
		group.Go(func() {
			for i := range turns {
				found[i] = x.search(t, heaps[i])
			}
		})
	}
	for i := range heaps {
		turns <- i
	}
	close(turns)
	group.Wait()
	for _, f := range found {
		out = append(out, f...)
	}
	return out
}

// search halves a heap that is refused until it finds who is to blame.
func (x *realServer) search(t testing.TB, heap []made) []bad {
	err := x.take(t, heap)
	switch {
	case err == nil:
		return nil
	case len(heap) == 1:
		return []bad{{heap[0], err}}
	}
	half := len(heap) / 2
	return append(x.search(t, heap[:half]), x.search(t, heap[half:])...)
}

// take is one start of X.
func (x *realServer) take(t testing.TB, heap []made) error {
	x.mu.Lock()
	x.starts++
	x.mu.Unlock()
	dir, err := os.MkdirTemp(x.Temp, "conf-")
	if err != nil {
		t.Error(err)
		return err
	}
	defer os.RemoveAll(dir)
	var all strings.Builder
	for _, m := range heap {
		all.WriteString(m.text)
		if m.text != "" && !strings.HasSuffix(m.text, "\n") {
			return errors.New("it does not end with a line's end")
		}
	}
	for name, text := range map[string]string{"50-made.conf": all.String(), "90-probe.conf": probe} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Error(err)
		}
	}
	err = x.Check(context.Background(), dir)
	var refusal *xcheck.Refusal
	switch {
	case errors.As(err, &refusal) && strings.HasPrefix(refusal.Text, `Undefined Device "`+evil+`" referenced by ServerLayout "attune-probe"`):
		return nil
	case err == nil:
		return errors.New("a device was brought in that nobody wrote")
	case refusal == nil:
		t.Error(err) // X was not asked
	}
	return err
}
