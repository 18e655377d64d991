package vm

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"attune/internal/vm/job"
)

// AbsMax is the far end of an absolute axis of QEMU's.
const AbsMax = 0x7fff

// Point moves whatever pointer takes absolute positions, a tablet, to a place
// given as shares of its width and height, 0 to 1.
func (m *Monitor) Point(x, y float64) error {
	axis := func(name string, v float64) map[string]any {
		return map[string]any{"type": "abs", "data": map[string]any{"axis": name, "value": int(v*AbsMax + 0.5)}}
	}
	return m.Do("input-send-event", map[string]any{"events": []any{axis("x", x), axis("y", y)}})
}

// Resize gives the virtio head behind the VNC socket a size, which plugs its
// screen in.
func (m *Monitor) Resize(socket string, w, h uint16) error {
	v, err := View(m.Path(socket))
	if err != nil {
		return err
	}
	defer v.Close()
	return v.Resize(w, h)
}

// PointSteps ask the host, by meet steps named "point X Y", to move the tablet,
// and X where its pointer is then.
func PointSteps(places [][2]float64) []job.Step {
	var steps []job.Step
	for _, p := range places {
		name := fmt.Sprintf("point %g %g", p[0], p[1])
		steps = append(steps,
			job.Step{Do: job.Meet, Name: name},
			job.Step{Do: job.Exec, Argv: []string{"busybox", "sleep", "1"}},
			XTool("at "+name, "xdotool", "getmouselocation", "--shell"))
	}
	return steps
}

// pointAt does what a meet step of PointSteps asks for, and of others nothing.
func (m *Monitor) pointAt(name string) error {
	var x, y float64
	if _, err := fmt.Sscanf(name, "point %g %g", &x, &y); err != nil {
		return nil
	}
	return m.Point(x, y)
}

var locationLine = regexp.MustCompile(`(?m)^([XY])=(\d+)$`)

// ParseLocation reads what xdotool getmouselocation --shell prints, in pixels
// of the desktop.
func ParseLocation(text string) (x, y int, err error) {
	found := map[string]int{}
	for _, f := range locationLine.FindAllStringSubmatch(text, -1) {
		found[f[1]] = number(f[2])
	}
	if len(found) != 2 {
		return 0, 0, fmt.Errorf("xdotool gave no place: %q", text)
	}
	return found["X"], found["Y"], nil
}

// ParseMatrix reads a property of nine numbers from what xinput list-props
// prints.
func ParseMatrix(text, property string) (m [9]float64, err error) {
	for line := range strings.Lines(text) {
		name, values, _ := strings.Cut(strings.TrimSpace(line), "):")
		if name, _, _ = strings.Cut(name, " ("); name != property {
			continue
		}
		fields := strings.Split(values, ",")
		if len(fields) != 9 {
			return m, fmt.Errorf("property %q has %d values", property, len(fields))
		}
		for i, f := range fields {
			if m[i], err = strconv.ParseFloat(strings.TrimSpace(f), 64); err != nil {
				return m, fmt.Errorf("property %q: %w", property, err)
			}
		}
		return m, nil
	}
	return m, fmt.Errorf("no property %q", property)
}

// AppliedClasses are the InputClass sections X applied to a device, in order,
// by its log.
func AppliedClasses(log, device string) []string {
	var out []string
	for line := range strings.Lines(log) {
		_, after, ok := strings.Cut(line, " "+device+`: Applying InputClass "`)
		if name, _, closed := strings.Cut(after, `"`); ok && closed {
			out = append(out, name)
		}
	}
	return out
}
