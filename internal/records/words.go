package records

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrWords is of words that do not say what to choose.
var ErrWords = errors.New("these words choose nothing")

// ErrNameless is of a machine without names or parts to know it again by.
var ErrNameless = errors.New("nothing tells this machine from others, so a choice can only be for all of them")

// A Choice is a record to be kept and how its value comes from the one that is
// in force.
type Choice struct {
	Record
	With func(old Value) (Value, error)
}

// Choose makes a choice of words, KEY=VALUE each, on this hardware. An empty
// value takes back what was chosen. It is about this kind of machine, or with
// anywhere about every one. The scope and origin are the caller's to set.
func Choose(kind string, words []string, h Hardware, anywhere bool) (Choice, error) {
	make, ok := choosers[kind]
	if !ok {
		return Choice{}, fmt.Errorf("%w: there is no kind %q: want one of %s", ErrWords, kind, strings.Join(names(), ", "))
	}
	said, err := split(words)
	if err == nil && len(said) == 0 {
		err = fmt.Errorf("%w: want KEY=VALUE", ErrWords)
	}
	if err != nil {
		return Choice{}, err
	}
	c, err := newChoice(kind, h, anywhere)
	if err != nil {
		return c, err
	}
	return c, make(&c, said, h)
}

func newChoice(kind string, h Hardware, anywhere bool) (Choice, error) {
	c := Choice{Record: Record{Version: Version, Kind: kind}}
	if anywhere {
		return c, nil
	}
	c.Match.Machine = MachineOf(h.Inventory)
	if c.Match.Machine == nil {
		return c, ErrNameless
	}
	return c, nil
}

var choosers = map[string]func(*Choice, []word, Hardware) error{
	"display":  chooseLayout,
	"keyboard": chooseKeyboard,
	"touch":    chooseTouch,
}

func names() (all []string) {
	for _, k := range kinds {
		all = append(all, k.Name)
	}
	return all
}

// A word is one KEY=VALUE.
type word struct{ key, value string }

func split(words []string) (said []word, err error) {
	for _, w := range words {
		key, value, ok := strings.Cut(w, "=")
		if !ok {
			return nil, fmt.Errorf("%w: %q: want KEY=VALUE", ErrWords, w)
		}
		said = append(said, word{key, value})
	}
	return said, nil
}

func noKey(key string, known ...string) error {
	return fmt.Errorf("%w: there is no %q: want one of %s", ErrWords, key, strings.Join(known, ", "))
}

func chooseKeyboard(c *Choice, said []word, _ Hardware) error {
	for _, w := range said {
		if k := new(Keyboard); k.field(w.key) == nil {
			return noKey(w.key, "layout", "variant", "model", "options")
		}
	}
	given := func(key string) bool { return slices.ContainsFunc(said, func(w word) bool { return w.key == key }) }
	c.With = func(old Value) (Value, error) {
		k := new(Keyboard)
		if was, ok := old.(*Keyboard); ok {
			*k = *was
		}
		if given("layout") {
			k.Variant = "" // of another layout
		}
		for _, w := range said {
			*k.field(w.key) = w.value
		}
		return k, k.check()
	}
	c.Value = &Keyboard{}
	return nil
}

func (k *Keyboard) field(key string) *string {
	switch key {
	case "layout":
		return &k.Layout
	case "variant":
		return &k.Variant
	case "model":
		return &k.Model
	case "options":
		return &k.Options
	}
	return nil
}
