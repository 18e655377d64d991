package display

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"attune/detect"
	"attune/detect/edid/timing"
	"attune/internal/xtest"
	"attune/xconfig"
)

// places writes a plan's outputs in one line each: "HDMI-A-1 1920x1080+0+0".
func places(d xconfig.DisplayPlan) string {
	var lines []string
	for _, o := range d.Outputs {
		if o.State != "on" {
			lines = append(lines, o.Connector+" "+o.State)
			continue
		}
		w, h := o.Extent()
		line := fmt.Sprintf("%s %dx%d+%d+%d", o.Connector, w, h, o.X, o.Y)
		if o.Rotate != "normal" {
			line += " " + o.Rotate
		}
		if o.Mirrors != "" {
			line += " =" + o.Mirrors
		}
		if o.Primary {
			line += " primary"
		}
		if o.Forced {
			line += " forced"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestPlaces(t *testing.T) {
	hd, uhd := xtest.Connected("HDMI-A-1", xtest.HD24.Bytes()), xtest.Connected("DP-1", xtest.UHD27.Bytes())
	edp := xtest.Connected("eDP-1", xtest.Panel.Bytes())
	turned := xtest.Connected("DSI-1", xtest.Tablet.Bytes())
	turned.Orientation = "Right Side Up"
	leftUp, upsideDown := turned, turned
	leftUp.Orientation, upsideDown.Orientation = "Left Side Up", "Upside Down"
	silent := xtest.Connected("VGA-1", nil)
	rule := func(connector string, o xconfig.OutputRule) xconfig.OutputRule {
		o.Match.Connector = connector
		return o
	}
	for _, c := range []struct {
		name  string
		on    []detect.Connector
		prefs xconfig.Preferences
		want  string
	}{
		{"the panel comes first, wherever the kernel has it", []detect.Connector{hd, edp}, xconfig.Preferences{},
			"HDMI-A-1 1920x1080+1920+0\neDP-1 1920x1080+0+0 primary"},
		{"side by side, the larger one primary", []detect.Connector{hd, uhd}, xconfig.Preferences{},
			"HDMI-A-1 1920x1080+0+0\nDP-1 3840x2160+1920+0 primary"},
		{"one below the other", []detect.Connector{hd, uhd}, xconfig.Preferences{Arrange: "below"},
			"HDMI-A-1 1920x1080+0+0\nDP-1 3840x2160+0+1080 primary"},
		{"leftwards", []detect.Connector{hd, uhd}, xconfig.Preferences{Arrange: "left-of"},
			"HDMI-A-1 1920x1080+3840+0\nDP-1 3840x2160+0+0 primary"},
		{"upwards", []detect.Connector{hd, uhd}, xconfig.Preferences{Arrange: "above"},
			"HDMI-A-1 1920x1080+0+2160\nDP-1 3840x2160+0+0 primary"},
		{"a rule of place", []detect.Connector{edp, hd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{rule("HDMI-*", xconfig.OutputRule{Position: "left-of eDP-1"})}},
			"eDP-1 1920x1080+1920+0 primary\nHDMI-A-1 1920x1080+0+0"},
		{"points with a gap between them", []detect.Connector{hd, uhd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{rule("HDMI-*", xconfig.OutputRule{Position: "0,0"}), rule("DP-1", xconfig.OutputRule{Position: "2500,100"})}},
			"HDMI-A-1 1920x1080+0+0\nDP-1 3840x2160+1920+100 primary"},
		{"points that overlap", []detect.Connector{hd, uhd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{rule("HDMI-*", xconfig.OutputRule{Position: "0,0"}), rule("DP-1", xconfig.OutputRule{Position: "1900,0"})}},
			"HDMI-A-1 1920x1080+0+0\nDP-1 3840x2160+1920+0 primary"},
		{"points left of and above nothing", []detect.Connector{hd, uhd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{rule("HDMI-*", xconfig.OutputRule{Position: "-1920,-50"}), rule("DP-1", xconfig.OutputRule{Position: "0,0"})}},
			"HDMI-A-1 1920x1080+0+0\nDP-1 3840x2160+1920+50 primary"},
		{"each beside the other", []detect.Connector{hd, uhd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{rule("HDMI-*", xconfig.OutputRule{Position: "left-of DP-1"}), rule("DP-1", xconfig.OutputRule{Position: "left-of HDMI-A-1"})}},
			"HDMI-A-1 1920x1080+0+0\nDP-1 3840x2160+1920+0 primary"},
		{"a chain, last first", []detect.Connector{edp, hd, uhd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{rule("eDP-1", xconfig.OutputRule{Position: "below HDMI-A-1"}), rule("HDMI-*", xconfig.OutputRule{Position: "right-of DP-1"})}},
			"eDP-1 1920x1080+3840+1080 primary\nHDMI-A-1 1920x1080+3840+0\nDP-1 3840x2160+0+0"},
		{"off by rule", []detect.Connector{edp, hd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{{Match: xconfig.Match{Role: "internal"}, Off: true}}},
			"eDP-1 off\nHDMI-A-1 1920x1080+0+0 primary"},
		{"all off by rule: one stays", []detect.Connector{edp, hd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{{Match: xconfig.Match{Role: "any"}, Off: true}}},
			"eDP-1 1920x1080+0+0 primary\nHDMI-A-1 off"},
		{"mirrored in the size both have", []detect.Connector{hd, uhd}, xconfig.Preferences{Mirror: true},
			"HDMI-A-1 1920x1080+0+0 =DP-1\nDP-1 1920x1080+0+0 primary forced"},
		{"same as another by rule", []detect.Connector{edp, hd, uhd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{rule("DP-1", xconfig.OutputRule{Position: "same-as eDP-1"})}},
			"eDP-1 1920x1080+0+0 primary\nHDMI-A-1 1920x1080+1920+0\nDP-1 1920x1080+0+0 =eDP-1 forced"},
		{"mirrored without a common size", []detect.Connector{turned, hd}, xconfig.Preferences{Mirror: true},
			"DSI-1 1280x800+0+0 right primary\nHDMI-A-1 1280x720+0+0 =DSI-1 forced"},
		{"right side up", []detect.Connector{turned}, xconfig.Preferences{}, "DSI-1 1280x800+0+0 right primary"},
		{"left side up", []detect.Connector{leftUp}, xconfig.Preferences{}, "DSI-1 1280x800+0+0 left primary"},
		{"upside down", []detect.Connector{upsideDown}, xconfig.Preferences{}, "DSI-1 800x1280+0+0 inverted primary"},
		{"a rule turns it back", []detect.Connector{turned}, xconfig.Preferences{Outputs: []xconfig.OutputRule{rule("DSI-1", xconfig.OutputRule{Rotate: "normal"})}}, "DSI-1 800x1280+0+0 primary"},
		{"the first rule for a field counts", []detect.Connector{hd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{rule("HDMI-*", xconfig.OutputRule{Mode: "1280x720"}), rule("HDMI-A-1", xconfig.OutputRule{Mode: "1920x1080", Rotate: "left"})}},
			"HDMI-A-1 720x1280+0+0 left primary forced"},
		{"a mode the display has not", []detect.Connector{hd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{rule("*", xconfig.OutputRule{Mode: "2560x1440"})}}, "HDMI-A-1 1920x1080+0+0 primary"},
		{"primary by rule", []detect.Connector{edp, hd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{rule("HDMI-*", xconfig.OutputRule{Primary: true})}},
			"eDP-1 1920x1080+0+0\nHDMI-A-1 1920x1080+1920+0 primary"},
		{"primary by preference", []detect.Connector{edp, hd, uhd}, xconfig.Preferences{Primary: "vendor=del"},
			"eDP-1 1920x1080+0+0\nHDMI-A-1 1920x1080+1920+0 primary\nDP-1 3840x2160+3840+0"},
		{"silent display", []detect.Connector{silent}, xconfig.Preferences{}, "VGA-1 1024x768+0+0 primary"},
		{"silent display, default mode", []detect.Connector{silent}, xconfig.Preferences{Default: "1920x1080"}, "VGA-1 1920x1080+0+0 primary forced"},
		{"silent display beside another", []detect.Connector{silent, hd}, xconfig.Preferences{}, "VGA-1 1024x768+0+0 forced\nHDMI-A-1 1920x1080+1024+0 primary forced"},
		{"guessed modes, default mode", []detect.Connector{xtest.Connected("VGA-1", nil, "1024x768", "800x600")}, xconfig.Preferences{Default: "1920x1080"}, "VGA-1 1920x1080+0+0 primary forced"},
		{"a virtual card's modes, default mode among them", []detect.Connector{xtest.Connected("Virtual-1", nil, "1024x768", "1920x1080")}, xconfig.Preferences{Default: "1920x1080"}, "Virtual-1 1920x1080+0+0 primary forced"},
		{"a virtual card's modes, default mode not among them", []detect.Connector{xtest.Connected("Virtual-1", nil, "1024x768", "800x600")}, xconfig.Preferences{Default: "1920x1080"}, "Virtual-1 1920x1080+0+0 primary forced"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Plan(xtest.Card(c.on...), c.prefs)
			if got := places(d); got != c.want {
				t.Errorf("got\n%s\nwant\n%s\nnotes %v", got, c.want, d.Notes)
			}
			checkPlan(t, 0, d)
		})
	}
}

func TestNotes(t *testing.T) {
	hd := xtest.Connected("HDMI-A-1", xtest.HD24.Bytes())
	bad := hd
	bad.LinkBad = true
	twin := xtest.Connected("DP-1", xtest.HD24.Bytes())
	for _, c := range []struct {
		name          string
		on            []detect.Connector
		prefs         xconfig.Preferences
		subject, part string
	}{
		{"a rule for nothing", []detect.Connector{hd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{{Match: xconfig.Match{Vendor: "ACR"}, Source: "/etc/attune/a.toml:7"}}}, "output rule 1 (/etc/attune/a.toml:7)", "no display here matches vendor=ACR"},
		{"a mode that is none", []detect.Connector{hd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{{Mode: "big"}}}, "output rule 1", "want WIDTHxHEIGHT"},
		{"a mode that is not there", []detect.Connector{hd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{{Mode: "2560x1440"}}}, "HDMI-A-1", "no mode 2560x1440"},
		{"a turn that is none", []detect.Connector{hd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{{Rotate: "90"}}}, "output rule 1", "no rotation"},
		{"a place beside nothing", []detect.Connector{hd}, xconfig.Preferences{Outputs: []xconfig.OutputRule{{Position: "left-of DP-9"}}}, "HDMI-A-1", "cannot be placed"},
		{"a primary that is not there", []detect.Connector{hd}, xconfig.Preferences{Primary: "DP-9"}, "display.primary", "no display here matches connector=DP-9"},
		{"a primary that is none", []detect.Connector{hd}, xconfig.Preferences{Primary: "colour=red"}, "display.primary", "no field"},
		{"a link that failed", []detect.Connector{bad}, xconfig.Preferences{}, "HDMI-A-1", "could not train the link"},
		{"two of a kind", []detect.Connector{hd, twin}, xconfig.Preferences{}, "DP-1", "same display as HDMI-A-1"},
		{"no EDID in the bytes", []detect.Connector{xtest.Connected("VGA-1", []byte("nonsense"))}, xconfig.Preferences{}, "VGA-1", "no EDID"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Plan(xtest.Card(c.on...), c.prefs)
			if !noted(d, c.subject, c.part) {
				t.Errorf("want %q: %q, have %v", c.subject, c.part, d.Notes)
			}
			checkPlan(t, 0, d)
		})
	}
}

// forTheHead is an EDID whose DisplayID 2.0 names virtual reality as its use.
func forTheHead() []byte {
	m := xtest.HD24
	m.DisplayID = xtest.TileBlock(2, 1, 0, 0, 1920, 1080, 9)
	b := m.Bytes()
	const use = 7
	end := 128 + 5 + len(m.DisplayID) // of the section: its checksum
	b[end] -= 0x20 - b[129] + use
	b[129], b[131] = 0x20, use
	return b
}

func TestStates(t *testing.T) {
	headset := forTheHead()
	vr := xtest.Connected("DP-2", xtest.HD24.Bytes())
	vr.NonDesktop = true
	unknown := func(name string, edid []byte) detect.Connector {
		c := xtest.Connected(name, edid)
		c.Status = "unknown"
		return c
	}
	for _, c := range []struct {
		name string
		on   []detect.Connector
		want string
	}{
		{"for the head", []detect.Connector{vr}, "DP-2 skipped"},
		{"for the head, as its EDID alone says", []detect.Connector{xtest.Connected("DP-2", headset)}, "DP-2 skipped"},
		{"nobody knows, and nothing else is there", []detect.Connector{unknown("VGA-1", nil)}, "VGA-1 1024x768+0+0 primary"},
		{"nobody knows, but another is there", []detect.Connector{unknown("VGA-1", nil), xtest.Connected("HDMI-A-1", xtest.HD24.Bytes())}, "VGA-1 disconnected\nHDMI-A-1 1920x1080+0+0 primary"},
		{"nobody knows, as X sees it too, though there is an EDID", []detect.Connector{unknown("VGA-1", xtest.HD24.Bytes()), xtest.Connected("DP-1", xtest.UHD27.Bytes())}, "VGA-1 disconnected\nDP-1 3840x2160+0+0 primary"},
		{"nobody knows of any, one has an EDID", []detect.Connector{unknown("VGA-1", nil), unknown("DVI-I-1", xtest.HD24.Bytes())}, "VGA-1 disconnected\nDVI-I-1 1920x1080+0+0 primary"},
		{"nobody knows of any, one is built in", []detect.Connector{unknown("VGA-1", nil), unknown("LVDS-1", nil)}, "VGA-1 disconnected\nLVDS-1 1024x768+0+0 primary"},
		{"nobody knows anything", []detect.Connector{unknown("VGA-1", nil), unknown("DP-1", nil)}, "VGA-1 1024x768+0+0 primary\nDP-1 disconnected"},
		{"nobody knows, and a writeback connector is no display", []detect.Connector{unknown("Writeback-1", nil), unknown("VGA-1", nil)}, "VGA-1 1024x768+0+0 primary"},
		{"a writeback connector alone", []detect.Connector{unknown("Writeback-1", nil)}, ""},
		{"no connector", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Plan(xtest.Card(c.on...), xconfig.Preferences{})
			if got := places(d); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			for _, o := range d.Outputs {
				i := slices.IndexFunc(c.on, func(c detect.Connector) bool { return c.Name == o.Connector })
				if o.NonDesktop != c.on[i].NonDesktop {
					t.Errorf("%s: the kernel's word on it is lost", o.Connector)
				}
			}
		})
	}
}

