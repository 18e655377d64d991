package records

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"attune/detect"
	"attune/xconfig"
)

func chooseTouch(c *Choice, said []word, h Hardware) error {
	device := ""
	for _, w := range said {
		switch w.key {
		case "device":
			device = w.value
		case "output", "rotate":
		default:
			return noKey(w.key, "device", "output", "rotate")
		}
	}
	var err error
	if c.Match.Device, err = h.device(device); err != nil {
		return err
	}
	c.Value = &Touch{}
	c.With = func(old Value) (Value, error) {
		t := new(Touch)
		if was, ok := old.(*Touch); ok {
			*t = *was
		}
		for _, w := range said {
			if err := t.take(w, h); err != nil {
				return nil, err
			}
		}
		return t, t.check()
	}
	return nil
}

func (t *Touch) take(w word, h Hardware) error {
	switch w.key {
	case "rotate":
		t.Rotate = w.value
	case "output":
		t.Role, t.Display = "", Display{}
		if w.value == "all" {
			return nil
		}
		if xconfig.IsRole(w.value) {
			t.Role = strings.ToLower(w.value)
			return nil
		}
		d, err := h.display(w.value)
		t.Display = d
		return err
	}
	return nil
}

// device finds the touch device a person means: by VID:PID, by its name or by
// where it is plugged in. Where two of a kind are here the place is noted, too.
func (h Hardware) device(text string) (Device, error) {
	if text == "" {
		return Device{}, fmt.Errorf("%w: which device? %s", ErrWords, h.touchNames())
	}
	id := strings.ToLower(text)
	var found []detect.Input
	for _, in := range h.touch() {
		if IDOf(in) == id || in.Name == text || in.Phys == text {
			found = append(found, in)
		}
	}
	switch {
	case len(found) == 0 && deviceID().MatchString(id):
		return Device{ID: id}, nil // one that is plugged in now and then
	case len(found) == 0:
		return Device{}, fmt.Errorf("%w: no touch device %q is here. %s", ErrWords, text, h.touchNames())
	case len(found) > 1:
		return Device{}, fmt.Errorf("%w: %q are %d devices: say by their place which is meant. %s", ErrWords, text, len(found), h.touchNames())
	}
	d := Device{ID: IDOf(found[0])}
	if len(h.find(d)) > 1 {
		d.Place = found[0].Phys
	}
	return d, nil
}

func (h Hardware) touch() (all []detect.Input) {
	for _, in := range h.Inputs {
		touches := slices.ContainsFunc([]detect.InputKind{detect.KindTouchscreen, detect.KindTablet, detect.KindMouse}, in.Is)
		if touches && in.Absolute && IDOf(in) != "" {
			all = append(all, in)
		}
	}
	return all
}

func (h Hardware) touchNames() string {
	var names []string
	for _, in := range h.touch() {
		names = append(names, fmt.Sprintf("%s (%s, %s)", IDOf(in), xconfig.Printable(in.Name), xconfig.Printable(cmp.Or(in.Phys, "no place"))))
	}
	if len(names) == 0 {
		return "There is none here"
	}
	return "There are " + strings.Join(names, "; ")
}

// display finds a display by its connector.
func (h Hardware) display(connector string) (Display, error) {
	var names []string
	var found []Display
	for _, d := range h.Displays() {
		names = append(names, d.String())
		if strings.EqualFold(d.Connector, connector) {
			found = append(found, d)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return Display{}, fmt.Errorf("%w: %d cards have a display on %s", ErrWords, len(found), connector)
	case len(names) == 0:
		return Display{}, fmt.Errorf("%w: no display is connected", ErrWords)
	}
	return Display{}, fmt.Errorf("%w: no display is on %q; there are %s", ErrWords, connector, strings.Join(names, ", "))
}
