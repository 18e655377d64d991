package files

import (
	"reflect"
	"strings"
	"testing"

	"attune/detect"
	"attune/detect/edid/timing"
	"attune/internal/xtest"
	"attune/xconfig"
	"attune/xconfig/display"
	"attune/xconfig/input"
)

// planFiles are the files of facts and preferences, by "dir/name".
func planFiles(f xconfig.Facts, p xconfig.Preferences) (map[string]string, []xconfig.Note) {
	d := display.Plan(f, p)
	for i := range d.Outputs {
		d.Outputs[i].XName = strings.Replace(d.Outputs[i].Connector, "HDMI-A", "HDMI", 1)
	}
	return byName(For(d, input.Plan(f, p, d), f.Image))
}

func byName(list []xconfig.File, notes []xconfig.Note) (map[string]string, []xconfig.Note) {
	files := map[string]string{}
	for _, f := range list {
		files[string(f.Dir)+"/"+f.Name] = string(f.Data)
	}
	return files, notes
}

// plainInputs are what every machine has.
var plainInputs = []detect.Input{
	{Path: "devices/a/input/input1", Name: "AT Translated Set 2 keyboard", Kinds: []detect.InputKind{detect.KindKeyboard}, Vendor: 1, Product: 1},
	{Path: "devices/b/input/input2", Name: "Some Mouse", Kinds: []detect.InputKind{detect.KindMouse}, Vendor: 0x046d, Product: 0xc077},
}

// Plain hardware: one screen with a good EDID, a us keyboard. X and Wayland
// compositors do all of it by themselves.
func TestPlainHardwareGetsNothing(t *testing.T) {
	f := xtest.Card(xtest.Connected("HDMI-A-1", xtest.HD24.Bytes(), "1920x1080", "1280x720"), detect.Connector{Name: "DP-1", Type: "DP", Status: "disconnected"})
	f.Inputs = plainInputs
	for _, kbd := range []map[string]string{nil, {"XKBLAYOUT": "us", "XKBMODEL": "pc105"}} {
		f.Image.DefaultKbd = kbd
		if files, notes := planFiles(f, xconfig.Preferences{}); len(files) != 0 || len(notes) != 0 {
			t.Errorf("%v %v", files, notes)
		}
	}
}

// Of the corpus' displays, each alone on a machine, most are plain; what is
// written for the others is the size of text, or the one mode X would not take.
func TestPlainDisplays(t *testing.T) {
	all := xtest.EDIDs(t)
	wrote := map[string]int{}
	for i := 0; i < len(all); i += stepOf() {
		f := xtest.Card(xtest.Connected("HDMI-A-1", all[i]))
		f.Inputs = plainInputs
		d := display.Plan(f, xconfig.Preferences{})
		d.Outputs[0].XName = "HDMI-1"
		in := input.Plan(f, xconfig.Preferences{}, d)
		files, _ := For(d, in, f.Image)
		if again, _ := For(d, in, f.Image); i%5 == 0 && !reflect.DeepEqual(files, again) {
			t.Errorf("display %d: two runs differ", i)
		}
		o := d.Outputs[0]
		for _, file := range files {
			wrote[string(file.Dir)+"/"+file.Name]++
			needed := map[xconfig.Dir]bool{
				xconfig.DirXorg:       o.Forced || o.State == "skipped",
				xconfig.DirXresources: d.DPI != 96,
				xconfig.DirWayland:    o.Forced || o.Scale != 1 && file.Name != mutterFile, // mutter finds its own scale
			}
			if !needed[file.Dir] {
				t.Errorf("display %d: needless %s:\n%s", i, file.Name, file.Data)
			}
		}
	}
	t.Logf("of %d displays: %v", len(all), wrote)
	if n := wrote["xorg.conf.d/"+outputFile]; n*50 > len(all) {
		t.Errorf("X is told of %d outputs", n)
	}
}

func two() xconfig.Facts {
	return xtest.Card(xtest.Connected("HDMI-A-1", xtest.HD24.Bytes(), "1920x1080", "1280x720"), xtest.Connected("DP-1", xtest.HD24.Bytes(), "1920x1080", "1280x720"))
}

func ruleFor(connector string, r xconfig.OutputRule) xconfig.OutputRule {
	r.Match.Connector = connector
	return r
}