// A television asleep at boot gives no EDID: the one it gave earlier stands in,
// and X has to be told.
func TestRemembered(t *testing.T) {
	f := xtest.Card(xtest.Connected("HDMI-A-1", nil), detect.Connector{Name: "DP-1", Type: "DP", Status: "disconnected"})
	f.Remembered = map[string][]byte{"pci-0000:00:02.0/HDMI-A-1": xtest.HD24.Bytes(), "pci-0000:00:02.0/DP-1": xtest.HD24.Bytes()}
	d := Plan(f, xconfig.Preferences{})
	o := output(t, d, "HDMI-A-1")
	if !o.Remembered || !o.Forced || o.Mode.HActive != 1920 || o.Mode.Clock == 0 || !strings.Contains(o.Why, "earlier boot") {
		t.Errorf("%+v", o)
	}
	if o := output(t, d, "DP-1"); o.State != "disconnected" || o.Remembered {
		t.Errorf("a disconnected display is not remembered while another is there: %+v", o)
	}
}

// asleep is a machine whose displays give no EDID, with what an earlier boot saw.
func asleep(connectors ...detect.Connector) xconfig.Facts {
	f := xtest.Card(connectors...)
	f.Remembered = map[string][]byte{}
	for _, c := range connectors {
		f.Remembered["pci-0000:00:02.0/"+c.Name] = xtest.UHD27.Bytes()
	}
	return f
}

