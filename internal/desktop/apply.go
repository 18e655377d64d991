package desktop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"attune/detect"
	"attune/internal/scratch"
	"attune/internal/xcheck"
	"attune/internal/xwrite"
	"attune/xconfig"
)

// A Target is where a plan's files go and who has a say in it.
type Target struct {
	Scratch *os.Root // what X reads is below it; the rest, too, where Live is false
	Live    bool     // the machine we run on: udev's and the session's own directories below /run are used
	Run     string   // "/run"
	State   string   // the state directory, "" for none: EDIDs are remembered there
	Server  string   // an X server to be asked first, "" for none

	Checked func(begin time.Time) // told when that server has been asked, nil for nobody
}

// An Applied says what became of a plan. As JSON it is part of machine.json.
type Applied struct {
	Plan
	Graphics detect.Graphics `json:"graphics"`
	Devices  []detect.Input  `json:"input_devices"`

	Pass
	Before *Pass         `json:"before,omitempty"` // what was written when time was up, before the last device came
	Took   time.Duration `json:"took_ns"`
}

// A Pass is what was done about the files.
type Pass struct {
	X       xwrite.Verdict `json:"x"`
	XWhy    string         `json:"x_why,omitempty"`
	Changed []string       `json:"changed,omitempty"`
	Removed []string       `json:"removed,omitempty"`
}

// NotApplied is a plan nothing was done about, and why.
func NotApplied(p Plan, why string) Applied {
	return Applied{Plan: p, Graphics: p.Facts.Graphics, Devices: p.Facts.Inputs, Pass: Pass{X: xwrite.NotChecked, XWhy: why}}
}

// checkTime is more than twenty times what X takes to read its files.
const checkTime = 5 * time.Second

// Apply puts a plan's files into place. What could not be done is in the
// errors; the rest was done.
func Apply(ctx context.Context, p Plan, t Target) (Applied, []error) {
	start := time.Now()
	a, errs := NotApplied(p, ""), []error(nil)
	places, closers, err := t.places(p.Image.Reach)
	defer func() {
		for _, c := range closers {
			c.Close()
		}
	}()
	if err != nil {
		errs = append(errs, err)
	}
	report, err := xwrite.Write(ctx, p.Files, p.Image.DropIns, places, t.judge(), refusal)
	if err != nil {
		errs = append(errs, err)
	}
	for _, err := range report.Problems {
		errs = append(errs, fmt.Errorf("writing X's configuration: %w", err))
	}
	if report.X == xwrite.Refused {
		errs = append(errs, fmt.Errorf("writing X's configuration: X refused it: %s; what it took before is in place again, or nothing", report.Why))
	}
	if err := t.remember(p.Facts); err != nil {
		errs = append(errs, err)
	}
	a.X, a.XWhy, a.Changed, a.Removed = report.X, report.Why, report.Changed, report.Removed
	a.Took = time.Since(start)
	return a, errs
}

// judge asks the X server, where there is one.
func (t Target) judge() xwrite.Judge {
	if t.Server == "" {
		return nil
	}
	check := xcheck.Checker{Server: t.Server}
	if temp, err := filepath.Abs(t.Scratch.Name()); err == nil {
		check.Temp = temp // /tmp need not be there yet, or be writable
	}
	return func(ctx context.Context, dir string) error {
		ctx, cancel := context.WithTimeout(ctx, checkTime)
		defer cancel()
		if t.Checked != nil {
			defer t.Checked(time.Now())
		}
		return check.Check(ctx, dir)
	}
}

func refusal(err error) (file string, refused bool) {
	r, ok := errors.AsType[*xcheck.Refusal](err)
	if !ok || r.File == "" {
		return "", ok
	}
	return filepath.Base(r.File), true
}

// places opens the directories; one that cannot be had is left out.
func (t Target) places(reach xconfig.Reach) (xwrite.Places, []*os.Root, error) {
	to := xwrite.Places{
		X:       xwrite.Place{Root: t.Scratch, Name: string(xconfig.DirXorg)},
		InPlace: reach.How == "mount",
		Others:  map[xconfig.Dir]xwrite.Place{},
	}
	for _, dir := range []xconfig.Dir{xconfig.DirUdev, xconfig.DirEnv, xconfig.DirWayland, xconfig.DirXresources} {
		to.Others[dir] = xwrite.Place{Root: t.Scratch, Name: string(dir)}
	}
	if !t.Live {
		return to, nil, nil
	}
	var opened []*os.Root
	var errs []error
	for dir, name := range map[xconfig.Dir]string{xconfig.DirUdev: "udev/rules.d", xconfig.DirEnv: "environment.d"} {
		root, err := scratch.Open(filepath.Join(t.Run, name))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		opened = append(opened, root)
		to.Others[dir] = xwrite.Place{Root: root, Name: ".", Shared: true}
	}
	return to, opened, errors.Join(errs...)
}

// TouchesUdev says whether udev's rules are others than before, so that it has
// to look at the input devices again.
func (a Applied) TouchesUdev() bool {
	return slices.ContainsFunc(slices.Concat(a.Changed, a.Removed), func(name string) bool {
		return path.Dir(name) == string(xconfig.DirUdev)
	})
}