func TestSituations(t *testing.T) {
	yes := true
	lone := xtest.Card(xtest.Connected("HDMI-A-1", xtest.HD24.Bytes(), "1920x1080", "1280x720"))
	dumb := xtest.Card(xtest.Connected("HDMI-A-1", nil))
	turned := xtest.Card(detect.Connector{Name: "DSI-1", Type: "DSI", Status: "connected", EDID: xtest.Tablet.Bytes(), Internal: true, Orientation: "Right Side Up"})
	admin := two()
	admin.Image.XorgConf = "/etc/X11/xorg.conf"
	headless := xconfig.Facts{Image: xconfig.Image{XServer: "x", Drivers: []string{"dummy", "modesetting"}}}
	tests := []struct {
		name   string
		facts  xconfig.Facts
		prefs  xconfig.Preferences
		want   map[string]string // file: what is in it, a line each; "" is not there
		noteOn string
	}{
		{"a rotated screen", lone, xconfig.Preferences{Outputs: []xconfig.OutputRule{ruleFor("HDMI-A-1", xconfig.OutputRule{Rotate: "left"})}}, map[string]string{
			"xorg.conf.d/90-attune-output.conf": "Identifier \"HDMI-1\"\nOption \"Rotate\" \"left\"", "xorg.conf.d/10-attune-input.conf": "MatchIsTouchscreen \"on\"\nOption \"TransformationMatrix\"",
			"wayland/weston/weston.ini": "name=HDMI-A-1\ntransform=rotate-90", "wayland/kanshi/config": "output HDMI-A-1 enable position 0,0 transform 90 scale 1",
			"wayland/monitors.xml": "<rotation>left</rotation>\n<connector>HDMI-1</connector>\n<vendor>DEL</vendor>\n<product>ATTUNE 24</product>\n<serial>0x0000002a</serial>"}, ""},
		{"a lesser mode", lone, xconfig.Preferences{Outputs: []xconfig.OutputRule{ruleFor("HDMI-A-1", xconfig.OutputRule{Mode: "1280x720"})}}, map[string]string{
			"xorg.conf.d/90-attune-output.conf": "Modeline \"1280x720_59.98\nOption \"PreferredMode\" \"1280x720_59.98\"", "wayland/weston/weston.ini": "mode=1280x720@60.0"}, ""},
		{"off, and the other alone", two(), xconfig.Preferences{Outputs: []xconfig.OutputRule{ruleFor("DP-1", xconfig.OutputRule{Off: true})}}, map[string]string{
			"xorg.conf.d/90-attune-output.conf": "Identifier \"DP-1\"\nOption \"Disable\" \"true\"", "wayland/kanshi/config": "output DP-1 disable",
			"wayland/monitors.xml": "<disabled>\n<connector>DP-1</connector>"}, ""},
		{"left of the other: all are told", two(), xconfig.Preferences{Outputs: []xconfig.OutputRule{ruleFor("DP-1", xconfig.OutputRule{Position: "left-of HDMI-A-1"})}}, map[string]string{
			"xorg.conf.d/90-attune-output.conf": "Identifier \"HDMI-1\"\nOption \"PreferredMode\" \"1920x1080\nOption \"Position\" \"1920 0\"\nIdentifier \"DP-1\"\nOption \"PreferredMode\" \"1920x1080\nOption \"Position\" \"0 0\""}, ""},
		{"the second is the primary one: all are told", two(), xconfig.Preferences{Primary: "connector=DP-1", Outputs: []xconfig.OutputRule{ruleFor("DP-1", xconfig.OutputRule{Primary: true})}}, map[string]string{
			"xorg.conf.d/90-attune-output.conf": "Identifier \"HDMI-1\"\nOption \"Position\" \"0 0\"\nIdentifier \"DP-1\"\nOption \"Position\" \"1920 0\"\nOption \"Primary\" \"true\""}, ""},
		{"no EDID and a default mode", dumb, xconfig.Preferences{Default: "1920x1080"}, map[string]string{
			"xorg.conf.d/90-attune-output.conf": "Modeline \"1920x1080_60.00\" 148.500 1920 2008 2052 2200 1080 1084 1089 1125 +hsync +vsync\nOption \"PreferredMode\" \"1920x1080_60.00\"",
			"wayland/weston/weston.ini":         "mode=148.50 1920 2008 2052 2200 1080 1084 1089 1125 +hsync +vsync", "wayland/kanshi/config": "mode --custom 1920x1080@60.000Hz"}, ""},
		{"a panel built in turned: Wayland sees it, X does not", turned, xconfig.Preferences{}, map[string]string{
			"xorg.conf.d/90-attune-output.conf": "Identifier \"DSI-1\"\nOption \"Rotate\" \"right\"", "wayland/weston/weston.ini": ""}, ""},
		{"an administrator's xorg.conf: input alone", admin, xconfig.Preferences{NoBlank: true, Touchpad: xconfig.TouchpadOptions{Tap: &yes}, Outputs: []xconfig.OutputRule{ruleFor("DP-1", xconfig.OutputRule{Off: true})}}, map[string]string{
			"xorg.conf.d/90-attune-output.conf": "", "xorg.conf.d/10-attune-input.conf": "Option \"Tapping\" \"on\"\nOption \"BlankTime\" \"0\""}, outputFile},
		{"a kiosk", lone, xconfig.Preferences{NoBlank: true}, map[string]string{
			"xorg.conf.d/10-attune-input.conf": "Section \"ServerFlags\"\nOption \"BlankTime\" \"0\"\nOption \"OffTime\" \"0\"", "xorg.conf.d/90-attune-output.conf": "",
			"wayland/weston/weston.ini": "[core]\nidle-time=0", "wayland/kanshi/config": ""}, ""},
		{"a German keyboard", lone, xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "de", Options: "compose:menu"}}, map[string]string{
			"xorg.conf.d/10-attune-input.conf": "MatchIsKeyboard \"on\"\nOption \"XkbLayout\" \"de\"\nOption \"XkbOptions\" \"compose:menu\"\nbarcode scanners\nOption \"XkbLayout\" \"us\"",
			"environment/60-attune.conf":       "XKB_DEFAULT_LAYOUT=de\nXKB_DEFAULT_OPTIONS=compose:menu", "wayland/weston/weston.ini": "[keyboard]\nkeymap_layout=de"}, ""},
		{"no display at all, a picture asked for", headless, xconfig.Preferences{Headless: "1280x800"}, map[string]string{
			"xorg.conf.d/90-attune-output.conf": "Section \"Monitor\"\nModeline \"1280x800\"\nSection \"Device\"\nDriver \"dummy\"\nSection \"Screen\"\nVirtual 1280 800"}, outputFile},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files, notes := planFiles(test.facts, test.prefs)
			for name, want := range test.want {
				has(t, name, files[name], want)
			}
			for _, n := range notes {
				if test.noteOn == "" || n.Subject != test.noteOn {
					t.Errorf("a note: %v", n)
				}
			}
			if test.noteOn != "" && len(notes) == 0 {
				t.Error("nobody is told")
			}
		})
	}
}

