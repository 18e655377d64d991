package files

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"attune/detect"
	"attune/detect/edid/timing"
	"attune/internal/xtest"
	"attune/xconfig"
	"attune/xconfig/display"
	"attune/xconfig/input"
)

// injection brings in the evil device if a string of it gets into X's file in
// any of the ways a string can end.
const injection = `Section "Device" Identifier "` + evil + `" EndSection`

// hostile are strings as an attacker, or a careless vendor, puts them into an
// EDID, a USB descriptor, a HID name, the firmware's tables or a setting.
var hostile = []string{
	`a"b`, `"`, `a\"b`, `17" TFT-LCD`, "a\nb", "a\r\nb", "a\x00b", "\x00", "a|b", "|", "*", "?", "[", `\`, "%s%n", "$(id)", "`id`", "#", "# a", "<b>", "&amp;", "]]>", "-->", "'", ";", "{", "}",
	"Grüße", "\u4e2d\u6587", "\xff\xfe", "\xa0\x80", "\u2028", "\x1b[31m", " ", "", "\t", ".", "..", "../../etc/passwd",
	strings.Repeat("A", 100_000), strings.Repeat(`"`, 100_000), strings.Repeat("\n", 5000), strings.Repeat("a b ", 25_000),
	`x"` + "\nEndSection\n" + injection + "\nSection \"Monitor\"\nIdentifier \"y",
	"x\nEndSection\n" + injection + "\nSection \"Monitor\"\nIdentifier \"y",
	"x\rEndSection\r" + injection + "\rSection \"Monitor\"\rIdentifier \"y",
	"x\x00\nEndSection\n" + injection + "\nSection \"Monitor\"\nIdentifier \"y",
	"x\n" + injection, "x\r" + injection, "x\x00\n" + injection, "x\r\n" + injection + "\r\n#", "x\v" + injection, "x\u0085" + injection, "x\u2028" + injection,
	strings.Repeat("x", 1020) + "\r" + injection, strings.Repeat("x", 2047) + "\n" + injection,
	`EndSection`, `Section "Files" ModulePath "/tmp" EndSection`, "EndSection\nSection \"Files\"\nModulePath \"/tmp\"\nEndSection\n",
	`DEL`, `HDMI-1`, `1920x1080`, `PCI:1@0:0:0`, `0627:0001`, `de`, "on", "70-x.rules", `", RUN+="/bin/sh`, "\nRUN+=\"/bin/sh\"", "%c{1}", "$attr{name}", "a\nLD_PRELOAD=/tmp/x",
}

// TestHostileStrings: whatever string is anywhere in the plans, nothing comes
// of it but what was meant.
func TestHostileStrings(t *testing.T) {
	x := realX(t)
	x.heap = 20 // naive writers pass 100 kB on
	var list, plain []made
	for i, s := range hostile {
		plans := hostilePlans(s)
		for j, variant := range plans {
			m := ours(fmt.Sprintf("string %d, plan %d: %.40q", i, j, s), variant.Display, variant.Input, variant.Image)
			m.anyOption = j < len(plans)-1 // the last is made by the planners
			list = append(list, m)
			for _, write := range naiveWriters {
				if j == 1 { // strings from devices alone
					plain = append(plain, write(m.name, variant.Display, variant.Input, variant.Image))
				}
			}
			checkOthers(t, m.name, variant.Display, variant.Input, variant.Image)
		}
	}
	readBack(t, list)
	for _, b := range x.refused(t, list) {
		t.Errorf("%s: %v\n%.2000s", b.name, b.err, b.text)
	}
	bad := x.refused(t, plain)
	brought := 0
	for _, b := range bad {
		if strings.Contains(b.err.Error(), "a device was brought in") {
			brought++
		}
	}
	t.Logf("%d configurations; of %d by naive writers X refuses %d and finds in %d more a device that was brought in", len(list), len(plain), len(bad)-brought, brought)
	if len(bad) < 20 || brought < 3 {
		t.Error("the strings harm a naive writer too little to tell anything")
	}
}