// What the kernel lists for a socket without an EDID is not what the display
// can show; a list of its own is, and so is what a person asked for.
func TestRememberedModes(t *testing.T) {
	noEDID := []string{"1024x768", "800x600", "800x600", "848x480", "640x480"}
	rule := xconfig.Preferences{Outputs: []xconfig.OutputRule{{Mode: "1920x1080"}}}
	for _, c := range []struct {
		name  string
		modes []string
		prefs xconfig.Preferences
		want  string
		scale float64
	}{
		{"no list", nil, xconfig.Preferences{}, "3840x2160", 1.5},
		{"the kernel's list for nothing", noEDID, xconfig.Preferences{}, "3840x2160", 1.5},
		{"a default mode is for displays nothing is known of", noEDID, xconfig.Preferences{Default: "1280x720"}, "3840x2160", 1.5},
		{"a rule", noEDID, rule, "1920x1080", 1},
		{"a list that is larger", []string{"1920x1080", "1024x768"}, xconfig.Preferences{}, "1920x1080", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := output(t, Plan(asleep(xtest.Connected("HDMI-A-1", nil, c.modes...)), c.prefs), "HDMI-A-1")
			if !o.Remembered || !o.Forced || o.State != "on" || modeWish.String(modeWish{width: o.Mode.HActive, height: o.Mode.VActive}) != c.want || o.Scale != c.scale {
				t.Errorf("%+v", o)
			}
		})
	}
}

