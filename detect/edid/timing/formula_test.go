package timing

import (
	"fmt"
	"strings"
	"testing"
)

// formulaSizes has the usual ones of every aspect ratio CVT knows, then the
// odd: widths and heights that are no whole cells, tiny, tall and huge.
var formulaSizes = [][2]int{
	{640, 480}, {800, 600}, {848, 480}, {1024, 768}, {1152, 864}, {1280, 720}, {1280, 768}, {1280, 800}, {1280, 1024},
	{1360, 768}, {1366, 768}, {1400, 1050}, {1440, 900}, {1600, 900}, {1680, 1050}, {1920, 1080}, {1920, 1200},
	{2048, 1536}, {2560, 1080}, {2560, 1440}, {2560, 1600}, {3440, 1440}, {3840, 2160}, {4096, 2160}, {5120, 2880},
	{7680, 4320}, {641, 481}, {853, 479}, {1021, 769}, {1367, 767}, {1923, 1081}, {2559, 1601}, {480, 1920}, {1080, 1920},
	{320, 200}, {10240, 4320},
}

var formulaRates = []float64{24, 25, 30, 47.5, 50, 59.94, 60, 72, 75, 85, 100, 119.88, 120, 144, 165, 200, 240}

// Of all combinations every gridStep-th is compared: each size and each rate
// with each variant of CVT, which is thousands of processes already.
const gridStep = 7

// A formulaCase is what edid-decode is asked and what we answer.
type formulaCase struct {
	args string
	got  Mode
	err  error
	note string
}

// cvtVariants are all options of CVT.
var cvtVariants = []CVTInput{
	{}, {Reduced: 1}, {Reduced: 2}, {Reduced: 3},
	{Interlaced: true}, {Margins: true}, {Interlaced: true, Margins: true},
	{Reduced: 1, Margins: true}, {Reduced: 1, Interlaced: true}, {Reduced: 1, Interlaced: true, Margins: true},
	{Reduced: 2, VideoOptimized: true}, {Reduced: 2, Margins: true}, {Reduced: 2, Interlaced: true},
	{Reduced: 2, Interlaced: true, Margins: true, VideoOptimized: true},
	{Reduced: 3, HBlank: 160}, {Reduced: 3, HBlank: 123}, {Reduced: 3, HBlank: 200, VBlank: 705},
	{Reduced: 3, VBlank: 600}, {Reduced: 3, EarlyVSync: true}, {Reduced: 3, VBlank: 500, EarlyVSync: true},
	{Reduced: 3, Margins: true}, {Reduced: 3, Interlaced: true}, {Reduced: 3, Interlaced: true, Margins: true, EarlyVSync: true},
}

func cvtCase(in CVTInput) formulaCase {
	args := fmt.Sprintf("w=%d,h=%d,fps=%v", in.Width, in.Height, in.Rate)
	if in.Reduced != 0 {
		args += fmt.Sprintf(",rb=%d", in.Reduced)
	}
	for _, o := range []struct {
		name string
		set  bool
	}{{"interlaced", in.Interlaced}, {"overscan", in.Margins}, {"alt", in.VideoOptimized}, {"early-vsync", in.EarlyVSync}} {
		if o.set {
			args += "," + o.name
		}
	}
	if in.HBlank != 0 {
		args += fmt.Sprintf(",hblank=%d", in.HBlank)
	}
	if in.VBlank != 0 {
		args += fmt.Sprintf(",vblank=%v", in.VBlank)
	}
	m, err := CVT(in)
	note := [...]string{"", " (RB)", " (RBv2)", " (RBv3)"}[in.Reduced]
	if in.VideoOptimized {
		note = " (RBv2,video-optimized)"
	}
	return formulaCase{args, m, err, note}
}

var gtfVariants = []GTFInput{
	{}, {Interlaced: true}, {Margins: true}, {Interlaced: true, Margins: true},
	{Secondary: true}, {Secondary: true, Curve: &GTFCurve{C: 40, M: 400, K: 128, J: 20}, Margins: true},
	{Secondary: true, Curve: &GTFCurve{C: 50, M: 300, K: 100, J: 30}, Interlaced: true},
}

func gtfCase(in GTFInput, by string) formulaCase {
	args := fmt.Sprintf("w=%d,h=%d,%s", in.Width, in.Height, by)
	for _, o := range []struct {
		name string
		set  bool
	}{{"interlaced", in.Interlaced}, {"overscan", in.Margins}, {"secondary", in.Secondary}} {
		if o.set {
			args += "," + o.name
		}
	}
	if c := in.Curve; c != nil {
		args += fmt.Sprintf(",C=%v,M=%v,K=%v,J=%v", c.C, c.M, c.K, c.J)
	}
	m, err := GTF(in)
	note := ""
	if in.Secondary {
		note = " (RB)"
	}
	return formulaCase{args, m, err, note}
}

// compareFormula runs edid-decode for each case. It must answer what we do, in
// every number.
func compareFormula(t *testing.T, option string, cases []formulaCase) {
	t.Helper()
	if len(cases) < 500 {
		t.Errorf("only %d modes are compared", len(cases))
	}
	parallel(len(cases), func(i int) {
		c := cases[i]
		want := aspectRatio.ReplaceAllString(spaced(edidDecode(t, option, c.args)), "Hz - ")
		if c.err != nil {
			// What is refused must be something nobody could show.
			if !strings.Contains(want, " -") && !strings.Contains(want, " 0.000 kHz") {
				t.Errorf("%s %s: %v, but edid-decode has\n%s", option, c.args, c.err, want)
			}
			return
		}
		got := strings.ToUpper(option[2:]) + ": " + summary(c.got, "-") + c.note + "\n" + blanking(c.got)
		if got != want {
			t.Errorf("%s %s:\nhave %s\nwant %s", option, c.args, got, want)
		}
	})
	t.Logf("%d modes compared", len(cases))
}

func TestCVTIsEDIDDecodes(t *testing.T) {
	needEDIDDecode(t)
	var cases []formulaCase
	for i, size := range formulaSizes {
		for j, rate := range formulaRates {
			for k, in := range cvtVariants {
				if (i+j+k)%gridStep != 0 {
					continue
				}
				in.Width, in.Height, in.Rate = size[0], size[1], rate
				cases = append(cases, cvtCase(in))
			}
		}
	}
	compareFormula(t, "--cvt", cases)
}

func TestGTFIsEDIDDecodes(t *testing.T) {
	needEDIDDecode(t)
	var cases []formulaCase
	for i, size := range formulaSizes {
		for j, rate := range formulaRates {
			for k, in := range gtfVariants {
				if (i+j+k)%gridStep != 0 {
					continue
				}
				in.Width, in.Height = size[0], size[1]
				byRate, byLine, byClock := in, in, in
				byRate.Rate = rate
				byLine.LineRate = float64(int(rate * float64(size[1]) * 1.05))
				byClock.Clock = float64(int(rate*float64(size[1]*size[0])*1.3/1000) * 1000)
				cases = append(cases,
					gtfCase(byRate, fmt.Sprintf("fps=%v", rate)),
					gtfCase(byLine, fmt.Sprintf("horfreq=%v", byLine.LineRate/1000)),
					gtfCase(byClock, fmt.Sprintf("pixclk=%v", byClock.Clock/1e6)))
			}
		}
	}
	compareFormula(t, "--gtf", cases)
}
