package input

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"testing"

	"attune/detect"
	"attune/detect/edid"
	"attune/internal/corpus"
	"attune/xconfig"
)

// Where the touch of each machine of the collection that has a touchscreen and
// a display with an EDID lies, from what the machine is: of a laptop or tablet
// it is the panel, for a person cannot take it off; "" where that panel was off.
var touchOfMachine = map[string]string{
	"ASUS ROG Flow Z13 GZ301VF_GZ301VF/sysinfo.SovEFtUA1Z":          "eDP-1",
	"Dell Inspiron 7306 2n1/sysinfo.q6kjnRuwa7":                     "eDP-1",
	"Dell Inspiron 7391 2n1/sysinfo.M3bgVdHGzN":                     "eDP-1",
	"Dell Latitude 5175/sysinfo.tA3FPuYBly":                         "eDP-1",
	"Dell Latitude 5300 2-in-1/sysinfo.EbblcgnWr0":                  "eDP-1",
	"Dell Latitude 7200 2-in-1/sysinfo.wQAYGut7W0":                  "eDP-1", // beside a Dell monitor
	"Dell Latitude 7275/sysinfo.80nTMs7TS9":                         "",      // panel off, a BenQ monitor shows the picture
	"Dell Latitude 7285/sysinfo.aCRrYn3IG9":                         "eDP-1",
	"Dell Latitude 7400/sysinfo.PnNX5N1MVF":                         "", // panel off, a Dell monitor shows the picture
	"Dell Latitude 9520/sysinfo.arChgPIJtt":                         "eDP-1",
	"Dell XPS 13 7390 2-in-1/sysinfo.2eD5l3SGQP":                    "eDP-1",
	"Dell XPS 13 7390 2-in-1/sysinfo.2tqdYB0KOr":                    "eDP-1",
	"Dell XPS 13 7390 2-in-1/sysinfo.CKQz8jxAm5":                    "eDP-1", // beside a Hannspree monitor
	"Fujitsu LIFEBOOK T936/sysinfo.jF9DJLUSnM":                      "eDP-1", // sensor on USB
	"GPD Pocket 3/sysinfo.zBQtvbeIj3":                               "",      // panel off, an LG monitor shows the picture
	"HP ENVY x360 Convertible 15-dr1xxx/sysinfo.piFZRjWWDX":         "eDP-1",
	"HP ENVY x360 Convertible 15-eu0xxx/sysinfo.QQixiFFou7":         "eDP-1",
	"HP EliteBook x360 1020 G2/sysinfo.4lAaBtJPFb":                  "eDP-1",
	"HP EliteBook x360 1040 G5/sysinfo.XkevsUVUax":                  "eDP-1",
	"HP ProBook x360 435 G7/sysinfo.qYzzxWzBBY":                     "eDP-1",
	"HP Spectre x360 13-ac0XX/sysinfo.M4NrMxnhrX":                   "eDP-1",
	"HP ZBook x2 G4/sysinfo.IZU4bPJ05N":                             "eDP-1",
	"Huion Kamvas 13/sysinfo.BFrex7lf87":                            "HDMI-0", // the Kamvas is a display with a pen, HAT-1330, beside a laptop's panel
	"Huion Kamvas 13/sysinfo.Xzxg7g1kCc":                            "HDMI-0", // below a Dell monitor
	"Huion Q620M/sysinfo.6Qz87YOL9o":                                "HDMI-0", // a tablet without a display: the whole desktop, which is this monitor
	"Lenovo IdeaPad Flex 5 15IIL05/sysinfo.1gly9NWqi8":              "eDP-1",
	"Lenovo IdeaPad Flex 5 15ITL05/sysinfo.xHIEs8fvT4":              "eDP-1",
	"Lenovo MIIX 520-12IKB/sysinfo.s4Ggr1usDS":                      "eDP-1",
	"Lenovo ThinkPad X1 2-in-1 Gen 9/sysinfo.EepJcpzuRw":            "eDP-1",
	"Lenovo ThinkPad X1 2-in-1 Gen 9/sysinfo.OonAFA41WG":            "eDP-1",
	"Lenovo ThinkPad X1 Extreme 2nd/sysinfo.n1fshVXIgk":             "eDP-1", // sensor on USB
	"Lenovo ThinkPad X1 Yoga Gen 7 (21CES00100)/sysinfo.Vy5OTYeU2H": "eDP-1",
	"Lenovo ThinkPad X1 Yoga Gen 7/sysinfo.yMR7Nz9G7L":              "eDP-1",  // right of a Dell monitor
	"Lenovo ThinkPad X220/sysinfo.QNFpG1Eyqp":                       "LVDS-1", // sensor on USB
	"Lenovo ThinkPad Yoga 370/sysinfo.Mc7vuWOv8R":                   "eDP-1",  // sensor on USB
	"Lenovo YOGA 520-14IKB/sysinfo.lwEv78EUKk":                      "eDP-1",
	"Lenovo YOGA 730-15IWL/sysinfo.i9ecPmPdAm":                      "eDP-1",
	"Lenovo YOGA C930-13IKB/sysinfo.k1dvf4PFNg":                     "eDP-1",
	"Lenovo Yoga 6 13ARE05/sysinfo.RGxfCFKW69":                      "eDP-1",
	"Lenovo Yoga 7 16IAP7/sysinfo.ilhzyGlYp4":                       "eDP-1", // sensor on USB
	"Lenovo Yoga 7 2-in-1 14AHP9/sysinfo.LxWGCrBL7x":                "eDP-1",
	"Lenovo Yoga 7 2-in-1 14AHP9/sysinfo.yxE33SCoct":                "eDP-1",
	"Lenovo Yoga 9 14IAP7/sysinfo.ZNsVJXAt44":                       "eDP-1",
	"Wacom Cintiq Companion 2/sysinfo.PQOpbpc6rL":                   "eDP-1", // a computer in a pen display, sensor on USB
	"Wacom Intuos S (3rd-gen)/sysinfo.obcnbEi4Ol":                   "eDP-1", // a laptop with an ELAN sensor on USB beside an LG monitor; the Intuos is another device

	// Pens alone, for the same question.
	"HP ZBook x2 G4/sysinfo.52jLcHT93O":                 "eDP-1",
	"Huion Q11K/sysinfo.5pgmqeQXK6":                     "DP-3", // no display of its own; one monitor
	"LincPlus LincStudio S1/sysinfo.lvze8aJej8":         "eDP-1",
	"Wacom One Creative Pen Display/sysinfo.pmrr7vXzPE": "HDMI-0",   // right of a Dell monitor
	"XP-Pen Artist 13.3 Pro/sysinfo.QpUbKzqb5v":         "eDP-1",    // its own display was off: the desktop is the laptop's panel
	"XP-Pen Artist Pro 16/sysinfo.1X8H9UzwNG":           "HDMI-A-1", // UGD-1505, one of four displays
	"Wacom Bamboo Pad Wireless/sysinfo.Swj4iMSDSF":      "VGA-1",    // its fingers are on a touchpad; one monitor
}

