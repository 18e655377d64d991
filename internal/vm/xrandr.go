package vm

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// An XOutput is one output as xrandr lists it.
type XOutput struct {
	Name      string // as X's driver calls it: HDMI-1
	Connected bool
	Primary   bool
	Mode      string // the mode in use, "" when it shows nothing
	Preferred string // the mode marked so, "" without one
	W, H      int    // pixels of its part of the screen, after rotation
	X, Y      int    // where that begins
	Rotation  string // normal, left, inverted, right
	WMM, HMM  int    // size in millimetres as X was told
}

// On is whether the output shows something.
func (o XOutput) On() bool { return o.Mode != "" }

var (
	outputLine = regexp.MustCompile(`^(\S+) (connected|disconnected|unknown connection)( primary)?(?: (\d+)x(\d+)\+(\d+)\+(\d+))?(?: (left|inverted|right))?`)
	sizeMM     = regexp.MustCompile(` (\d+)mm x (\d+)mm`)
	modeLine   = regexp.MustCompile(`^   (\S+)\s+(\d.*)$`)
)

// ParseXrandr reads what xrandr without options prints.
func ParseXrandr(text string) ([]XOutput, error) {
	if !strings.HasPrefix(text, "Screen 0:") {
		return nil, errors.New("xrandr gave no screen")
	}
	var out []XOutput
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if f := outputLine.FindStringSubmatch(line); f != nil {
			o := XOutput{Name: f[1], Connected: f[2] == "connected", Primary: f[3] != "", Rotation: "normal"}
			o.W, o.H, o.X, o.Y = number(f[4]), number(f[5]), number(f[6]), number(f[7])
			if f[8] != "" {
				o.Rotation = f[8]
			}
			if mm := sizeMM.FindStringSubmatch(line); mm != nil {
				o.WMM, o.HMM = number(mm[1]), number(mm[2])
			}
			out = append(out, o)
		} else if f := modeLine.FindStringSubmatch(line); f != nil && len(out) > 0 {
			o := &out[len(out)-1]
			if strings.Contains(f[2], "*") {
				o.Mode = f[1]
			}
			if strings.Contains(f[2], "+") && o.Preferred == "" {
				o.Preferred = f[1]
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("xrandr lists no output")
	}
	return out, nil
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // the expressions let only digits through
	return n
}
