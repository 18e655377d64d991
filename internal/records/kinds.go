package records

import (
	"errors"
	"fmt"
)

// A Kind is one sort of thing that can be chosen.
type Kind struct {
	Name   string // "keyboard"
	Doc    string // what is chosen, for a person
	Secret bool   // its files are for root alone

	value func() Value      // a new one, to be filled from a file
	about func(Match) error // whether a match fits the kind
}

// Kinds are all there are.
func Kinds() []Kind { return kinds }

var kinds = []Kind{
	{"display", "how displays are used and lie beside each other", false, func() Value { return new(Layout) }, needDisplays},
	{"keyboard", "the keyboard's layout", false, func() Value { return new(Keyboard) }, needNoParts},
	{"touch", "which display a touchscreen or tablet lies on", false, func() Value { return new(Touch) }, needDevice},
}

func kindOf(name string) (Kind, bool) {
	for _, k := range kinds {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

func needDisplays(m Match) error {
	if len(m.Displays) == 0 {
		return errors.New("a layout has to say of which displays")
	}
	return nil
}

func needDevice(m Match) error {
	if m.Device == (Device{}) {
		return errors.New("want a device")
	}
	return nil
}

func needNoParts(m Match) error {
	if len(m.Displays) > 0 || m.Device != (Device{}) {
		return fmt.Errorf("this kind is about a machine or about none, not about displays or devices")
	}
	return nil
}