type hostilePlan struct {
	Display xconfig.DisplayPlan // fill wants the fields exported
	Input   xconfig.InputPlan
	Image   xconfig.Image
}

// hostilePlans are plans with s in them: in every string there is; in those
// alone that come from devices; and what our own planners make of facts and
// preferences with s everywhere.
func hostilePlans(s string) []hostilePlan {
	var all hostilePlan
	fill(reflect.ValueOf(&all).Elem(), func() string { return s })
	all.Display.Outputs[0].State, all.Display.Outputs[1].State = "on", "off"
	names := all
	names.Display.Outputs = nil
	for i, state := range []string{"on", "on", "off", "skipped"} {
		o := all.Display.Outputs[0]
		o.State, o.XName, o.Connector, o.Rotate, o.Mirrors = state, fmt.Sprintf("HDMI-%d", i+1), fmt.Sprintf("HDMI-A-%d", i+1), "left", ""
		names.Display.Outputs = append(names.Display.Outputs, o)
	}
	names.Input.Classes = hostileClasses(s)
	names.Display.GPU = xconfig.GPUPlan{Card: s, Kernel: "i915", Primary: true, Why: s}
	names.Image = xconfig.Image{Drivers: []string{"dummy"}}
	headless := names
	headless.Display.GPU = xconfig.GPUPlan{Headless: true, Driver: "dummy", Why: s}
	headless.Display.Width, headless.Display.Height = 1024, 768
	nvidia := names
	nvidia.Display.GPU = xconfig.GPUPlan{Driver: "nvidia", Kernel: "nvidia-drm", Card: s, Why: s, Primary: true}
	nvidia.Image = xconfig.Image{Drivers: []string{"nvidia"}, NvidiaPaths: []string{s, "/usr/lib/nvidia"}}
	return []hostilePlan{all, names, headless, nvidia, planned(s)}
}

// hostileClasses have s in one place each, so that the others do not keep it
// from being written.
func hostileClasses(s string) (list []xconfig.InputClass) {
	for i := range 7 {
		c := xconfig.InputClass{Name: "touch", Match: xconfig.InputMatch{Kind: "touchscreen", USBID: "056a:5087|04f3:*"},
			Options:    []xconfig.Option{{Name: "XkbLayout", Value: "de"}},
			Properties: []xconfig.Option{{Name: "WL_OUTPUT", Value: "eDP-1"}}}
		*[]*string{&c.Name, &c.Why, &c.Match.USBID, &c.Match.Product, &c.Match.Tag, &c.Options[0].Value, &c.Properties[0].Value}[i] = s
		list = append(list, c)
	}
	return append(list, xconfig.InputClass{Name: "path", Match: xconfig.InputMatch{Kind: "pointer", Udev: map[string]string{"ID_PATH": s}}, Options: []xconfig.Option{{Name: "XkbLayout", Value: "de", Why: s}}})
}

