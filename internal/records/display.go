package records

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"attune/xconfig"
)

// A Layout is how the displays of a match are used.
type Layout struct {
	Outputs []Output `json:"outputs"`
}

// An Output is one display's part in a layout. Empty fields are left as they
// are decided at each boot.
type Output struct {
	Connector string  `json:"connector"` // that of the match
	Card      string  `json:"card,omitempty"`
	Off       bool    `json:"off,omitempty"`
	Mode      string  `json:"mode,omitempty"`     // "1920x1080", "1920x1080@60", "preferred", "highest"
	Position  string  `json:"position,omitempty"` // "X,Y"; or "left-of CONNECTOR", "right-of", "above", "below", "same-as"
	Rotate    string  `json:"rotate,omitempty"`   // one of xconfig.Rotations
	Scale     float64 `json:"scale,omitempty"`
	Primary   bool    `json:"primary,omitempty"`
}

var (
	modeWord = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^([1-9][0-9]{2,4}x[1-9][0-9]{2,4}(@[1-9][0-9]{0,2}(\.[0-9]{1,3})?)?|preferred|highest)$`)
	})
	placeWord = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^([0-9]{1,5},[0-9]{1,5}|(left-of|right-of|above|below|same-as) [A-Za-z0-9-]{1,32})$`)
	})
)

func (l *Layout) check() error {
	if len(l.Outputs) == 0 || len(l.Outputs) > maxDisplays {
		return fmt.Errorf("%d outputs: want 1 to %d", len(l.Outputs), maxDisplays)
	}
	seen, primary := map[[2]string]bool{}, 0
	for _, o := range l.Outputs {
		if err := o.check(); err != nil {
			return fmt.Errorf("%s: %w", xconfig.Printable(o.Connector), err)
		}
		at := [2]string{o.Card, o.Connector}
		if seen[at] {
			return fmt.Errorf("%s is there twice", o.Connector)
		}
		seen[at] = true
		if o.Primary {
			primary++
		}
	}
	if primary > 1 {
		return errors.New("more than one display is primary")
	}
	return nil
}

func (o Output) check() error {
	switch {
	case o.Connector == "" || len(o.Connector) > maxText:
		return errors.New("want a connector")
	case o.Mode != "" && !modeWord().MatchString(o.Mode):
		return fmt.Errorf("mode %q: want WIDTHxHEIGHT, WIDTHxHEIGHT@RATE, preferred or highest", o.Mode)
	case o.Position != "" && !placeWord().MatchString(o.Position):
		return fmt.Errorf("position %q: want X,Y or left-of, right-of, above, below, same-as and a connector", o.Position)
	case o.Rotate != "" && !slices.Contains(xconfig.Rotations, o.Rotate):
		return fmt.Errorf("rotate %q: want %s", o.Rotate, strings.Join(xconfig.Rotations, ", "))
	case o.Scale != 0 && !(o.Scale >= 1 && o.Scale <= 4):
		return fmt.Errorf("scale %v: want a number from 1 to 4", o.Scale)
	case o.Off && (o.Primary || o.Mode != "" || o.Position != ""):
		return errors.New("a display that is off has no mode and no place")
	}
	return nil
}

func (l *Layout) String() string {
	var parts []string
	for _, o := range l.Outputs {
		parts = append(parts, o.String())
	}
	return strings.Join(parts, "; ")
}

func (o Output) String() string {
	text := o.Connector
	add := func(ok bool, format string, v any) {
		if ok {
			text += " " + fmt.Sprintf(format, v)
		}
	}
	add(o.Off, "%s", "off")
	add(o.Mode != "", "%s", o.Mode)
	add(o.Position != "", "at %s", o.Position)
	add(o.Rotate != "", "turned %s", o.Rotate)
	add(o.Scale != 0, "scale %g", o.Scale)
	add(o.Primary, "%s", "primary")
	return text
}

// rules are the layout in the words of settings; at says where each display of
// the match is now.
func (l *Layout) rules(at map[place]place, source string) []xconfig.OutputRule {
	var rules []xconfig.OutputRule
	for _, o := range l.Outputs {
		now, ok := at[place{o.Card, o.Connector}]
		if !ok {
			continue
		}
		rules = append(rules, xconfig.OutputRule{
			Match: xconfig.Match{Card: now.card, Connector: now.connector},
			Off:   o.Off, Mode: o.Mode, Position: o.moved(at), Rotate: o.Rotate, Scale: o.Scale, Primary: o.Primary,
			Source: source,
		})
	}
	return rules
}

// moved is the position with the connector beside it as it is called now.
func (o Output) moved(at map[place]place) string {
	word, beside, ok := strings.Cut(o.Position, " ")
	if !ok {
		return o.Position
	}
	if now, ok := at[place{o.Card, beside}]; ok {
		return word + " " + now.connector
	}
	card, connector := "", ""
	for was, now := range at {
		if was.connector == beside && (connector == "" || was.card < card) {
			card, connector = was.card, now.connector
		}
	}
	if connector == "" {
		return o.Position
	}
	return word + " " + connector
}
