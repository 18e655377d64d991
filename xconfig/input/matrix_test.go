package input

import (
	"math"
	"math/rand/v2"
	"testing"

	"attune/xconfig"
)

var rotateWords = []string{"normal", "left", "right", "inverted"}

// apply is where a point of the unit square goes.
func apply(m Matrix, x, y float64) (float64, float64) {
	return m[0]*x + m[1]*y + m[2], m[3]*x + m[4]*y + m[5]
}

// A finger in a corner of the panel is on the corner of the picture which that
// corner of the panel shows; the table is what RandR's words mean, written
// down by looking at a turned screen.
func TestRotatedCorners(t *testing.T) {
	type corner struct{ x, y float64 }
	for _, row := range []struct {
		rotate string
		// where on the picture the panel's own upper left, upper right and
		// lower left corners are
		ul, ur, ll corner
	}{
		{"normal", corner{0, 0}, corner{1, 0}, corner{0, 1}},
		{"left", corner{1, 0}, corner{1, 1}, corner{0, 0}}, // the picture's right edge is the panel's top
		{"right", corner{0, 1}, corner{0, 0}, corner{1, 1}},
		{"inverted", corner{1, 1}, corner{0, 1}, corner{1, 0}},
	} {
		m := rotation(row.rotate)
		for at, want := range map[corner]corner{{0, 0}: row.ul, {1, 0}: row.ur, {0, 1}: row.ll} {
			if x, y := apply(m, at.x, at.y); (corner{x, y}) != want {
				t.Errorf("%s: the panel's %v is the picture's %v, %v; want %v", row.rotate, at, x, y, want)
			}
		}
	}
}

// Whatever the desktop, the rotation of output and sensor: the unit square ends
// as the output's rectangle, corner on corner.
func TestMatrixFillsTheOutput(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		d := randomDesktop(rnd)
		touch := newTouchMap(xconfig.Facts{}, xconfig.Preferences{}, d)
		o := &d.Outputs[rnd.IntN(len(d.Outputs))]
		m := touch.matrix(touchTarget{output: o, rotate: rotateWords[rnd.IntN(4)]})
		w, h := o.Extent()
		minX, minY, maxX, maxY := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
		for _, c := range [][2]float64{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
			x, y := apply(m, c[0], c[1])
			minX, maxX = min(minX, x), max(maxX, x)
			minY, maxY = min(minY, y), max(maxY, y)
		}
		edgeAt(t, "left", minX*float64(d.Width), o.X)
		edgeAt(t, "right", maxX*float64(d.Width), o.X+w)
		edgeAt(t, "top", minY*float64(d.Height), o.Y)
		edgeAt(t, "bottom", maxY*float64(d.Height), o.Y+h)
	}
}

func edgeAt(t *testing.T, what string, got float64, want int) {
	t.Helper()
	if math.Abs(got-float64(want)) > 1e-6 {
		t.Fatalf("%s edge at %v, want %d", what, got, want)
	}
}

// Turning there and back leaves every point where it was.
func TestRotationsInvert(t *testing.T) {
	back := map[string]string{"normal": "normal", "left": "right", "right": "left", "inverted": "inverted"}
	for word, inverse := range back {
		if got := multiply(rotation(word), rotation(inverse)); got != Identity {
			t.Errorf("%s then %s: %v", inverse, word, got)
		}
	}
	if multiply(rotation("left"), rotation("left")) != rotation("inverted") {
		t.Error("twice left is not inverted")
	}
}

func TestMatrixText(t *testing.T) {
	for _, row := range []struct {
		name    string
		m       Matrix
		numbers int
		want    string
	}{
		{"identity as libinput's property", Identity, 6, "1 0 0 0 1 0"},
		{"half of the desktop", place(1920, 0, 1920, 1080, 3840, 1080), 9, "0.5 0 0.5 0 1 0 0 0 1"},
		{"thirds", place(0, 0, 1, 1, 3, 3), 9, "0.333333333 0 0 0 0.333333333 0 0 0 1"},
		{"left, beside another", multiply(place(0, 0, 1080, 1920, 3000, 1920), rotation("left")), 9, "0 -0.36 0.36 1 0 0 0 0 1"},
	} {
		if got := matrixText(row.m, row.numbers); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}

// randomDesktop begins at 0,0, as every plan does.
func randomDesktop(rnd *rand.Rand) xconfig.DisplayPlan {
	var d xconfig.DisplayPlan
	left, top := 3000, 2000
	for i := range 1 + rnd.IntN(3) {
		o := xconfig.Output{Connector: string(rune('A' + i)), State: "on", Rotate: rotateWords[rnd.IntN(4)], X: rnd.IntN(3000), Y: rnd.IntN(2000)}
		o.Mode.HActive, o.Mode.VActive = 320+rnd.IntN(4000), 200+rnd.IntN(3000)
		left, top = min(left, o.X), min(top, o.Y)
		d.Outputs = append(d.Outputs, o)
	}
	for i := range d.Outputs {
		o := &d.Outputs[i]
		o.X, o.Y = o.X-left, o.Y-top
		w, h := o.Extent()
		d.Width, d.Height = max(d.Width, o.X+w), max(d.Height, o.Y+h)
	}
	return d
}
