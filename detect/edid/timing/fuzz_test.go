package timing

import (
	"errors"
	"math"
	"testing"
)

// sound is what every mode is that was made without an error.
func sound(t *testing.T, m Mode, err error) bool {
	t.Helper()
	if err != nil {
		if !errors.Is(err, ErrInput) || m != (Mode{}) {
			t.Errorf("%+v with the error %v", m, err)
		}
		return false
	}
	for _, n := range []int{m.HFront, m.HBack, m.VFront, m.VBack, m.HBorder, m.VBorder} {
		if n < 0 {
			t.Errorf("something is negative: %+v", m)
		}
	}
	if m.Clock <= 0 || m.HSync <= 0 || m.VSync <= 0 || m.HTotal() <= m.HActive || m.VTotal() <= m.VActive/2*2 || !(m.Refresh() > 0) {
		t.Errorf("no such signal: %+v", m)
	}
	return true
}

func FuzzCVT(f *testing.F) {
	f.Add(1920, 1080, 60.0, 0, uint8(0), 0, 0.0)
	f.Add(1923, 1081, 59.94, 2, uint8(7), 0, 0.0)
	f.Add(3840, 2160, 120.0, 3, uint8(11), 160, 600.0)
	f.Add(-1, 0, math.NaN(), 4, uint8(255), -1, math.Inf(1))
	f.Add(1<<62, 1<<62, 1e308, 1, uint8(2), 1<<62, -1e308)
	f.Add(1, 1, 1.0, 3, uint8(0), 80, 460.0)
	f.Add(7, 65536, 1817.0, 0, uint8(3), 0, 0.0)
	f.Fuzz(func(t *testing.T, w, h int, rate float64, reduced int, flags uint8, hBlank int, vBlank float64) {
		in := CVTInput{Width: w, Height: h, Rate: rate, Reduced: reduced, HBlank: hBlank, VBlank: vBlank,
			Interlaced: flags&1 != 0, Margins: flags&2 != 0, VideoOptimized: flags&4 != 0, EarlyVSync: flags&8 != 0}
		m, err := CVT(in)
		if !sound(t, m, err) {
			return
		}
		if m.HActive != w || m.VActive != h {
			t.Errorf("%+v has another size than %+v", m, in)
		}
		// Reduced blanking of the second kind misses the rate by nothing but
		// the kHz the clock is rounded to.
		if reduced == 2 && flags&5 == 0 {
			ideal := rate * float64(m.HTotal()) * float64(m.VTotal())
			if d := ideal - float64(m.Clock); d < -1e-9*ideal || d > 1001+1e-9*ideal {
				t.Errorf("%+v: clock %d for an ideal one of %v", in, m.Clock, ideal)
			}
		}
	})
}

func FuzzGTF(f *testing.F) {
	f.Add(1920, 1080, 60.0, uint8(0), uint8(0), 0.0, 0.0, 0.0, 0.0)
	f.Add(1923, 1081, 67e3, uint8(1), uint8(3), 0.0, 0.0, 0.0, 0.0)
	f.Add(1600, 1200, 162e6, uint8(2), uint8(12), 600.0, 40.0, 128.0, 20.0)
	f.Add(1600, 1200, 60.0, uint8(0), uint8(12), 0.0, 127.5, 255.0, 127.5)
	f.Add(1600, 1200, 60.0, uint8(0), uint8(12), 65535.0, 0.0, 255.0, 0.0)
	f.Add(-1, 0, math.NaN(), uint8(0), uint8(8), math.NaN(), math.Inf(1), 0.0, 0.0)
	f.Add(1<<62, 1<<62, 1e308, uint8(2), uint8(0), 0.0, 0.0, 0.0, 0.0)
	f.Add(1, 1, 1.0, uint8(2), uint8(0), 0.0, 0.0, 0.0, 0.0)
	f.Fuzz(func(t *testing.T, w, h int, rate float64, by, flags uint8, m, c, k, j float64) {
		in := GTFInput{Width: w, Height: h, Interlaced: flags&1 != 0, Margins: flags&2 != 0, Secondary: flags&4 != 0}
		if flags&8 != 0 {
			in.Curve = &GTFCurve{M: m, C: c, K: k, J: j}
		}
		switch by % 3 {
		case 0:
			in.Rate = rate
		case 1:
			in.LineRate = rate
		default:
			in.Clock = rate
		}
		mode, err := GTF(in)
		if sound(t, mode, err) && (mode.HActive%8 != 0 || mode.VActive != h) {
			t.Errorf("%+v of %+v", mode, in)
		}
	})
}

func TestNonsenseIsRefused(t *testing.T) {
	nan := math.NaN()
	for _, in := range []CVTInput{
		{}, {Width: 1920, Height: 1080}, {Width: -1920, Height: 1080, Rate: 60}, {Width: 1920, Height: 1080, Rate: -60},
		{Width: 1920, Height: 1080, Rate: nan}, {Width: 1920, Height: 1080, Rate: 1818}, {Width: 1920, Height: 1080, Rate: 60, Reduced: 4},
		{Width: 1920, Height: 1080, Rate: 60, Reduced: 3, HBlank: 79}, {Width: 1920, Height: 1080, Rate: 60, Reduced: 3, VBlank: 706},
		{Width: 1 << 40, Height: 1080, Rate: 60}, {Width: 3, Height: 3, Rate: 60},
	} {
		if m, err := CVT(in); !errors.Is(err, ErrInput) {
			t.Errorf("CVT of %+v is %v, %v", in, m, err)
		}
	}
	for _, in := range []GTFInput{
		{}, {Width: 1920, Height: 1080}, {Width: 1920, Height: 1080, Rate: 60, Clock: 148.5e6}, {Width: 0, Height: 1080, Rate: 60},
		{Width: 1920, Height: 1080, LineRate: nan}, {Width: 1920, Height: 1080, Clock: -1}, {Width: 1920, Height: 1080, Rate: 1818},
		{Width: 1920, Height: 1080, Rate: 60, Curve: &GTFCurve{C: 127.5, K: 255}}, {Width: 1920, Height: 1080, Rate: 60, Curve: &GTFCurve{}},
	} {
		if m, err := GTF(in); !errors.Is(err, ErrInput) {
			t.Errorf("GTF of %+v is %v, %v", in, m, err)
		}
	}
}
