package report

import (
	"bytes"
	"encoding/base64"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"attune/detect/edid/timing"
	"attune/internal/desktop"
	"attune/internal/explain"
	"attune/internal/failsafe"
	"attune/internal/finding"
	"attune/internal/status"
	"attune/internal/status/timeline"
	"attune/xconfig"
)

func mode(w, h int) timing.Mode { return timing.Mode{HActive: w, VActive: h} }

// aPage has something of everything.
func aPage() Page {
	display := xconfig.DisplayPlan{
		GPU: xconfig.GPUPlan{Card: "pci-0000:00:02.0", Kind: "hybrid", Driver: "modesetting", Why: "it has the built-in panel", Offload: []string{"pci-0000:01:00.0"},
			Ladder: []xconfig.Rung{{Driver: "modesetting", Why: "the kernel drives it"}, {Driver: "fbdev", Why: "the frame buffer"}}},
		Outputs: []xconfig.Output{
			{Connector: "eDP-1", XName: "eDP-1", State: "on", Why: "connected", Name: "Panel", Internal: true, Primary: true, PrimaryWhy: "built in", Mode: mode(1920, 1200), ModeWhy: "the first",
				Forced: true, Rotate: "left", RotateWhy: "as it is mounted", Scale: 1.5, ScaleWhy: "dense", WidthMM: 300, HeightMM: 190},
			{Connector: "DP-1", XName: "DisplayPort-0", State: "on", Why: "connected", Mode: mode(2560, 1440), ModeWhy: "the first", X: 1200, PlaceWhy: "right of it", Rotate: "normal", Scale: 1, Tiles: []string{"DP-1", "DP-2"}},
			{Connector: "HDMI-A-1", State: "on", Why: "connected", Mode: mode(1920, 1080), Mirrors: "DP-1", X: 1200, Rotate: "normal", Scale: 1},
			{Connector: "VGA-1", State: "unreachable", Why: "another card"},
		},
		Width: 3760, Height: 1920, DPI: 144, DPIWhy: "eDP-1 is dense", Notes: []xconfig.Note{{Subject: "DP-1", Text: "two tiles"}},
	}
	inputs := xconfig.InputPlan{
		Keyboard:    xconfig.Keyboard{Layout: "de", Variant: "nodeadkeys"},
		KeyboardWhy: []xconfig.Note{{Subject: "settings", Text: "/etc/attune/site.toml:2"}, {Subject: "locale", Text: "says nothing"}, {Subject: "udev", Text: "us"}},
		Devices:     []xconfig.InputUse{{Name: "ELAN Touchscreen", Use: "touch", Why: "a touchscreen", Output: "eDP-1", OutputWhy: "both are built in"}, {Name: "Lid", Use: "ignored", Why: "a switch"}},
		Classes: []xconfig.InputClass{{Name: "keyboard layout", Match: xconfig.InputMatch{Kind: "keyboard", USBID: "0001:0002", Product: "x", Udev: map[string]string{"ID_PATH": "y"}},
			Options: []xconfig.Option{{Name: "XkbLayout", Value: "de", Why: "settings"}, {Name: "XkbOptions"}}, Why: "settings"}, {Name: "noise", Ignore: true, Why: "not for hands"}},
	}
	s := status.Status{
		Health:   status.Failed,
		Areas:    []status.Area{{Name: "boot", Health: status.Works}, {Name: "driver", Health: status.Failed}},
		Findings: []status.Told{{Finding: finding.New("driver.failed", "0000:03:00.0", "loading x: no"), Means: "A driver could not be loaded."}, {Finding: finding.New("state.none", "", "there is none")}},
		Machine:  status.Machine{Vendor: "Acme", Product: "Book 5", Kernel: "6.1.0", Devices: 3},
		Boot:     &status.Boot{Settled: true, TookMS: 2300, Loaded: 2},
		Drivers:  status.Drivers{Outcomes: map[explain.Outcome]int{explain.Bound: 2, explain.LoadFailed: 1}},
		Settings: []status.Setting{{Key: "keyboard.layout", Value: "de", Source: "/etc/attune/site.toml:2", Lost: 1}},
		Failsafe: &status.Failsafe{Step: "own", Number: 2, Of: 4, Failed: []failsafe.Failure{{Step: "planned", Why: "no screens found"}}},
		Unread:   []string{"the kernel's log"},
	}
	events := timeline.Parse([]byte(`{"ms":0,"kind":"start","up_ms":1900}
{"ms":100,"kind":"scan","steps":["i915","x"]}
{"ms":130,"begin_ms":100,"kind":"load","module":"x","took_ms":30,"err":"loading x: no"}
{"ms":1300,"begin_ms":100,"kind":"load","module":"i915","took_ms":1200}
{"ms":1310,"begin_ms":0,"kind":"wait","device":"devices/pci0000:00/0000:00:02.0","took_ms":1310,"waits_on":["i915"],"why":"all connectors are known"}
{"ms":1311,"kind":"ready"}
{"ms":1320,"begin_ms":1315,"kind":"load","module":"short","took_ms":5}
{"ms":2300,"kind":"settled"}
`))
	return Page{
		Version: "1.0", Status: s, Boot: events, Slowest: events.Slowest(nil), Picture: events.To(timeline.Ready, nil), Private: 12,
		Plan: &desktop.Plan{Displays: display, Inputs: inputs, Files: []xconfig.File{{Dir: xconfig.DirXorg, Name: "90-attune-output.conf", Data: []byte("Section \"Monitor\"\nEndSection\n"), Why: "what X would not do"}}},
		Devices: []Device{{ID: "pci 0000:00:02.0", Name: "Acme GPU", Outcome: explain.Bound, Why: "i915 drives it", Main: true},
			{ID: "pci 0000:03:00.0", Name: "Acme Radio", Outcome: explain.LoadFailed, Why: "no", Do: "read `dmesg`", Main: true}, {ID: "pci 0000:00:00.0", Name: "Host bridge", Outcome: explain.NoDriver, Why: "none binds"}},
		Modules: []Module{{Name: "i915", Why: "0000:00:02.0"}, {Name: "x", Why: "0000:03:00.0", Err: "loading x: no"}},
	}
}