// has looks for each line of want, in order.
func has(t *testing.T, name, text, want string) {
	t.Helper()
	if want == "" && text != "" {
		t.Errorf("%s was written:\n%s", name, text)
	}
	rest := text
	for _, line := range strings.Split(want, "\n") {
		_, after, ok := strings.Cut(rest, line)
		if !ok {
			t.Errorf("%s: no %s in the rest of\n%s", name, line, text)
			return
		}
		rest = after
	}
}

func TestCards(t *testing.T) {
	all := []string{"amdgpu", "dummy", "fbdev", "modesetting", "nvidia", "vesa"}
	tests := []struct {
		name string
		gpu  xconfig.GPUPlan
		img  xconfig.Image
		want string // lines of the output file, "" no file
		note string // part of a note
	}{
		{"X's own choice", xconfig.GPUPlan{Card: "pci-0000:00:02.0", Kernel: "i915", Ladder: []xconfig.Rung{{Driver: "auto"}}}, xconfig.Image{Drivers: all}, "", ""},
		{"another card first", xconfig.GPUPlan{Card: "pci-0000:01:00.0", Kernel: "amdgpu", Driver: "modesetting", Primary: true, Why: "asked for"}, xconfig.Image{Drivers: all},
			"# asked for\nSection \"OutputClass\"\nMatchDriver \"amdgpu\"\nDriver \"modesetting\"\nOption \"PrimaryGPU\" \"yes\"", ""},
		{"the second of two alike", xconfig.GPUPlan{Card: "pci-0000:02:00.0", Kernel: "amdgpu", Primary: true, Ladder: []xconfig.Rung{{Driver: "auto", BusID: "PCI:2@0:0:0", Why: "two alike"}}},
			xconfig.Image{Drivers: all}, "Section \"Device\"\nBusID \"PCI:2@0:0:0\"", "names a device"},
		{"nvidia", xconfig.GPUPlan{Card: "pci-0000:01:00.0", Kernel: "nvidia-drm", Driver: "nvidia", Primary: true, Ladder: []xconfig.Rung{{Driver: "nvidia"}}},
			xconfig.Image{Drivers: all, NvidiaPaths: []string{"/usr/lib/nvidia/current"}},
			"Section \"OutputClass\"\nMatchDriver \"nvidia-drm\"\nDriver \"nvidia\"\nModulePath \"/usr/lib/nvidia/current\"\nOption \"AllowEmptyInitialConfiguration\" \"true\"\nOption \"PrimaryGPU\" \"yes\"", ""},
		{"a framebuffer on a card without a driver", xconfig.GPUPlan{Device: "devices/x", Driver: "fbdev", Ladder: []xconfig.Rung{{Driver: "fbdev", BusID: "PCI:0@0:1:0", Why: "X would stop"}}},
			xconfig.Image{Drivers: all}, "# X would stop\nSection \"Device\"\nDriver \"fbdev\"\nBusID \"PCI:0@0:1:0\"", "names a device"},
		{"the end of the ladder", xconfig.GPUPlan{Card: "c", Driver: "dummy", Ladder: []xconfig.Rung{{Driver: "dummy"}}}, xconfig.Image{Drivers: all},
			"Modeline \"1024x768\"\nDriver \"dummy\"\nVirtual 1024 768", "a screen in memory"},
		{"a driver that is not there", xconfig.GPUPlan{Card: "c", Driver: "nvidia", Kernel: "nvidia-drm"}, xconfig.Image{Drivers: []string{"modesetting"}}, "", "is not in this image"},
		{"a card no driver is known for", xconfig.GPUPlan{Card: "c", Primary: true}, xconfig.Image{Drivers: all}, "", "no driver for it is known"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files, notes := byName(For(xconfig.DisplayPlan{GPU: test.gpu}, xconfig.InputPlan{}, test.img))
			has(t, outputFile, files["xorg.conf.d/"+outputFile], test.want)
			told := false
			for _, n := range notes {
				told = told || test.note != "" && strings.Contains(n.Text, test.note)
			}
			if told != (test.note != "") {
				t.Errorf("notes: %v", notes)
			}
			for _, section := range []string{"Screen", "ServerLayout"} {
				if test.gpu.Driver != "dummy" && strings.Contains(files["xorg.conf.d/"+outputFile], "Section \""+section) {
					t.Errorf("a section %s, which would win over an administrator's", section)
				}
			}
		})
	}
}

