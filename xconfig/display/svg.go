package display

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"attune/xconfig"
)

// The picture's measures in its own units.
const (
	svgWidth  = 900.0
	svgHeight = 520.0 // of the desktop at the most
	svgMargin = 30.0
	svgText   = 13.0 // size of text below the picture
	svgLine   = 18.0
	svgWrap   = 118 // characters in such a line
	maxNotes  = 30  // lines of it
)

// SVG draws the plan to scale: a rectangle for each display where it is on the
// desktop with the touchscreens and tablets that land on it, and in words below
// what shows no picture and what should be known.
func SVG(d xconfig.DisplayPlan, inputs ...xconfig.InputUse) []byte {
	s := svg{plan: d, inputs: inputs, k: svgScale(d)}
	s.below = svgMargin + svgLine + float64(d.Height)*s.k + svgLine
	for _, o := range d.Outputs {
		if o.State == "on" && o.Mirrors == "" {
			s.output(o)
		}
	}
	for _, o := range d.Outputs {
		if o.State == "on" && o.Mirrors != "" {
			s.follower(o)
		}
	}
	s.words()
	return s.document()
}

type svg struct {
	plan   xconfig.DisplayPlan
	inputs []xconfig.InputUse
	k      float64 // picture units in a pixel of the desktop
	body   bytes.Buffer
	below  float64 // where the next line of words goes
	lines  int
}

func svgScale(d xconfig.DisplayPlan) float64 {
	if d.Width <= 0 || d.Height <= 0 {
		return 0
	}
	return min((svgWidth-2*svgMargin)/float64(d.Width), svgHeight/float64(d.Height))
}

func (s *svg) document() []byte {
	var out bytes.Buffer
	height := s.below + svgMargin
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" font-family="sans-serif">`+"\n", svgWidth, height, svgWidth, height)
	fmt.Fprintf(&out, `<rect width="%.0f" height="%.0f" fill="#ffffff"/>`+"\n", svgWidth, height)
	s.title(&out)
	out.Write(s.body.Bytes())
	out.WriteString("</svg>\n")
	return out.Bytes()
}

func (s *svg) title(out *bytes.Buffer) {
	title := "no display is on"
	if s.k > 0 {
		title = fmt.Sprintf("%dx%d pixels, %d dpi, by %s", s.plan.Width, s.plan.Height, s.plan.DPI, s.plan.GPU.Card)
	}
	fmt.Fprintf(out, `<text x="%.1f" y="%.1f" font-size="%.0f" fill="#222222">%s</text>`+"\n", svgMargin, svgMargin, svgText+2, svgEscape(title))
}

// A box is a place in the picture.
type box struct{ x, y, w, h float64 }

func (s *svg) box(o xconfig.Output) box {
	w, h := o.Extent()
	return box{svgMargin + float64(o.X)*s.k, svgMargin + svgLine + float64(o.Y)*s.k, float64(w) * s.k, float64(h) * s.k}
}