func written(t *testing.T, p Page) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// GOLDEN=1 writes the page anew; look at it in a browser.
func TestGoldenPage(t *testing.T) {
	const file = "testdata/page.html"
	got := written(t, aPage())
	if os.Getenv("GOLDEN") != "" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A machine nothing is known of has a page as well.
func TestEmptyPage(t *testing.T) {
	got := written(t, Page{})
	for _, want := range []string{"Nothing needs attention", "There is no timeline", "a machine that does not say its make"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
}

// The one style is the one the page's rules allow, byte for byte.
func TestPolicyIsOfTheStyle(t *testing.T) {
	got := written(t, aPage())
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(got)
	if len(style) != 2 || style[1] != css || !strings.Contains(css, "prefers-color-scheme:dark") {
		t.Fatal("the style is not as it is in the file")
	}
	if _, err := base64.StdEncoding.DecodeString(regexp.MustCompile(`sha256-([^']*)'`).FindStringSubmatch(policy())[1]); err != nil {
		t.Error(err)
	}
	if strings.Count(got, "Content-Security-Policy") != 1 || strings.Index(got, "Content-Security-Policy") > strings.Index(got, "<style>") {
		t.Error("the rules do not come before what they are about")
	}
}

// Whatever stands in the record of a boot, every place on the page is on it.
func TestDrawnToScale(t *testing.T) {
	pic := draw(aPage().Plan.Displays)
	if pic == nil || len(pic.Screens) != 3 {
		t.Fatalf("%+v", pic)
	}
	edp, dp := pic.Screens[0], pic.Screens[1]
	if k := edp.W / 1200; edp.H/1920-k > 0.001 || dp.W/2560-k > 0.001 || dp.X-edp.X-1200*k > 0.001 {
		t.Errorf("not to one scale: %+v %+v", edp, dp)
	}
	for _, s := range pic.Screens {
		if s.X < 0 || s.Y < 0 || s.X+s.W > pic.W || s.Y+s.H > pic.H {
			t.Errorf("%s is not on the picture", s.Title)
		}
	}
}

func TestTicks(t *testing.T) {
	for end, want := range map[int64]string{1: "0 1 ms", 7: "0 2 ms 4 ms 6 ms", 999: "0 200 ms 400 ms 600 ms 800 ms", 2300: "0 500 ms 1.0 s 1.5 s 2.0 s", 30_000: "0 10.0 s 20.0 s 30.0 s"} {
		var got []string
		for _, k := range ticks(end) {
			got = append(got, k.Label)
			if k.At < 0 || k.At > 100 {
				t.Errorf("%d: %v", end, k)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d ms: %q, want %q", end, got, want)
		}
	}
}

// A long chain is told by its ends and what took long, and nothing of it is lost.
func TestSteps(t *testing.T) {
	var c timeline.Chain
	var sum int64
	for i := range 60 {
		ms := int64(i % 7)
		sum += ms
		c = append(c, timeline.Link{Span: timeline.Span{Kind: timeline.Load, Name: "m", Begin: int64(i * 10), End: int64(i*10) + ms}})
	}
	all, n := steps(c), 0
	for _, s := range all {
		n += max(1, s.Folded)
		sum -= s.MS
	}
	if n != 60 || sum != 0 || len(all) > 2*told+3 {
		t.Errorf("%d links in %d lines, %d ms lost", n, len(all), sum)
	}
}