// planned is what the planners make of facts with s in every string.
func planned(s string) (p hostilePlan) {
	var f xconfig.Facts
	fill(reflect.ValueOf(&f).Elem(), func() string { return s })
	bus := "devices/pci0000:00/0000:00:02.0"
	f.Graphics.Cards = []detect.Card{{ID: "pci-0000:00:02.0", Device: bus, Driver: "i915", BootVGA: true, Connectors: []detect.Connector{
		{Name: "HDMI-A-1", Type: "HDMI-A", Status: "connected", EDID: namedEDID(s)}, {Name: s, Type: s, Status: "connected", EDID: []byte(s)},
	}}, f.Graphics.Cards[0]}
	for i := range f.Inputs {
		f.Inputs[i].Kinds = []detect.InputKind{detect.KindTouchscreen, detect.KindKeyboard}[i%2:][:1]
		f.Inputs[i].Direct, f.Inputs[i].Ignored = true, ""
	}
	f.Image.XorgConf = ""
	var prefs xconfig.Preferences
	fill(reflect.ValueOf(&prefs).Elem(), func() string { return s })
	prefs.Outputs = append([]xconfig.OutputRule{{Match: xconfig.Match{Connector: "HDMI-A-1"}, Mode: "highest", Rotate: "left"}}, prefs.Outputs...)
	prefs.Touch = append(prefs.Touch, xconfig.TouchRule{Device: "*", Output: xconfig.Match{Connector: "HDMI-A-1"}})
	p.Image = f.Image
	p.Display = display.Plan(f, prefs)
	for i := range p.Display.Outputs {
		p.Display.Outputs[i].XName = p.Display.Outputs[i].Connector
	}
	p.Input = input.Plan(f, prefs, p.Display)
	return p
}

// namedEDID is a display which calls itself s, as far as there is room: the
// name descriptor has 13 bytes.
func namedEDID(s string) []byte {
	raw := xtest.EDID{Vendor: "DEL", Product: 1, Name: "x", WidthMM: 530, HeightMM: 300, Modes: []timing.Mode{xtest.CVT(1920, 1080, 60)}}.Bytes()
	at := strings.Index(string(raw), "\x00\x00\x00\xfc\x00")
	copy(raw[at+5:at+18], s)
	raw[127] = 0
	sum := byte(0)
	for _, c := range raw[:127] {
		sum += c
	}
	raw[127] = -sum
	return raw
}

// fill puts a string from next into every string of v, however deep, two
// elements into every list, and 1 into every number.
func fill(v reflect.Value, next func() string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(next())
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), next)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), next)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, next)
		fill(value, next)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), next)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(1)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(1)
	}
}

// FuzzFiles gives the writer plans made of any strings; a real X reads what
// it writes.
func FuzzFiles(f *testing.F) {
	for _, s := range hostile {
		f.Add([]byte(s), uint8(0))
	}
	f.Add([]byte("a\"\xfeHDMI-1\xfeon\xfe1920x1080"), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, turn uint8) {
		d, in, img := fuzzPlans(data, turn)
		m := ours("fuzz", d, in, img)
		m.anyOption = true
		readBack(t, []made{m})
		checkOthers(t, "fuzz", d, in, img)
		for _, b := range realX(t).refused(t, []made{m}) {
			t.Errorf("%v\n%s", b.err, b.text)
		}
	})
}

// fuzzPlans deals the pieces of data, between bytes FE, out to all strings of
// the plans in turn, and good words among them so that the strings come to be
// written.
func fuzzPlans(data []byte, turn uint8) (xconfig.DisplayPlan, xconfig.InputPlan, xconfig.Image) {
	words := []string{"on", "off", "HDMI-1", "HDMI-A-1", "left", "keyboard", "touchscreen", "XkbLayout", "i915", "PCI:1@0:0:0", "0627:0001", "dummy", "fbdev", "LIBINPUT_CALIBRATION_MATRIX"}
	pieces := strings.Split(string(data), "\xfe")
	r := rand.New(rand.NewPCG(uint64(turn), 7))
	var p hostilePlan
	fill(reflect.ValueOf(&p).Elem(), func() string {
		if r.IntN(3) == 0 {
			return words[r.IntN(len(words))]
		}
		return pieces[r.IntN(len(pieces))]
	})
	p.Display.GPU.Headless = turn%2 == 0
	p.Display.Width, p.Display.Height = 800, 600
	if turn%3 != 0 {
		p.Image.XorgConf = ""
	}
	return p.Display, p.Input, p.Image
}

