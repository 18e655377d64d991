// Package desktop makes a machine's display and input configuration: it
// gathers the facts, has xconfig decide, and puts the files into place.
//
// It decides nothing itself and knows no display server's words.
package desktop

import (
	"io/fs"
	"slices"

	"attune/detect"
	"attune/internal/failsafe"
	"attune/internal/image"
	"attune/internal/state"
	"attune/xconfig"
	"attune/xconfig/display"
	"attune/xconfig/files"
	"attune/xconfig/input"
)

// A Plan is all that was decided, and on which facts.
type Plan struct {
	Facts       xconfig.Facts       `json:"-"`
	Preferences xconfig.Preferences `json:"-"`
	Image       xconfig.Image       `json:"image"`
	Displays    xconfig.DisplayPlan `json:"displays"`
	Inputs      xconfig.InputPlan   `json:"inputs"`
	Files       []xconfig.File      `json:"files,omitempty"`
	Notes       []xconfig.Note      `json:"notes,omitempty"` // the writers'
}

// Read gathers the facts and the preferences. It always answers; what was
// odd or could not be read is in the errors.
func Read(root fs.FS, inv detect.Inventory, cmdline string, ask detect.NodeAsker) (xconfig.Facts, xconfig.Preferences, []error) {
	f := xconfig.Facts{Machine: inv, Cmdline: cmdline, Image: image.Read(root)}
	f.Graphics = detect.ScanGraphics(root, inv, ask)
	inputs, more := detect.ScanInputs(root, ask)
	f.Inputs = inputs
	root = state.Bounded(root, patience)
	known, bad := rememberedHere(root, inv)
	f.Remembered = known
	asked, errs := Settings(root, f)
	errs = append(errs, problems(slices.Concat(f.Graphics.Problems, more))...)
	theirs, odd := image.DropIns(root)
	f.Image.DropIns = theirs
	prefs := asked.Preferences
	back, err := failsafe.StepOf(root, f, prefs)
	prefs.Fallback = back
	if err != nil {
		errs = append(errs, err)
	}
	return f, prefs, slices.Concat(errs, bad, odd)
}

// Decide makes the plans and the files of them. Pure.
func Decide(f xconfig.Facts, p xconfig.Preferences) Plan {
	plan := Plan{Facts: f, Preferences: p}
	f, p = stepBack(f, p)
	plan.Image = f.Image
	plan.Displays = display.Plan(f, p)
	plan.Inputs = input.Plan(f, p, plan.Displays)
	plan.Files, plan.Notes = files.For(plan.Displays, plan.Inputs, f.Image)
	plan.Files = filesOfStep(plan.Files, p.Fallback)
	return plan
}
