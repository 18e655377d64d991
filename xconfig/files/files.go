// Package files writes plans down in the words of those who read them: X,
// udev's rules, the environment, weston, kanshi and mutter. It knows their
// formats, their names for things and what they do by themselves, which is not
// said; it decides nothing, and puts nothing where it belongs.
package files

import (
	"fmt"

	"attune/xconfig"
	"attune/xconfig/xorgconf"
)

// Names of the files. X reads a directory in the order of names, after
// /usr/share/X11/xorg.conf.d. Of input classes and server flags the last counts,
// of monitors and devices the first: so the one file comes early and the other
// late, and a file of an administrator's between them wins over both.
const (
	inputFile  = xconfig.FileInput
	outputFile = xconfig.FileOutput
)

// For gives the files by which X and others are told what they need for the
// plans to come true, each in its place. What they do by themselves is not said:
// plain hardware gives no file at all. The notes tell of what could not be said.
func For(d xconfig.DisplayPlan, in xconfig.InputPlan, img xconfig.Image) ([]xconfig.File, []xconfig.Note) {
	w := writer{display: d, input: in, image: img}
	if hasX(img) {
		w.forX()
	} else {
		w.withoutX()
	}
	w.udev()
	w.environment()
	w.wayland()
	return w.files, w.notes
}

func (w *writer) forX() {
	w.xorg(inputFile, "input devices and server flags", w.inputSections())
	w.xorg(outputFile, "displays and graphics cards", w.outputSections())
	w.resources()
}

// withoutX says what is not written where nobody would read it.
func (w *writer) withoutX() {
	x := writer{display: w.display, input: w.input, image: w.image}
	x.forX()
	if len(x.files) > 0 {
		w.note("X", "there is no X server in this image: nothing is written for one")
	}
}

// hasX: there is a server, or at least its drivers.
func hasX(im xconfig.Image) bool { return im.XServer != "" || len(im.Drivers)+len(im.InputDrv) > 0 }

// A writer is a set of files in the making.
type writer struct {
	display xconfig.DisplayPlan
	input   xconfig.InputPlan
	image   xconfig.Image
	files   []xconfig.File
	notes   []xconfig.Note
}

func (w *writer) note(subject, format string, args ...any) {
	w.notes = append(w.notes, xconfig.Note{Subject: subject, Text: fmt.Sprintf(format, args...)})
}

func (w *writer) file(dir xconfig.Dir, name, why, text string) {
	w.files = append(w.files, xconfig.File{Dir: dir, Name: name, Why: why, Data: []byte(text)})
}

// xorg writes one file for X. A section X could not read is left out, as with
// it X would not start.
func (w *writer) xorg(name, about string, sections []xorgconf.Section) {
	var good []xorgconf.Source
	for _, s := range sections {
		if _, err := xorgconf.Text(s); err != nil {
			w.note(name, "left out: %v", err)
			continue
		}
		good = append(good, s)
	}
	if len(good) == 0 {
		return
	}
	text, err := xorgconf.Print(fileHead(name, about, w.image.Reach.OwnFiles()), good...)
	if err != nil { // cannot be: each section was tried
		w.note(name, "not written: %v", err)
		return
	}
	w.file(xconfig.DirXorg, name, about, string(text))
}

// fileHead is what every file for X begins with. No time and no version in it:
// the same plan gives the same bytes.
func fileHead(name, about, place string) string {
	wins := "a Monitor or Device section with the same Identifier in any file with a lower name wins over this one, as xorg.conf does not."
	if name == inputFile {
		wins = "an InputClass in any file with a higher name, or in xorg.conf, wins over this one; so does a ServerFlags section."
	}
	return "Made by attune from what this machine has: " + about + ".\n" +
		"It is made anew at every boot: a change here does not last. To decide otherwise, use attune's settings, or an own file in " + place + ":\n" +
		wins
}