// A mode that a rule names is the way out where what is known of a display is
// old, or is nothing: it is made. What the display or its driver says now stands.
func TestRuleMakesMode(t *testing.T) {
	rule := xconfig.Preferences{Outputs: []xconfig.OutputRule{{Mode: "1280x1024"}}}
	for _, c := range []struct {
		name string
		f    xconfig.Facts
		want string
	}{
		{"an EDID of an earlier boot", asleep(xtest.Connected("VGA-1", nil, "1024x768", "800x600")), "VGA-1 1280x1024+0+0 primary forced"},
		{"no EDID, a list that is larger", xtest.Card(xtest.Connected("VGA-1", nil, "1920x1080", "1024x768")), "VGA-1 1280x1024+0+0 primary forced"},
		{"an EDID", xtest.Card(xtest.Connected("VGA-1", xtest.HD24.Bytes())), "VGA-1 1920x1080+0+0 primary"},
		{"a panel its driver knows", xtest.Card(xtest.Connected("DSI-1", nil, "800x1280")), "DSI-1 800x1280+0+0 primary"},
	} {
		d := Plan(c.f, rule)
		made := strings.Contains(c.want, "1280x1024")
		if got := places(d); got != c.want || noted(d, c.f.Graphics.Cards[0].Connectors[0].Name, "no mode 1280x1024") == made || made && d.Outputs[0].Mode.Clock == 0 {
			t.Errorf("%s: %s, want %s; %v", c.name, got, c.want, d.Notes)
		}
	}
}

