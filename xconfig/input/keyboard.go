package input

import (
	"cmp"
	"slices"

	"attune/xconfig"
)

// planKeyboard asks every source in order. The first with a layout this image
// knows wins; its variant is its own. A model or options may come from a source
// asked before it which said no layout: "keyboard.options" of a setting holds
// for the layout of /etc/default/keyboard too.
func planKeyboard(f xconfig.Facts, p xconfig.Preferences) (plannedKeyboard, []xconfig.Note, []xconfig.Note) {
	c := xkbCheck{layouts: f.Image.XKBLayouts, models: f.Image.XKBModels}
	var chosen plannedKeyboard
	var winner xconfig.Note
	var lost []xconfig.Note
	sources := keyboardSources(f, p)
	for _, s := range sources {
		k := c.check(s.where, s.keyboard)
		won := winner.Text == "" && k.Layout != ""
		if winner.Text == "" {
			chosen.Keyboard = c.under(chosen.Keyboard, k)
			chosen.strength = max(chosen.strength, strengthOf(s, k))
		}
		if won {
			winner = s.note(k)
		} else {
			lost = append(lost, s.note(k))
		}
	}
	if winner.Text == "" {
		winner = xconfig.Note{Subject: "X", Text: "what it takes when nobody says anything"}
		chosen.Keyboard = c.under(chosen.Keyboard, xconfig.Keyboard{Layout: "us"})
	}
	chosen.from = winner.Subject
	if len(lost) == len(sources) {
		chosen.from = "nobody says a layout this image knows: X's own, also for keyboards that udev would give another"
	}
	chosen.scanner = cmp.Or(c.check(cmp.Or(p.Sources["scanner.layout"], "scanner.layout"), xconfig.Keyboard{Layout: p.Scanner}).Layout, "us")
	if slices.Contains(f.Image.ConfFiles, localedFile) && chosen.strength < byPerson {
		chosen.leftTo = localedFile
		c.note(localedFile, "tells X the keyboard's layout: it is left to that file")
	}
	return chosen, append([]xconfig.Note{winner}, lost...), c.notes
}

// A plannedKeyboard is the decision and how much it is meant.
type plannedKeyboard struct {
	xconfig.Keyboard
	from     string // source of the layout
	strength strength
	leftTo   string // an administrator's file that tells X already
	scanner  string // layout of barcode scanners and card readers
}

// strengthOf is that of a source which said something.
func strengthOf(s keyboardSource, k xconfig.Keyboard) strength {
	if k == (xconfig.Keyboard{}) {
		return byHint
	}
	return s.strength
}

// localedFile is the file systemd-localed writes for X when an administrator
// sets a layout.
const localedFile = "/etc/X11/xorg.conf.d/00-keyboard.conf"

// SaysNothing is the text of a source that was asked and had no answer.
const SaysNothing = "says nothing"

// A keyboardSource is one place that may say something of the keyboard.
type keyboardSource struct {
	where    string // "/etc/vconsole.conf", a line of a settings file
	keyboard xconfig.Keyboard
	said     string // as it stands there: "KEYMAP=de-latin1", "" when it says nothing
	why      string // how the one became the other, or why it says nothing
	strength strength
}

// A strength says how much a source means what it says.
type strength int

const (
	byHint   strength = iota // by the machine, or by way of the language
	byFile                   // by the image's own files
	byPerson                 // by a person, of this program or of this boot
)

// note tells what a source said and what became of it: k is what the image
// knows of it.
func (s keyboardSource) note(k xconfig.Keyboard) xconfig.Note {
	text := cmp.Or(xconfig.Printable(s.said), SaysNothing)
	if s.why != "" {
		text += ", " + s.why
	}
	switch {
	case s.keyboard.Layout != "" && k.Layout == "":
		text += ": not known to this image"
	case k.String() != s.said && k.String() != "":
		text += ": " + k.String()
	}
	return xconfig.Note{Subject: s.where, Text: text}
}