func (s *svg) output(o xconfig.Output) {
	b := s.box(o)
	fill, edge := "#e8eef5", 1.5
	if o.Primary {
		fill, edge = "#d5e6f7", 3.5
	}
	fmt.Fprintf(&s.body, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s" stroke="#34506b" stroke-width="%.1f"/>`+"\n", b.x, b.y, b.w, b.h, fill, edge)
	s.tiles(o, b)
	s.top(o, b)
	s.label(b.beside(o.Rotate), s.about(o))
}

func turnText(rotate string) string {
	if rotate == "inverted" {
		return "upside down"
	}
	return "turned " + rotate
}

// arrow is the size of the mark at a turned panel's top.
func (b box) arrow() float64 { return min(14, b.w/8, b.h/8) }

// beside is the room between the marks of a turned panel.
func (b box) beside(rotate string) box {
	if xconfig.Sideways(rotate) {
		b.x, b.w = b.x+1.8*b.arrow(), b.w-3.6*b.arrow()
	}
	return b
}

// about is what stands in the rectangle, the most telling line first.
func (s *svg) about(o xconfig.Output) []string {
	lines := []string{cmp.Or(strings.Join(o.Tiles, " + "), o.Connector)}
	if o.Primary {
		lines[0] += "  (primary)"
	}
	for _, f := range s.plan.Outputs {
		if f.State == "on" && f.Mirrors == o.Connector {
			lines = append(lines, "and the same on "+f.Connector)
		}
	}
	lines = append(lines, cmp.Or(o.Name, o.Display, "no name"), modeText(o.Mode))
	if o.Rotate != "normal" {
		lines = append(lines, turnText(o.Rotate))
	}
	if o.WidthMM > 0 {
		lines = append(lines, fmt.Sprintf("%d x %d mm, %.1f in", o.WidthMM, o.HeightMM, inches(o.WidthMM, o.HeightMM)))
	}
	lines = append(lines, fmt.Sprintf("at %d,%d  scale %g", o.X, o.Y, o.Scale))
	for _, in := range s.inputs {
		if absolute(in) && in.Output == o.Connector {
			lines = append(lines, in.Use+": "+in.Name)
		}
	}
	return lines
}

// absolute are the devices that point at a place of the desktop.
func absolute(in xconfig.InputUse) bool { return in.Use == "touch" || in.Use == "tablet" }

// label writes lines into the middle of a box, as large as they fit.
func (s *svg) label(b box, lines []string) {
	longest := 0
	for i, l := range lines {
		lines[i] = svgText40(l)
		longest = max(longest, len(lines[i]))
	}
	// A letter is about 0.6 of its size wide, a line 1.3 of it high.
	size := min(18, 0.92*b.w/(0.6*float64(max(longest, 1))), 0.8*b.h/(1.3*float64(len(lines))))
	y := b.y + b.h/2 - 1.3*size*float64(len(lines))/2 + size
	for i, l := range lines {
		weight := "normal"
		if i == 0 {
			weight = "bold"
		}
		fmt.Fprintf(&s.body, `<text x="%.1f" y="%.1f" font-size="%.2f" font-weight="%s" text-anchor="middle" fill="#16202b" stroke="#e8eef5" stroke-width="2" paint-order="stroke">%s</text>`+"\n",
			b.x+b.w/2, y+1.3*size*float64(i), size, weight, svgEscape(l))
	}
}

func svgText40(s string) string {
	s = xconfig.Printable(s)
	if len(s) > 40 {
		s = s[:37] + "..."
	}
	return s
}

// tiles draws the seams between the parts of a tiled display.
func (s *svg) tiles(o xconfig.Output, b box) {
	n := float64(len(o.Tiles))
	for i := 1.0; i < n; i++ {
		x1, y1, x2, y2 := b.x+b.w*i/n, b.y, b.x+b.w*i/n, b.y+b.h
		if xconfig.Sideways(o.Rotate) {
			x1, y1, x2, y2 = b.x, b.y+b.h*i/n, b.x+b.w, b.y+b.h*i/n
		}
		fmt.Fprintf(&s.body, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#7890a8" stroke-width="1" stroke-dasharray="6 4"/>`+"\n", x1, y1, x2, y2)
	}
}

// top marks the side where the panel has its own top: an arrow across the edge
// of a turned one.
func (s *svg) top(o xconfig.Output, b box) {
	if !showsTop(o) {
		return
	}
	a := b.arrow()
	x, y, dx, dy := b.x+b.w/2, b.y+b.h-a, 0.0, 1.0 // inverted: the panel stands on its head
	switch o.Rotate {
	case "left": // the picture's top is at the panel's left: the panel's is at the right
		x, y, dx, dy = b.x+b.w-a, b.y+b.h/2, 1, 0
	case "right":
		x, y, dx, dy = b.x+a, b.y+b.h/2, -1, 0
	}
	fmt.Fprintf(&s.body, `<polygon points="%.1f,%.1f %.1f,%.1f %.1f,%.1f" fill="#c2571a"><title>the panel's own top</title></polygon>`+"\n",
		x+dx*a*0.8, y+dy*a*0.8, x-dy*a, y-dx*a, x+dy*a, y+dx*a)
}

// showsTop: not of one that mirrors, of which there is no more than the edge.
func showsTop(o xconfig.Output) bool {
	return o.State == "on" && o.Mirrors == "" && (xconfig.Sideways(o.Rotate) || o.Rotate == "inverted")
}

// follower is the dotted edge of a display that shows another's picture and is
// not of its size.
func (s *svg) follower(o xconfig.Output) {
	b := s.box(o)
	fmt.Fprintf(&s.body, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="none" stroke="#c2571a" stroke-width="1.5" stroke-dasharray="2 4"/>`+"\n", b.x, b.y, b.w, b.h)
}

// words are the outputs without a picture, and the notes.
func (s *svg) words() {
	for _, o := range s.plan.Outputs {
		if o.State != "on" && o.State != "disconnected" {
			s.line(fmt.Sprintf("%s is %s: %s", o.Connector, o.State, o.Why))
		}
	}
	for _, in := range s.inputs {
		if absolute(in) && in.Output == "" && s.k > 0 {
			s.line(fmt.Sprintf("%s %s reaches over the whole desktop", in.Use, xconfig.Printable(in.Name)))
		}
	}
	if slices.ContainsFunc(s.plan.Outputs, showsTop) {
		s.line("an orange triangle marks the side where a turned panel has its own top")
	}
	for _, n := range s.plan.Notes {
		s.line(n.Subject + ": " + n.Text)
	}
}

func (s *svg) line(text string) {
	for _, l := range wrap(text, svgWrap) {
		if s.lines++; s.lines > maxNotes {
			return
		}
		s.below += svgLine
		fmt.Fprintf(&s.body, `<text x="%.1f" y="%.1f" font-size="%.0f" fill="#444444">%s</text>`+"\n", svgMargin, s.below, svgText, svgEscape(l))
	}
}

// wrap breaks text into lines at spaces, and within words that are too long.
func wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		for len(word) > width {
			lines, word = append(lines, line+" "+word[:width]), word[width:]
			line = ""
		}
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}

// svgEscape makes text from anywhere harmless in SVG: no markup, and none of the
// control characters XML forbids even escaped.
func svgEscape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;").Replace(xconfig.ASCII(s))
}