// A television in standby may well look as if nothing were plugged in. Where
// nothing else is, its picture waits for it.
func TestRememberedDisconnected(t *testing.T) {
	gone := func(name, status string) detect.Connector {
		c := xtest.Connected(name, nil)
		c.Status = status
		return c
	}
	vr := xtest.Connected("DP-1", xtest.HD24.Bytes())
	vr.NonDesktop = true
	for _, c := range []struct {
		name  string
		on    []detect.Connector
		prefs xconfig.Preferences
		want  string
	}{
		{"nothing is connected", []detect.Connector{gone("HDMI-A-1", "disconnected")}, xconfig.Preferences{}, "HDMI-A-1 3840x2160+0+0 primary forced"},
		{"the kernel cannot tell", []detect.Connector{gone("VGA-1", "unknown")}, xconfig.Preferences{}, "VGA-1 3840x2160+0+0 primary forced"},
		{"another is connected", []detect.Connector{gone("HDMI-A-1", "disconnected"), xtest.Connected("DP-1", xtest.HD24.Bytes())}, xconfig.Preferences{}, "HDMI-A-1 disconnected\nDP-1 1920x1080+0+0 primary"},
		{"another is connected and is for the head", []detect.Connector{gone("HDMI-A-1", "disconnected"), vr}, xconfig.Preferences{}, "HDMI-A-1 disconnected\nDP-1 skipped"},
		{"another may be, and is built in", []detect.Connector{gone("HDMI-A-1", "disconnected"), gone("LVDS-1", "unknown")}, xconfig.Preferences{}, "HDMI-A-1 disconnected\nLVDS-1 3840x2160+0+0 primary forced"},
		{"a rule says off, but it is all there is", []detect.Connector{gone("HDMI-A-1", "disconnected")}, xconfig.Preferences{Outputs: []xconfig.OutputRule{{Off: true}}}, "HDMI-A-1 3840x2160+0+0 primary forced"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Plan(asleep(c.on...), c.prefs)
			if got := places(d); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			for _, o := range d.Outputs {
				if o.Remembered != (o.State == "on" && o.Forced) || o.State == "disconnected" && o.Display != "" || c.prefs.Outputs == nil && o.Remembered && !strings.Contains(o.Why, "earlier boot") {
					t.Errorf("%+v", o)
				}
			}
		})
	}
	damaged := asleep(gone("HDMI-A-1", "disconnected"))
	damaged.Remembered["pci-0000:00:02.0/HDMI-A-1"] = []byte("nonsense")
	if got := places(Plan(damaged, xconfig.Preferences{})); got != "HDMI-A-1 disconnected" {
		t.Errorf("nothing that can be read is remembered: %s", got)
	}
}

func TestInterlacedIsNoDefault(t *testing.T) {
	i := timing.ByVIC(5).Mode // 1920x1080i
	m := xtest.EDID{WidthMM: 530, HeightMM: 300, Modes: []timing.Mode{i, xtest.CVT(1280, 720, 60)}}
	o := output(t, Plan(xtest.Card(xtest.Connected("HDMI-A-1", m.Bytes(), "1920x1080i", "1280x720")), xconfig.Preferences{}), "HDMI-A-1")
	if o.Mode.Interlaced || o.Mode.HActive != 1280 || !o.Forced || !strings.Contains(o.ModeWhy, "not interlaced") {
		t.Errorf("%+v", o)
	}
	asked := xconfig.Preferences{Outputs: []xconfig.OutputRule{{Mode: "1920x1080i"}}}
	o = output(t, Plan(xtest.Card(xtest.Connected("HDMI-A-1", m.Bytes(), "1920x1080i", "1280x720")), asked), "HDMI-A-1")
	if !o.Mode.Interlaced {
		t.Errorf("asked for: %+v", o)
	}
}

// Only what the connector offers: the kernel has thrown out what the cable or
// the card cannot do.
func TestOnlyOfferedModes(t *testing.T) {
	m := xtest.EDID{WidthMM: 597, HeightMM: 336, Modes: []timing.Mode{xtest.CVT(2560, 1440, 60), xtest.CVT(1920, 1080, 120), xtest.CVT(1920, 1080, 60)}}
	o := output(t, Plan(xtest.Card(xtest.Connected("HDMI-A-1", m.Bytes(), "1920x1080", "1280x720")), xconfig.Preferences{}), "HDMI-A-1")
	if o.Mode.HActive != 1920 || o.Mode.Refresh() > 61 {
		t.Errorf("the faster one was refused: %+v", o)
	}
	for wish, hz := range map[string]float64{"1920x1080@120": 120, "1920x1080@60": 60, "1920x1080": 120, "highest": 120} {
		o = output(t, Plan(xtest.Card(xtest.Connected("HDMI-A-1", m.Bytes(), "1920x1080", "1920x1080", "1280x720")), xconfig.Preferences{Outputs: []xconfig.OutputRule{{Mode: wish}}}), "HDMI-A-1")
		if r := o.Mode.Refresh(); o.Mode.HActive != 1920 || r < hz-1 || r > hz+1 {
			t.Errorf("%s gives %v", wish, o.Mode)
		}
	}
}

