package xconfig

import "fmt"

// A Rect is a place on the desktop in pixels.
type Rect struct{ X, Y, W, H int }

// With is the smallest that holds both.
func (r Rect) With(s Rect) Rect {
	right, bottom := max(r.X+r.W, s.X+s.W), max(r.Y+r.H, s.Y+s.H)
	r.X, r.Y = min(r.X, s.X), min(r.Y, s.Y)
	return Rect{r.X, r.Y, right - r.X, bottom - r.Y}
}

func (r Rect) String() string { return fmt.Sprintf("%dx%d+%d+%d", r.W, r.H, r.X, r.Y) }
