package input

import (
	"fmt"
	"strings"
)

// A Matrix maps a point of one unit square onto another, row by row: (x, y, 1)
// becomes (m0 x + m1 y + m2, m3 x + m4 y + m5). The origin is the upper left
// corner, x runs right and y down, as X's Coordinate Transformation Matrix and
// libinput's CalibrationMatrix have it.
type Matrix = [9]float64

// Identity leaves every point where it is.
var Identity = Matrix{1, 0, 0, 0, 1, 0, 0, 0, 1}

// rotations turn what a sensor tells, in its panel's own axes, into the axes of
// a picture RandR has rotated. "left" is RandR's: the picture is turned 90
// degrees counter-clockwise on the panel, so that its right is the panel's top.
var rotations = map[string]Matrix{
	"normal":   Identity,
	"left":     {0, -1, 1, 1, 0, 0, 0, 0, 1},
	"right":    {0, 1, 0, -1, 0, 1, 0, 0, 1},
	"inverted": {-1, 0, 1, 0, -1, 1, 0, 0, 1},
}

// rotation is the matrix of a RandR word; an unknown or empty one turns nothing.
func rotation(word string) Matrix {
	if m, ok := rotations[word]; ok {
		return m
	}
	return Identity
}

// place maps the unit square onto a rectangle of a desktop; all in pixels.
func place(x, y, w, h, desktopW, desktopH int) Matrix {
	if desktopW <= 0 || desktopH <= 0 {
		return Identity
	}
	dw, dh := float64(desktopW), float64(desktopH)
	return Matrix{float64(w) / dw, 0, float64(x) / dw, 0, float64(h) / dh, float64(y) / dh, 0, 0, 1}
}

// multiply is a after b: the result takes a point through b first.
func multiply(a, b Matrix) (m Matrix) {
	for row := range 3 {
		for col := range 3 {
			for k := range 3 {
				m[3*row+col] += a[3*row+k] * b[3*k+col]
			}
		}
	}
	return m
}

// matrixText is m as X's options and udev's properties take it: nine or, for
// libinput's property, six numbers with blanks between.
func matrixText(m Matrix, numbers int) string {
	words := make([]string, numbers)
	for i := range words {
		words[i] = trimZeros(fmt.Sprintf("%.9f", m[i]))
	}
	return strings.Join(words, " ")
}

func trimZeros(s string) string {
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}