func TestTiles(t *testing.T) {
	left := xtest.EDID{Vendor: "DEL", Product: 0x40b5, Serial: 9, Name: "ATTUNE 5K", WidthMM: 597, HeightMM: 336,
		Modes: []timing.Mode{xtest.CVT(2560, 2880, 60), xtest.CVT(3840, 2160, 60)}, DisplayID: xtest.TileBlock(2, 1, 0, 0, 2560, 2880, 9)}
	right := left
	right.DisplayID = xtest.TileBlock(2, 1, 1, 0, 2560, 2880, 9)
	both := []detect.Connector{xtest.Connected("DP-2", right.Bytes()), xtest.Connected("DP-1", left.Bytes())}
	d := Plan(xtest.Card(both...), xconfig.Preferences{})
	if got := places(d); got != "DP-1 5120x2880+0+0 primary" {
		t.Fatal(got)
	}
	o := d.Outputs[0]
	if strings.Join(o.Tiles, " ") != "DP-1 DP-2" || o.WidthMM != 597 || o.Scale != 2 || o.Forced {
		t.Errorf("%+v", o)
	}

	d = Plan(xtest.Card(both[:1]...), xconfig.Preferences{})
	if o := output(t, d, "DP-2"); len(o.Tiles) != 0 || !noted(d, "DP-2", "not all are connected") {
		t.Errorf("half a display: %+v %v", o, d.Notes)
	}
	d = Plan(xtest.Card(both...), xconfig.Preferences{Outputs: []xconfig.OutputRule{{Mode: "3840x2160"}}})
	if got := places(d); got != "DP-2 off\nDP-1 3840x2160+0+0 primary forced" {
		t.Errorf("one cable's mode: %s", got)
	}

	plain := xtest.HD24.Bytes()
	a, b := xtest.Connected("DP-1", plain), xtest.Connected("DP-2", plain)
	a.Tile, b.Tile = "1:1:1:2:0:0:1920:1080", "1:1:1:2:0:1:1920:1080"
	if got := places(Plan(xtest.Card(a, b), xconfig.Preferences{})); got != "DP-1 1920x2160+0+0 primary" {
		t.Errorf("by the kernel's property: %s", got)
	}
}

// The second part's rule has its reason where the parts become one.
func TestTilePrimaryByRule(t *testing.T) {
	a, b := xtest.Connected("DP-1", xtest.HD24.Bytes()), xtest.Connected("DP-2", xtest.HD24.Bytes())
	a.Tile, b.Tile = "1:1:1:2:0:0:1920:1080", "1:1:1:2:0:1:1920:1080"
	for rule, want := range map[string]string{"DP-1": "output rule 1", "DP-2": "output rule 1"} {
		d := Plan(xtest.Card(a, b), xconfig.Preferences{Outputs: []xconfig.OutputRule{{Match: xconfig.Match{Connector: rule}, Primary: true}}})
		if o := output(t, d, "DP-1"); !o.Primary || o.PrimaryWhy != want {
			t.Errorf("%s: %+v", rule, o)
		}
	}
}

func TestTouchRole(t *testing.T) {
	f := xtest.Card(xtest.Connected("HDMI-A-1", xtest.HD24.Bytes()), xtest.Connected("DP-1", xtest.UHD27.Bytes()))
	f.Inputs = []detect.Input{{Name: "touch", Kinds: []detect.InputKind{detect.KindTouchscreen}, Direct: true, WidthMM: 528, HeightMM: 301}}
	d := Plan(f, xconfig.Preferences{Outputs: []xconfig.OutputRule{{Match: xconfig.Match{Role: "touch"}, Scale: 1.5}}})
	if o := output(t, d, "HDMI-A-1"); !o.Primary || o.Scale != 1.5 || o.PrimaryWhy != "has a touchscreen" {
		t.Errorf("%+v", o)
	}
	for width, want := range map[int]bool{505: true, 498: false} { // of 530: 5 % are the limit
		f.Inputs[0].WidthMM, f.Inputs[0].HeightMM = width, 300
		if o := output(t, Plan(f, xconfig.Preferences{}), "HDMI-A-1"); o.Primary != want {
			t.Errorf("a sensor %d mm wide: %+v", width, o)
		}
	}
}

// More displays than X's screen has room for start another row.
func TestWall(t *testing.T) {
	var many []detect.Connector
	for i := range 20 {
		m := xtest.UHD27
		m.Serial = uint32(100 + i)
		many = append(many, xtest.Connected(fmt.Sprintf("DP-%d", i+1), m.Bytes()))
	}
	d := Plan(xtest.Card(many...), xconfig.Preferences{})
	checkPlan(t, 0, d)
	if d.Width > maxScreen || d.Height > maxScreen || d.Height != 2*2160 || output(t, d, "DP-9").PlaceWhy == "" || output(t, d, "DP-17").State != "off" {
		t.Errorf("%dx%d %v", d.Width, d.Height, d.Notes)
	}
}

