package edid

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// secondCurve is range limits with a secondary GTF curve from start on, C and J doubled.
func secondCurve(start, c, k, j byte) []byte {
	return []byte{0, 0, 0, 0xfd, 0, 24, 90, 30, 120, 20, 2, 0, start, c, 0x58, 0x02, k, j}
}

func TestSecondCurve(t *testing.T) {
	r := sound(t, base(set(19, 3), set(108, secondCurve(30, 81, 100, 41)...))).RangeLimits
	if diff := cmp.Diff(&GTF2{StartKHz: 60, C: 40.5, M: 600, K: 100, J: 20.5}, r.GTF2); diff != "" || r.Formula != SecondGTF {
		t.Errorf("%v %s", r.Formula, diff)
	}
}

// The curve is taken for lines above its start, here 87 kHz. The totals are
// those of VESA GTF 1.1, "compute from vertical refresh", in real numbers.
func TestSecondCurveModes(t *testing.T) {
	set := func(at int, v byte) func(d []byte) { return func(d []byte) { d[at] = v } }
	for _, c := range []struct {
		name   string
		change func(d []byte)
		total  int
	}{
		{"begins below", set(12, 43), 1936},
		{"begins far below", set(12, 30), 1936},
		{"begins above", set(12, 44), 2032},
		{"is the first once more", set(16, 128), 2032},
		{"another K", set(16, 192), 2112},
		{"another M", set(15, 3), 1920},
		{"another C", set(13, 120), 2080},
		{"another J", set(17, 56), 2096},
	} {
		b := plain(3, func(b []byte) {
			copy(b[38:], "\x9b\x8a") // 1488x1190 at 70 Hz, which no table has
			copy(b[54:], secondCurve(30, 80, 64, 40))
			c.change(b[54:72])
		})
		modes := parse(t, b).Modes()
		if len(modes) != 1 || modes[0].Name() != "1488x1190" || modes[0].HTotal() != c.total {
			t.Errorf("%s: %+v (%d in a line), want %d", c.name, modes, modes[0].HTotal(), c.total)
		}
	}
}
