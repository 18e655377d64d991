package xorgconf

import (
	"errors"
	"strings"
	"testing"

	"attune/detect/edid/timing"

	"github.com/google/go-cmp/cmp"
)

// everything has each section and each kind of line there is.
var everything = []Source{
	InputClass{Name: "keys", Match: Match{Is: "Keyboard", USBID: "0627:0001", Product: "Some Keyboard", Tag: "t", Driver: "libinput", Path: "/dev/input/event*"},
		Driver: "libinput", Options: []Option{{"XkbLayout", "de", "a setting"}, {"XkbOptions", "grp:alt_shift_toggle,compose:menu", ""}}},
	OutputClass{Name: "gpu", MatchDriver: "nvidia-drm", Driver: "nvidia", ModulePath: []string{"/usr/lib/nvidia", "/usr/lib/xorg/modules"},
		Options: []Option{{"PrimaryGPU", "yes", "asked for"}}},
	Monitor{Name: "HDMI-1", Why: "a reason", WidthMM: 600, HeightMM: 340, HorizSync: [2]int{5, 1000}, VertRefresh: [2]int{5, 200}, Options: []Option{{"Position", "1920 0", ""}},
		Modelines: []Modeline{{Name: "1920x1080_60.00", Mode: timing.DMTBySize(1920, 1080, 60, false).Mode}, {Name: "i", Mode: timing.Mode{
			Clock: 74250000, HActive: 1920, HFront: 88, HSync: 44, HBack: 148, VActive: 1080, VFront: 2, VSync: 5, VBack: 15,
			HSyncPositive: true, VSyncPositive: true, Interlaced: true}}}},
	Device{Name: "d", Driver: "fbdev", BusID: "PCI:1@0:0:0", VideoRAM: 16384},
	Screen{Name: "s", Device: "d", Monitor: "HDMI-1", Depth: 24, Width: 1920, Height: 1080, Mode: "i"},
	ServerLayout{Name: "l", Screen: "s"},
	ServerFlags{Options: []Option{{"BlankTime", "0", "a kiosk"}}},
}