// A drawing is made of whole elements whatever displays are called.
func TestSVG(t *testing.T) {
	evil := xtest.HD24
	evil.Name = "<a>&\"'\x1b]\x00"
	turned := xtest.Connected("DSI-1", xtest.Tablet.Bytes())
	turned.Orientation = "Left Side Up"
	c := xtest.Connected("HDMI-A-1", evil.Bytes())
	d := Plan(xtest.Card(c, turned, xtest.Connected("VGA-1", nil)), xconfig.Preferences{Outputs: []xconfig.OutputRule{{Match: xconfig.Match{Name: "<script>"}, Off: true}}})
	svg := SVG(d)
	if !bytes.Equal(svg, SVG(d)) {
		t.Error("two drawings differ")
	}
	elements(t, svg)
	for _, want := range []string{"HDMI-A-1", "&lt;a&gt;&amp;", "turned left", "primary", "&lt;script&gt;"} {
		if !bytes.Contains(svg, []byte(want)) {
			t.Errorf("no %q in\n%s", want, svg)
		}
	}
	elements(t, SVG(xconfig.DisplayPlan{}))
	touched := SVG(d, xconfig.InputUse{Use: "touch", Name: "ILI<TEK>", Output: "DSI-1"}, xconfig.InputUse{Use: "tablet", Name: "pen\x1b"}, xconfig.InputUse{Use: "pointer", Name: "mouse"})
	elements(t, touched)
	if legend := []byte("an orange triangle marks"); !bytes.Contains(svg, legend) || bytes.Contains(SVG(Plan(xtest.Card(c), xconfig.Preferences{})), legend) {
		t.Errorf("what the triangle is, is to be said where there is one:\n%s", svg)
	}
	for text, want := range map[string]bool{"touch: ILI&lt;TEK&gt;": true, "tablet pen? reaches over": true, "mouse": false} {
		if bytes.Contains(touched, []byte(text)) != want {
			t.Errorf("%q: want %v in\n%s", text, want, touched)
		}
	}
}

// A card that cannot do 4K at 60 Hz lists the size all the same, for its slower
// modes: the preferred one is not among them.
func TestPreferredModeRefused(t *testing.T) {
	m := xtest.EDID{WidthMM: 597, HeightMM: 336, Modes: []timing.Mode{xtest.CVT(3840, 2160, 60), xtest.CVT(3840, 2160, 30), xtest.CVT(1920, 1080, 60)}}
	for _, c := range []struct {
		names []string
		hz    float64
	}{
		{[]string{"3840x2160", "1920x1080"}, 30},
		{[]string{"3840x2160", "3840x2160", "1920x1080"}, 60},
	} {
		o := output(t, Plan(xtest.Card(xtest.Connected("HDMI-A-1", m.Bytes(), c.names...)), xconfig.Preferences{}), "HDMI-A-1")
		if r := o.Mode.Refresh(); o.Mode.HActive != 3840 || r < c.hz-1 || r > c.hz+1 || o.Forced {
			t.Errorf("%v: %v %+v", c.names, o.Mode, o)
		}
	}
}

// twoCards is a laptop: the panel on one card, a monitor on the other.
func twoCards() xconfig.Facts {
	f := xtest.Card(xtest.Connected("eDP-1", xtest.Panel.Bytes()))
	f.Machine.Devices = append(f.Machine.Devices, detect.Device{Path: "devices/pci0000:00/0000:00:01.0/0000:01:00.0", Subsystem: "pci", Driver: "amdgpu", Role: detect.RoleGPU, Class: 0x30000, Vendor: 0x1002, Product: 0x7340})
	f.Graphics.Cards = append(f.Graphics.Cards, detect.Card{ID: "pci-0000:01:00.0", Device: "devices/pci0000:00/0000:00:01.0/0000:01:00.0", Node: "dri/card1", Render: "dri/renderD129", Driver: "amdgpu",
		Vendor: 0x1002, Product: 0x7340, Class: 0x30000, Connectors: []detect.Connector{xtest.Connected("HDMI-A-1", xtest.HD24.Bytes())}})
	f.Graphics.Cards[0].Render = "dri/renderD128"
	return f
}

// X begins with its own card's displays: one of them stays on, whatever is on
// elsewhere. A compositor lights them all.
func TestOwnCardKeepsOne(t *testing.T) {
	off := xconfig.Preferences{Outputs: []xconfig.OutputRule{{Match: xconfig.Match{Role: "internal"}, Off: true}}}
	f := twoCards()
	d := Plan(f, off)
	if got := places(d); got != "eDP-1 1920x1080+0+0 primary\nHDMI-A-1 1920x1080+1920+0" || !noted(d, "eDP-1", `until a desktop turns on HDMI-A-1; the setting display.gpu = "pci-0000:01:00.0"`) {
		t.Errorf("%s\n%v", got, d.Notes)
	}
	off.GPU = "discrete"
	if got := places(Plan(f, off)); got != "HDMI-A-1 1920x1080+0+0 primary\neDP-1 off" {
		t.Errorf("X begins on the monitor's card: %s", got)
	}
	f.Image, off.GPU = xconfig.Image{}, ""
	if got := places(Plan(f, off)); got != "eDP-1 off\nHDMI-A-1 1920x1080+0+0 primary" {
		t.Errorf("without X: %s", got)
	}
}

