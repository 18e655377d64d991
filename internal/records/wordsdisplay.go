package records

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"attune/xconfig"
)

// outputKeys are what can be chosen of a display.
var outputKeys = []string{"mode", "position", "rotate", "scale", "primary", "off"}

// chooseLayout: KEY=VALUE where there is one display, CONNECTOR.KEY=VALUE
// where there are more.
func chooseLayout(c *Choice, said []word, h Hardware) error {
	c.Match.Displays = h.Displays()
	if len(c.Match.Displays) == 0 {
		return fmt.Errorf("%w: no display is connected", ErrWords)
	}
	type part struct {
		of Display
		word
	}
	var parts []part
	for _, w := range said {
		connector, key, ok := strings.Cut(w.key, ".")
		of := c.Match.Displays[0]
		switch {
		case !ok && len(c.Match.Displays) > 1:
			return fmt.Errorf("%w: %s of which display? want CONNECTOR.%s=%s", ErrWords, w.key, w.key, w.value)
		case !ok:
			key = connector
		default:
			var err error
			if of, err = h.display(connector); err != nil {
				return err
			}
		}
		if !slices.Contains(outputKeys, key) {
			return noKey(key, outputKeys...)
		}
		parts = append(parts, part{of, word{key, w.value}})
	}
	c.Value = &Layout{}
	c.With = func(old Value) (Value, error) {
		l := new(Layout)
		if was, ok := old.(*Layout); ok {
			l.Outputs = slices.Clone(was.Outputs)
		}
		for _, p := range parts {
			if err := l.take(p.of, p.word); err != nil {
				return nil, err
			}
		}
		l.Outputs = slices.DeleteFunc(l.Outputs, func(o Output) bool { return o == Output{Connector: o.Connector, Card: o.Card} })
		return l, l.check()
	}
	return nil
}

// take changes one thing of one display, and what cannot stay beside it.
func (l *Layout) take(d Display, w word) error {
	i := slices.IndexFunc(l.Outputs, func(o Output) bool { return o.Connector == d.Connector && o.Card == d.Card })
	if i < 0 {
		l.Outputs = append(l.Outputs, Output{Connector: d.Connector, Card: d.Card})
		i = len(l.Outputs) - 1
	}
	o := &l.Outputs[i]
	if w.key == "primary" {
		for j := range l.Outputs {
			l.Outputs[j].Primary = false
		}
	}
	return o.take(w)
}

func (o *Output) take(w word) (err error) {
	switch w.key {
	case "mode":
		o.Mode, o.Off = w.value, o.Off && w.value == ""
	case "position":
		o.Position, o.Off = w.value, o.Off && w.value == ""
	case "rotate":
		o.Rotate = w.value
	case "scale":
		o.Scale = 0
		if w.value != "" {
			o.Scale, err = strconv.ParseFloat(w.value, 64)
		}
	case "primary":
		if o.Primary, err = yes(w.value); o.Primary {
			o.Off = false
		}
	case "off":
		if o.Off, err = yes(w.value); o.Off {
			o.Mode, o.Position, o.Primary = "", "", false
		}
	}
	if err != nil {
		return fmt.Errorf("%w: %s=%s: want a number, or true or false", ErrWords, w.key, w.value)
	}
	return nil
}

func yes(text string) (bool, error) {
	if text == "" {
		return false, nil
	}
	return strconv.ParseBool(text)
}

// ChooseCurrent keeps every display as a plan has it, but for what the words
// change; there may be none.
func ChooseCurrent(p xconfig.DisplayPlan, words []string, h Hardware, anywhere bool) (Choice, error) {
	said, err := split(words)
	if err != nil {
		return Choice{}, err
	}
	c, err := newChoice("display", h, anywhere)
	if err != nil {
		return c, err
	}
	if err := chooseLayout(&c, said, h); err != nil {
		return c, err
	}
	change := c.With
	c.With = func(Value) (Value, error) { return change(LayoutOf(p, h)) }
	return c, nil
}

// LayoutOf is a plan as a layout: every display as it is used now.
func LayoutOf(p xconfig.DisplayPlan, h Hardware) *Layout {
	l := new(Layout)
	for _, d := range h.Displays() {
		i := slices.IndexFunc(p.Outputs, func(o xconfig.Output) bool { return o.Card == d.Card && o.Connector == d.Connector })
		if i < 0 {
			continue
		}
		o, out := p.Outputs[i], Output{Connector: d.Connector, Card: d.Card}
		switch o.State {
		case "off":
			out.Off = true
		case "on":
			out.Mode = fmt.Sprintf("%dx%d", o.Mode.HActive, o.Mode.VActive)
			if o.Mode.Clock > 0 {
				out.Mode += "@" + strconv.FormatFloat(math.Round(o.Mode.Refresh()*100)/100, 'f', -1, 64)
			}
			out.Position = fmt.Sprintf("%d,%d", o.X, o.Y)
			if o.Mirrors != "" {
				out.Position = "same-as " + o.Mirrors
			}
			out.Rotate, out.Scale, out.Primary = o.Rotate, o.Scale, o.Primary
		default:
			continue
		}
		l.Outputs = append(l.Outputs, out)
	}
	return l
}