// Every touchscreen and every pen that touches a display lands on the display
// it lies on.
func TestTouchOfRealMachines(t *testing.T) {
	seen, devices := 0, 0
	for _, m := range corpus.InputMachines(t) {
		inputs, _ := detect.ScanInputs(m.Root, nil)
		direct := pick(inputs, func(in detect.Input) bool {
			return in.Is(detect.KindTouchscreen) || in.Is(detect.KindTablet) && in.Direct
		})
		sized := pick(m.Monitors, func(m corpus.Monitor) bool { return len(m.EDID) > 0 })
		if len(direct) == 0 || len(sized) == 0 {
			continue
		}
		want, known := touchOfMachine[m.Name]
		if !known {
			t.Errorf("%s: where its touch lies is not written down", m.Name)
			continue
		}
		seen++
		d := shownBy(t, m.Monitors)
		for _, u := range Plan(xconfig.Facts{Inputs: inputs}, xconfig.Preferences{}, d).Devices {
			if u.OutputWhy == "" {
				continue
			}
			devices++
			if u.Output != want {
				t.Errorf("%s: %s lands on %q (%s), it lies on %q", m.Name, u.Name, u.Output, u.OutputWhy, want)
			}
			fills(t, m.Name, u, d)
		}
	}
	if seen != len(touchOfMachine) {
		t.Errorf("%d machines of %d were there", seen, len(touchOfMachine))
	}
	t.Logf("%d machines, %d touchscreens and pens, each on its display", seen, devices)
}

// fills holds the corners of a device against where xrandr had its output.
func fills(t *testing.T, machine string, u xconfig.InputUse, d xconfig.DisplayPlan) {
	t.Helper()
	x0, y0, w, h := 0, 0, d.Width, d.Height
	for _, o := range d.Outputs {
		if u.Output != "" && o.Connector == u.Output {
			x0, y0 = o.X, o.Y
			w, h = o.Extent()
		}
	}
	ax, ay := apply(u.Matrix, 0, 0)
	bx, by := apply(u.Matrix, 1, 1)
	got := [4]float64{min(ax, bx) * float64(d.Width), min(ay, by) * float64(d.Height), max(ax, bx) * float64(d.Width), max(ay, by) * float64(d.Height)}
	for i, want := range [4]int{x0, y0, x0 + w, y0 + h} {
		if math.Abs(got[i]-float64(want)) > 1e-6 {
			t.Errorf("%s: %s fills %v of the desktop, its output is %dx%d+%d+%d", machine, u.Name, got, w, h, x0, y0)
			return
		}
	}
}

// shownBy is the display plan that X had on a machine.
func shownBy(t *testing.T, monitors []corpus.Monitor) xconfig.DisplayPlan {
	var d xconfig.DisplayPlan
	for _, m := range monitors {
		o := xconfig.Output{Connector: cmp.Or(m.Connector, m.Output), State: "off", Rotate: cmp.Or(m.Rotation, "normal")}
		o.Internal = strings.HasPrefix(m.Output, "eDP") || strings.HasPrefix(m.Output, "LVDS") || strings.HasPrefix(m.Output, "DSI")
		if !m.Connected {
			o.State = "disconnected"
		}
		if len(m.EDID) > 0 {
			e, err := edid.Parse(m.EDID)
			if err != nil {
				t.Fatal(err)
			}
			o.Display, o.Name = e.ID(), e.Name
			o.WidthMM, o.HeightMM, _ = e.SizeMM()
		}
		if m.Geometry != "" {
			var w, h int
			o.State = "on"
			if _, err := fmt.Sscanf(m.Geometry, "%dx%d+%d+%d", &w, &h, &o.X, &o.Y); err != nil {
				t.Fatal(err)
			}
			d.Width, d.Height = max(d.Width, o.X+w), max(d.Height, o.Y+h)
			if o.Rotate == "left" || o.Rotate == "right" {
				w, h = h, w
			}
			o.Mode.HActive, o.Mode.VActive = w, h
		}
		d.Outputs = append(d.Outputs, o)
	}
	return d
}