func TestPrintAndParseBack(t *testing.T) {
	text, err := Print("A head.\nOf two lines.", everything...)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var want []Section
	for _, s := range everything {
		want = append(want, silent(s.Section()))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

// silent leaves out the reasons, which are comments to X.
func silent(s Section) Section {
	s.Why = ""
	entries := s.Entries
	s.Entries = nil
	for _, e := range entries {
		e.Why = ""
		s.Entries = append(s.Entries, e)
	}
	return s
}

// xvidtune and cvt print these lines; X's numbers of an interlaced mode count
// lines of the whole frame.
func TestModeline(t *testing.T) {
	tests := []struct {
		name string
		mode timing.Mode
		want string
	}{
		{"1080p of CTA-861", timing.Mode{Clock: 148500000, HActive: 1920, HFront: 88, HSync: 44, HBack: 148, VActive: 1080, VFront: 4, VSync: 5, VBack: 36,
			HSyncPositive: true, VSyncPositive: true}, `"m" 148.500 1920 2008 2052 2200 1080 1084 1089 1125 +hsync +vsync`},
		{"1080i of CTA-861", timing.Mode{Clock: 74250000, HActive: 1920, HFront: 88, HSync: 44, HBack: 148, VActive: 1080, VFront: 2, VSync: 5, VBack: 15,
			HSyncPositive: true, VSyncPositive: true, Interlaced: true}, `"m" 74.250 1920 2008 2052 2200 1080 1084 1094 1125 +hsync +vsync interlace`},
	}
	for _, test := range tests {
		text, err := Text(Monitor{Name: "x", Modelines: []Modeline{{Name: "m", Mode: test.mode}}}.Section())
		if err != nil || !strings.Contains(text, "\tModeline "+test.want+"\n") {
			t.Errorf("%s: %v, want %s\n%s", test.name, err, test.want, text)
		}
	}
}

func TestRefused(t *testing.T) {
	hostile := []string{`a"b`, "a\nb", "a\rb", "a\x00b", "a\tb", "ä", "\xff", strings.Repeat("a", 256), "a#b", "a$b", "a;b", "a'b", "a<b"}
	for _, s := range hostile {
		for _, src := range []Source{
			Monitor{Name: s}, Monitor{Name: "x", Options: []Option{{s, "v", ""}}}, Monitor{Name: "x", Options: []Option{{"n", s, ""}}},
			Monitor{Name: "x", Modelines: []Modeline{{Name: s}}},
			InputClass{Name: s}, InputClass{Name: "x", Match: Match{Product: s}}, InputClass{Name: "x", Match: Match{USBID: s}}, InputClass{Name: "x", Driver: s},
			OutputClass{Name: "x", MatchDriver: s}, OutputClass{Name: "x", ModulePath: []string{s}},
			Device{Name: "x", BusID: s}, Screen{Name: "x", Device: s}, ServerLayout{Name: "x", Screen: s},
		} {
			if text, err := Print("", src); !errors.Is(err, ErrUnsafe) {
				t.Errorf("%q got into %T: %v\n%s", s, src, err, text)
			}
		}
	}
	for _, sec := range []Section{
		{Kind: "Files", Entries: []Entry{{Key: "ModulePath", Args: []Value{str("/tmp")}}}},
		{Kind: "Monitor", Entries: []Entry{{Key: "Wat", Args: []Value{str("x")}}}},
		{Kind: "Monitor", Entries: []Entry{{Key: "DisplaySize", Args: []Value{word("1 2\nEndSection"), number(1)}}}},
		{Kind: "Monitor", Entries: []Entry{{Key: "DisplaySize", Args: []Value{number(-1), number(1)}}}},
		{Kind: "Monitor", Entries: []Entry{{Key: "Identifier"}}},
		{Kind: "Monitor\"\n", Entries: []Entry{{Key: "Identifier", Args: []Value{str("x")}}}},
		{Kind: "InputClass", Entries: []Entry{{Key: "MatchIsKeyboard", Args: []Value{str("wat")}}}},
		{Kind: "InputClass", Entries: []Entry{{Key: "MatchProduct", Args: []Value{str("a|b")}}}},
		{Kind: "Screen", Entries: []Entry{{Key: "SubSection", Args: []Value{str("Files")}}}},
	} {
		if text, err := Text(sec); err == nil {
			t.Errorf("written: %s", text)
		}
	}
}

// Whatever a reason says, it stays a comment.
func TestComments(t *testing.T) {
	for _, why := range []string{"a\nSection \"Files\"", "a\rOption \"x\"", "a\x00", "\n\n\n", "ä\u2028b", strings.Repeat("x", 100_000), strings.Repeat("word ", 300), "#", "\""} {
		text, err := Print(why, Monitor{Name: "x", Why: why, Options: []Option{{"a", "b", why}}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse(text)
		if want := silent(Monitor{Name: "x", Options: []Option{{"a", "b", ""}}}.Section()); err != nil || !cmp.Equal(got, []Section{want}) {
			t.Errorf("%.20q: %v %v\n%.2000s", why, got, err, text)
		}
		for _, line := range strings.Split(string(text), "\n") {
			if len(line) > 1000 {
				t.Errorf("%.20q: a line of %d bytes", why, len(line))
			}
		}
	}
}

func TestMatches(t *testing.T) {
	tests := []struct {
		name  string
		match Match
		want  string // "" refused
	}{
		{"a pattern in a PnP id", Match{PnPID: `0*?[a]\`}, `MatchPnPID "0\*\?\[a]\\"`},
		{"an id", Match{USBID: "056a:5087"}, `MatchUSBID "056a:5087"`},
		{"a vendor's, and another", Match{USBID: "05f9:*|0c2e:0200"}, `MatchUSBID "05f9:*|0c2e:0200"`},
		{"more ids than a name has letters", Match{USBID: strings.Repeat("05f9:*|", 500) + "0c2e:0200"}, `|0c2e:0200"`},
		{"everything", Match{USBID: "*"}, ""},
		{"an empty one in a list", Match{USBID: "05f9:*|"}, ""},
		{"another in a name", Match{Product: "a|b"}, ""},
		{"a hidden one", Match{USBID: "05f9:*\" Option \"a"}, ""},
	}
	for _, test := range tests {
		test.match.Is = "Keyboard"
		text, err := Text(InputClass{Name: "x", Match: test.match}.Section())
		if (err == nil) != (test.want != "") || !strings.Contains(text, test.want) {
			t.Errorf("%s: %v\n%s", test.name, err, text)
		}
	}
}
