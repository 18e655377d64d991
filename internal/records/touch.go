package records

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"attune/xconfig"
)

// A Touch says which display a device lies on: one of a role, or this one, or
// none of both for the whole desktop.
type Touch struct {
	Role    string  `json:"role,omitempty"` // "internal", "largest"
	Display Display `json:"display,omitzero"`
	Rotate  string  `json:"rotate,omitempty"` // of the sensor against its display
}

func (t *Touch) check() error {
	switch {
	case t.Role != "" && (!xconfig.IsRole(t.Role) || strings.EqualFold(t.Role, "touch")):
		return fmt.Errorf("role %q: want internal, external, largest or any", t.Role)
	case t.Role != "" && t.Display != (Display{}):
		return errors.New("want a role or a display, not both")
	case t.Rotate != "" && !slices.Contains(xconfig.Rotations, t.Rotate):
		return fmt.Errorf("rotate %q: want %s", t.Rotate, strings.Join(xconfig.Rotations, ", "))
	case t.Display == (Display{}):
		return nil
	}
	return Match{Displays: []Display{t.Display}}.check()
}

func (t *Touch) String() string {
	text := "on the whole desktop"
	switch {
	case t.Role != "":
		text = "on the " + t.Role + " display"
	case t.Display != (Display{}):
		text = "on " + t.Display.String()
	}
	if t.Rotate != "" {
		text += " turned " + t.Rotate
	}
	return text
}
