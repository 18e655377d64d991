package settings_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"attune/detect"
	"attune/internal/settings"
	"attune/xconfig"
)

// A world is all that Read takes; asks is how each rank asks for something in it.
type world struct {
	root    fstest.MapFS
	cmdline string
	machine settings.Machine
	layers  []settings.Layer
}

func newWorld() *world {
	return &world{
		root:    fstest.MapFS{"usr/lib/attune/vendor.d/00.toml": file("profile = \"p\"\n"), "usr/lib/attune/profiles/p.toml": file("")},
		machine: settings.Machine{DMI: detect.DMI{ProductName: "T480"}},
	}
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func (w *world) read() (settings.Settings, []error) {
	return settings.Read(w.root, w.cmdline, w.machine, w.layers...)
}

// asks: every rank says key = value, each where its files are, and gives the
// source that is to be told. Names are such that their order says the contrary.
var asks = []struct {
	rank settings.Rank
	ask  func(w *world, key, value string) (source string)
}{
	{settings.Vendor, func(w *world, key, value string) string {
		w.root["usr/lib/attune/vendor.d/zz.toml"] = file("\n\n" + key + " = " + value + "\n")
		return "/usr/lib/attune/vendor.d/zz.toml:3"
	}},
	{settings.Image, func(w *world, key, value string) string {
		w.root["usr/lib/attune/yy.toml"] = file("\n" + key + " = " + value + "\n")
		return "/usr/lib/attune/yy.toml:2"
	}},
	{settings.Profile, func(w *world, key, value string) string {
		w.root["usr/lib/attune/profiles/p.toml"] = file(key + " = " + value + "\n")
		return "/usr/lib/attune/profiles/p.toml:1"
	}},
	{settings.Quirk, func(w *world, key, value string) string {
		w.root["usr/lib/attune/quirks.d/q.toml"] = file("[[quirk]]\ncomment = \"c\"\nlink = \"https://l\"\nmatch.dmi.product_name = \"T480\"\n[quirk.set]\n" + key + " = " + value + "\n")
		return "/usr/lib/attune/quirks.d/q.toml:6"
	}},
	{settings.Site, func(w *world, key, value string) string {
		w.root["etc/attune/bb.toml"] = file(key + " = " + value + "\n")
		return "/etc/attune/bb.toml:1"
	}},
	{settings.LocalState, func(w *world, key, value string) string {
		w.layers = append(w.layers, settings.Layer{Rank: settings.LocalState, Source: "/var/lib/attune/records/x.json",
			Values: map[string]any{key: bare(value)}})
		return "/var/lib/attune/records/x.json"
	}},
	{settings.Credential, func(w *world, key, value string) string {
		w.root["run/credentials/@system/attune."+key] = file(bare(value) + "\n")
		return "credential attune." + key
	}},
	{settings.Cmdline, func(w *world, key, value string) string {
		w.cmdline = "quiet attune." + key + "=" + bare(value) + " splash"
		return "kernel command line"
	}},
}

func bare(value string) string { return strings.Trim(value, `"`) }

// rankCases are settings of each type and what each rank gives them.
var rankCases = []struct {
	key   string
	value func(rank int) string // TOML
}{
	{"display.dpi", func(r int) string { return fmt.Sprint(100 + r) }},
	{"display.scale", func(r int) string { return fmt.Sprintf("1.%d", r+1) }},
	{"keyboard.layout", func(r int) string { return fmt.Sprintf("%q", "l"+fmt.Sprint(r)) }},
	{"display.mirror", func(r int) string { return fmt.Sprint(r%2 == 0) }},
	{"mouse.speed", func(r int) string { return fmt.Sprintf("0.%d", r+1) }},
	{"boot.deadline", func(r int) string { return fmt.Sprintf("\"%ds\"", r+1) }},
}

// Of any two ranks the higher wins, and who asks is told of both.
func TestEveryPairOfRanks(t *testing.T) {
	for _, c := range rankCases {
		for low := range asks {
			for high := low + 1; high < len(asks); high++ {
				t.Run(fmt.Sprintf("%s/%v below %v", c.key, asks[low].rank, asks[high].rank), func(t *testing.T) {
					w := newWorld()
					winner := asks[high].ask(w, c.key, c.value(high))
					loser := asks[low].ask(w, c.key, c.value(low))
					s, errs := w.read()
					if len(errs) > 0 {
						t.Fatal(errs)
					}
					e, err := s.Explain(c.key)
					if err != nil || !e.Set || len(e.Winner) != 1 || len(e.Lost) != 1 {
						t.Fatalf("%+v, %v", e, err)
					}
					if e.Value != bare(c.value(high)) || e.Winner[0].Source != winner || e.Winner[0].Rank != asks[high].rank {
						t.Errorf("won: %s by %+v, want %s by %s", e.Value, e.Winner[0], c.value(high), winner)
					}
					if l := e.Lost[0]; l.Value != bare(c.value(low)) || l.Source != loser || l.Rank != asks[low].rank || l.Lost != "lower rank than "+winner {
						t.Errorf("lost: %+v, want %s by %s", l, c.value(low), loser)
					}
					if got := s.Preferences.Sources[c.key]; got != winner {
						t.Errorf("the plan names %s", got)
					}
				})
			}
		}
	}
}

// With the strongest taken away each time, the next one has its say.
func TestAllRanksAtOnce(t *testing.T) {
	for n := len(asks); n > 0; n-- {
		w := newWorld()
		for i, a := range asks[:n] {
			a.ask(w, "display.dpi", fmt.Sprint(100+i))
		}
		s, errs := w.read()
		if len(errs) > 0 || s.Preferences.DPI != 100+n-1 {
			t.Errorf("with %v on top: %d, %v", asks[n-1].rank, s.Preferences.DPI, errs)
		}
		e, _ := s.Explain("display.dpi")
		if len(e.Lost) != n-1 {
			t.Errorf("with %v on top %d lost", asks[n-1].rank, len(e.Lost))
		}
		for i, l := range e.Lost {
			if l.Rank != asks[n-2-i].rank {
				t.Errorf("lost in the order %+v", e.Lost)
			}
		}
	}
}

// Lists add up over the ranks, and a higher one takes away what a lower one put in.
func TestListsAddUp(t *testing.T) {
	for low := range asks {
		for high := low + 1; high < len(asks); high++ {
			t.Run(fmt.Sprintf("%v below %v", asks[low].rank, asks[high].rank), func(t *testing.T) {
				w := newWorld()
				asks[low].ask(w, "modules.deny", `"one,two-x"`)
				asks[high].ask(w, "modules.deny", `"three,-two_x"`)
				s, errs := w.read()
				e, _ := s.Explain("modules.deny")
				if len(errs) > 0 || e.Value != "one,three" || len(e.Winner) != 2 {
					t.Errorf("%+v, %v", e, errs)
				}
			})
		}
	}
}

// Rules of a higher rank are asked first; those of a live system's parameter
// before all.
func TestRulesByRank(t *testing.T) {
	rule := func(mode string) string { return "[[output]]\nrole = \"any\"\nmode = \"" + mode + "\"\n" }
	w := newWorld()
	w.root["usr/lib/attune/vendor.d/zz.toml"] = file(rule("800x600"))
	w.root["usr/lib/attune/yy.toml"] = file(rule("1024x768"))
	w.root["usr/lib/attune/profiles/p.toml"] = file(rule("1152x864"))
	w.root["usr/lib/attune/quirks.d/q.toml"] = file("[[quirk]]\ncomment = \"c\"\nlink = \"https://l\"\nmatch.dmi.product_name = \"T480\"\n" + strings.Replace(rule("1280x720"), "[[output]]", "[[quirk.output]]", 1))
	w.root["etc/attune/bb.toml"] = file(rule("1280x800"))
	w.layers = []settings.Layer{{Rank: settings.LocalState, Source: "record", Outputs: []xconfig.OutputRule{{Match: xconfig.Match{Role: "any"}, Mode: "1366x768", Source: "record"}}}}
	w.root["run/credentials/@system/attune.settings"] = file("\n" + rule("1600x900"))
	w.cmdline = "xorg-resolution=1920x1080"
	s, errs := w.read()
	if len(errs) > 0 {
		t.Error(errs)
	}
	want := []string{
		"1920x1080 kernel command line, xorg-resolution", "1600x900 credential attune.settings:2", "1366x768 record", "1280x800 /etc/attune/bb.toml:1",
		"1280x720 /usr/lib/attune/quirks.d/q.toml:5", "1152x864 /usr/lib/attune/profiles/p.toml:1", "1024x768 /usr/lib/attune/yy.toml:1", "800x600 /usr/lib/attune/vendor.d/zz.toml:1",
	}
	var got []string
	for _, o := range s.Preferences.Outputs {
		got = append(got, o.Mode+" "+o.Source)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

// A value that is wrong does not win, and who asks is told why.
func TestWrongValueLoses(t *testing.T) {
	for low := range asks {
		for high := low + 1; high < len(asks); high++ {
			w := newWorld()
			winner := asks[low].ask(w, "display.dpi", "120")
			asks[high].ask(w, "display.dpi", "9999")
			s, errs := w.read()
			e, _ := s.Explain("display.dpi")
			if s.Preferences.DPI != 120 || len(errs) != 1 || len(e.Lost) != 1 || e.Winner[0].Source != winner || !strings.HasPrefix(e.Lost[0].Lost, "wrong: want a whole number") {
				t.Errorf("%v below %v: %+v, %v", asks[low].rank, asks[high].rank, e, errs)
			}
		}
	}
}