// A mirror shows the other's picture at its place; a rate that X cannot tell
// by a mode's name has a timing of its own.
func TestMirrorAndRate(t *testing.T) {
	m := timing.DMTBySize(1024, 768, 75, false).Mode
	d := xconfig.DisplayPlan{Outputs: []xconfig.Output{
		{Card: "c", Connector: "HDMI-A-1", XName: "HDMI-1", State: "on", Primary: true, Mode: m, Forced: true, Rotate: "normal", Scale: 1, Display: "DEL-0001"},
		{Card: "c", Connector: "VGA-1", XName: "VGA-1", State: "on", Mode: m, Forced: true, Rotate: "normal", Scale: 1, Mirrors: "HDMI-A-1", Display: "DEL-0002"},
	}}
	files, _ := byName(For(d, xconfig.InputPlan{}, xtest.Debian12))
	has(t, outputFile, files["xorg.conf.d/"+outputFile], "PreferredMode\" \"1024x768_75.03\"\nPosition\" \"0 0\"\nIdentifier \"VGA-1\"\nPreferredMode\" \"1024x768_75.03\"\n# shows the same as HDMI-A-1\nPosition\" \"0 0\"")
	has(t, "weston.ini", files["wayland/weston/weston.ini"], "name=VGA-1\nsame-as=HDMI-A-1")
	if n := strings.Count(files["wayland/monitors.xml"], "<logicalmonitor>"); n != 1 && files["wayland/monitors.xml"] != "" {
		t.Errorf("%d logical monitors:\n%s", n, files["wayland/monitors.xml"])
	}
}