// checkOthers holds what is true of every file that is not X's: of each line
// that is no comment, only what the writer makes.
func checkOthers(t *testing.T, name string, d xconfig.DisplayPlan, in xconfig.InputPlan, img xconfig.Image) {
	t.Helper()
	files, _ := For(d, in, img)
	if again, _ := For(d, in, img); !reflect.DeepEqual(files, again) {
		t.Errorf("%s: two runs differ", name)
	}
	if len(files) > 10 {
		t.Errorf("%s: %d files", name, len(files))
	}
	for _, f := range files {
		if len(f.Data) > 300_000 {
			t.Errorf("%s: %s has %d bytes", name, f.Name, len(f.Data))
		}
		if f.Name == mutterFile {
			checkXML(t, name, f.Data)
			continue
		}
		if shape := otherLines[f.Name]; shape != nil {
			for _, line := range strings.Split(string(f.Data), "\n") {
				if !shape.MatchString(line) {
					t.Errorf("%s: %s: %.200q", name, f.Name, line)
				}
			}
		}
	}
}

// otherLines is every line there may be in a file that is not X's.
var otherLines = map[string]*regexp.Regexp{
	udevFile: regexp.MustCompile(`^(|# [ -~]*|ACTION=="remove", GOTO="attune_end"|SUBSYSTEM!="input", GOTO="attune_end"|KERNEL!="event\*", GOTO="attune_end"|LABEL="attune_end"|` +
		`((ENV|ATTRS)\{[A-Za-z/_.0-9]+\}(==|=)"[^"%\x00-\x1f\x7f-\xff\\]*"(, |$))+)$`),
	envFile:  regexp.MustCompile(`^(|# [ -~]*|XKB_DEFAULT_(LAYOUT|VARIANT|MODEL|OPTIONS)=[A-Za-z0-9_,:()-]+)$`),
	"attune": regexp.MustCompile(`^(|! [ -~]*|Xft\.dpi: [0-9]+)$`),
	westonFile: regexp.MustCompile(`^(|# [ -~]*|\[(core|output|keyboard|libinput)\]|idle-time=0|(name|same-as)=[A-Za-z0-9_-]+|mode=[-+.@ x0-9a-z]+|transform=(normal|rotate-(90|180|270))|scale=[2-8]|` +
		`keymap_(layout|variant|model|options)=[A-Za-z0-9_,:()-]+|(enable-tap|disable-while-typing)=(true|false))$`),
	kanshiFile: regexp.MustCompile(`^(|\t?# [ -~]*|profile attune \{|\}|\toutput [A-Za-z0-9_-]+ (disable|enable( mode (--custom )?[0-9]+x[0-9]+(@[0-9.]+Hz)?)? position -?[0-9]+,-?[0-9]+( transform (normal|90|180|270))? scale [0-9.]+))$`),
}

// checkXML: well formed, and only what mutter knows.
func checkXML(t *testing.T, name string, data []byte) {
	t.Helper()
	checkMutterRule(t, name, data)
	elements := strings.Fields("monitors configuration logicalmonitor x y scale primary transform rotation flipped monitor monitorspec connector vendor product serial mode width height rate disabled")
	for d := xml.NewDecoder(bytes.NewReader(data)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Errorf("%s: %v\n%.2000s", name, err, data)
			return
		}
		if e, ok := token.(xml.StartElement); ok && (!slices.Contains(elements, e.Name.Local) || len(e.Attr) > 1) {
			t.Errorf("%s: an element %v", name, e)
		}
	}
}

// checkMutterRule: those which show the same have modes of one size; mutter
// refuses the whole file for one which has not.
func checkMutterRule(t *testing.T, name string, data []byte) {
	t.Helper()
	var all mutterMonitors
	if err := xml.Unmarshal(data, &all); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	for _, l := range all.Config.Logical {
		for _, m := range l.Monitors {
			if m.Mode.Width != l.Monitors[0].Mode.Width || m.Mode.Height != l.Monitors[0].Mode.Height {
				t.Errorf("%s: %s shows the same in another size:\n%s", name, m.Spec.Connector, data)
			}
		}
	}
}
