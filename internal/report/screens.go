package report

import (
	"cmp"
	"fmt"
	"strings"

	"attune/internal/status"
	"attune/xconfig"
)

// A drawing is the desktop to scale, in the units of its own view box.
type drawing struct {
	W, H    float64
	Desc    string
	Screens []screen
}

// A screen is one display in it.
type screen struct {
	X, Y, W, H float64
	Class      string // "primary", "follows" of one that shows another's picture, ""
	Title      string
	Lines      []line
	Seams      []seam // between the parts of a tiled display
	Top        string // points of the mark where a turned panel has its own top, "" for none
}

type line struct {
	X, Y, Size float64
	Text       string
	First      bool
}

type seam struct{ X1, Y1, X2, Y2 float64 }

// The drawing's width, and the most it may be high; text is at most this size,
// so that a phone three fifths as wide still shows it readably.
const (
	drawW, drawH = 480.0, 300.0
	drawText     = 16.0
	drawEdge     = 2.0 // room for the thickest border
)

// draw is nil where no display has a picture.
func draw(d xconfig.DisplayPlan) *drawing {
	if d.Width <= 0 || d.Height <= 0 {
		return nil
	}
	k := min((drawW-2*drawEdge)/float64(d.Width), (drawH-2*drawEdge)/float64(d.Height))
	pic := &drawing{W: float64(d.Width)*k + 2*drawEdge, H: float64(d.Height)*k + 2*drawEdge}
	var words []string
	for _, o := range d.Outputs {
		if o.State != "on" {
			continue
		}
		s := screenOf(o, k)
		words = append(words, s.Title)
		pic.Screens = append(pic.Screens, s)
	}
	pic.Desc = fmt.Sprintf("The desktop, %d × %d pixels: %s.", d.Width, d.Height, strings.Join(words, "; "))
	return pic
}

func screenOf(o xconfig.Output, k float64) screen {
	w, h := o.Extent()
	s := screen{X: drawEdge + float64(o.X)*k, Y: drawEdge + float64(o.Y)*k, W: float64(w) * k, H: float64(h) * k}
	name := cmp.Or(strings.Join(o.Tiles, " + "), o.Connector)
	s.Title = fmt.Sprintf("%s, %s, at %d, %d", name, status.ModeText(o), o.X, o.Y)
	switch {
	case o.Mirrors != "":
		s.Class = "follows"
		s.Title += ", shows what " + o.Mirrors + " shows"
		return s // its words would lie on the other's
	case o.Primary:
		s.Class = "primary"
		s.Title += ", primary"
	}
	s.seams(o)
	s.turned(o)
	s.words([]string{name, fmt.Sprintf("%d × %d", w, h), cmp.Or(o.Name, o.Display)})
	return s
}

// words puts lines into the middle, as large as they fit.
func (s *screen) words(lines []string) {
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	longest := 1
	for i, l := range lines {
		if r := []rune(l); len(r) > 24 {
			lines[i] = string(r[:23]) + "…"
		}
		longest = max(longest, len([]rune(lines[i])))
	}
	// A letter is about 0.6 of its size wide, a line 1.35 of it high.
	size := min(drawText, 0.9*s.W/(0.6*float64(longest)), 0.8*s.H/(1.35*float64(len(lines))))
	y := s.Y + s.H/2 - 1.35*size*float64(len(lines))/2 + size
	for i, l := range lines {
		s.Lines = append(s.Lines, line{s.X + s.W/2, y + 1.35*size*float64(i), size, l, i == 0})
	}
}

func (s *screen) seams(o xconfig.Output) {
	n := float64(len(o.Tiles))
	for i := 1.0; i < n; i++ {
		if xconfig.Sideways(o.Rotate) {
			y := s.Y + s.H*i/n
			s.Seams = append(s.Seams, seam{s.X, y, s.X + s.W, y})
		} else {
			x := s.X + s.W*i/n
			s.Seams = append(s.Seams, seam{x, s.Y, x, s.Y + s.H})
		}
	}
}

// turned marks the side where a turned panel has its own top.
func (s *screen) turned(o xconfig.Output) {
	a := min(10, s.W/10, s.H/10)
	x, y, dx, dy := s.X+s.W/2, s.Y+s.H-a, 0.0, 1.0
	switch o.Rotate {
	case "inverted":
	case "left": // the picture's top is at the panel's left: the panel's is at the right
		x, y, dx, dy = s.X+s.W-a, s.Y+s.H/2, 1, 0
	case "right":
		x, y, dx, dy = s.X+a, s.Y+s.H/2, -1, 0
	default:
		return
	}
	s.Top = fmt.Sprintf("%.1f,%.1f %.1f,%.1f %.1f,%.1f", x+dx*a*0.8, y+dy*a*0.8, x-dy*a, y-dx*a, x+dy*a, y+dx*a)
	s.Title += ", turned " + o.Rotate
}