// Two cards: X itself turns on only the outputs of its own, so those come
// first, and the others move nothing.
func TestFurtherCard(t *testing.T) {
	f := twoCards()
	for _, c := range []struct{ gpu, want string }{
		{"integrated", "eDP-1 1920x1080+0+0 primary\nHDMI-A-1 1920x1080+1920+0"},
		{"discrete", "HDMI-A-1 1920x1080+0+0 primary\neDP-1 1920x1080+1920+0"},
	} {
		d := Plan(f, xconfig.Preferences{GPU: c.gpu})
		if got := places(d); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.gpu, got, c.want)
		}
		for _, o := range d.Outputs {
			if o.Placed || o.Forced {
				t.Errorf("%s: %s: nothing has to be told: %+v", c.gpu, o.Connector, o)
			}
		}
		if last := d.Outputs[1]; !noted(d, last.Connector, "further card") {
			t.Errorf("%s: %v", c.gpu, d.Notes)
		}
		checkPlan(t, 0, d)
	}
}

// The primary one is of the card X begins on; one asked for on another card, or
// that is off, is not said to be missing.
func TestPrimaryElsewhere(t *testing.T) {
	rule := func(r xconfig.OutputRule) xconfig.Preferences {
		r.Match.Connector = "HDMI-A-1"
		return xconfig.Preferences{Outputs: []xconfig.OutputRule{r}}
	}
	off := rule(xconfig.OutputRule{Off: true})
	off.Primary = "external"
	for _, c := range []struct {
		name          string
		prefs         xconfig.Preferences
		subject, part string
	}{
		{"a setting", xconfig.Preferences{Primary: "external"}, "display.primary", `HDMI-A-1 is on a further card, and X begins on pci-0000:00:02.0: the setting display.gpu = "pci-0000:01:00.0" would`},
		{"a rule", rule(xconfig.OutputRule{Primary: true}), "output rule 1", "HDMI-A-1 is on a further card"},
		{"it is off", off, "display.primary", "HDMI-A-1 is off (output rule 1)"},
	} {
		d := Plan(twoCards(), c.prefs)
		if !noted(d, c.subject, c.part) || noted(d, c.subject, "no display here") || !output(t, d, "eDP-1").Primary {
			t.Errorf("%s: %v", c.name, d.Notes)
		}
	}
	if d := Plan(twoCards(), xconfig.Preferences{Primary: "internal"}); noted(d, "display.primary", "") {
		t.Error(d.Notes)
	}
}

// What X does with a display that prefers no mode: the widest of its shape.
func TestNoPreferredMode(t *testing.T) {
	m := xtest.EDID{WidthMM: 340, HeightMM: 270, PlainDTD: true, Modes: []timing.Mode{xtest.CVT(1280, 1024, 60), xtest.CVT(1024, 768, 75)}}
	o := output(t, Plan(xtest.Card(xtest.Connected("VGA-1", m.Bytes(), "1280x1024", "1024x768")), xconfig.Preferences{}), "VGA-1")
	if o.Mode.HActive != 1280 || o.Forced {
		t.Errorf("%+v", o)
	}
	m.WidthMM, m.HeightMM = 0, 0
	o = output(t, Plan(xtest.Card(xtest.Connected("VGA-1", m.Bytes(), "1280x1024", "1024x768")), xconfig.Preferences{}), "VGA-1")
	if o.Mode.HActive != 1280 || !o.Forced {
		t.Errorf("X would take 1024x768 of the shape 4:3: %+v", o)
	}
}

// Where two rules want two displays to be the primary one, the first decides,
// in whatever order the displays are.
func TestPrimaryOfTwoRules(t *testing.T) {
	a, b := xtest.Connected("DP-1", xtest.HD24.Bytes()), xtest.Connected("DP-2", xtest.UHD27.Bytes())
	for _, first := range []string{"DP-1", "DP-2"} {
		second := map[string]string{"DP-1": "DP-2", "DP-2": "DP-1"}[first]
		d := Plan(xtest.Card(a, b), xconfig.Preferences{Outputs: []xconfig.OutputRule{
			{Match: xconfig.Match{Connector: first}, Primary: true, Source: "what a user chose"},
			{Match: xconfig.Match{Connector: second}, Primary: true, Source: "the site"},
		}})
		if o := output(t, d, first); !o.Primary || output(t, d, second).Primary {
			t.Errorf("%s is not: %+v", first, o)
		}
	}
}
