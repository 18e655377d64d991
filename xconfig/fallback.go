package xconfig

import "fmt"

// A Fallback is how far a plan stays behind what people asked for, because no
// picture came of more. The zero value is everything as asked.
type Fallback struct {
	// Step is what is left out, each more than the one before: "" nothing,
	// StepCovered, StepOwn, StepPlain, StepAlone, StepDriver. StepGood is another way
	// round: the files with which there was a picture before.
	Step   string `json:"step,omitempty"`
	Driver string `json:"driver,omitempty"` // of StepDriver: the X driver of the rung to stand on
	Number int    `json:"number,omitempty"` // of Of steps this machine has, from 1
	Of     int    `json:"of,omitempty"`
	Why    string `json:"why,omitempty"` // what failed before it

	Files map[string][]byte `json:"-"` // of StepGood: all of X's directory, by name
}

// The steps, after "" for everything as planned.
const (
	StepCovered = "covered"   // everything, with empty files over those of the image X cannot read
	StepGood    = "last-good" // the files X showed a picture with before
	StepOwn     = "own"       // without the files of the image's or the administrator's that are copied
	StepPlain   = "plain"     // and without what is asked for of displays
	StepAlone   = "alone"     // X by itself: no file of ours at all
	StepDriver  = "driver"    // another X driver than planned
)

// String says the step in a few words: "driver fbdev".
func (f Fallback) String() string {
	switch {
	case f.Step == "":
		return "planned"
	case f.Driver != "":
		return f.Step + " " + f.Driver
	}
	return f.Step
}

// Text says where on its ladder a machine stands, "" at the top.
func (f Fallback) Text() string {
	if f.Step == "" {
		return ""
	}
	return fmt.Sprintf("on step %d of %d (%s): %s", f.Number, f.Of, f, f.Why)
}

// Plainly is what is left of the preferences where what is asked for of
// displays may be why there is no picture. What is asked for to be safe stays.
func (p Preferences) Plainly() Preferences {
	plain := p
	plain.GPU, plain.Mirror, plain.Primary, plain.Arrange, plain.Default, plain.Outputs = "", false, "", "", "", nil
	if p.Driver != "failsafe" {
		plain.Driver = ""
	}
	return plain
}
