package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"attune/internal/desktop"
	"attune/xconfig"
)

// explainDisplay says why there is the picture there is: which GPU, what each
// output shows, and whether X will find what it has to be told.
func explainDisplay(in *invocation) (int, error) {
	m, err := in.openToPlan()
	if err != nil {
		return 0, err
	}
	defer m.Close()
	f, prefs, problems := m.Facts()
	d := desktop.Decide(f, prefs)
	status := in.warn(problems)
	if in.common.json {
		return status, in.printJSON(d)
	}
	out := bufio.NewWriter(in.stdout)
	printReach(out, d.Image, m.Line(bootRecord) != "")
	printDisplays(out, d.Displays)
	for _, r := range d.Displays.GPU.Ladder {
		fmt.Fprintf(out, "%-10s %-12s %s\n", "if X fails", r.Driver, r.Why)
	}
	printTold(out, d)
	return status, out.Flush()
}

// printReach says how X comes by what is written for it.
func printReach(w io.Writer, img xconfig.Image, booted bool) {
	row := func(what, text string) { fmt.Fprintf(w, "%-10s %s\n", what, text) }
	if img.XServer == "" {
		row("X server", "none in this image")
	} else {
		row("X server", img.XServer)
		row("reaches X", strings.TrimPrefix(img.Reach.How+": "+img.Reach.Why, ": "))
		row("own files", "for X belong into "+img.Reach.OwnFiles())
	}
	if img.XorgConf != "" {
		row("X reads", img.XorgConf+", which has the last word: displays are left to it")
	}
	for _, f := range img.ConfFiles {
		row("X reads", f)
	}
	if !booted {
		row("attune", "has not written anything at this boot")
	}
}

// printTold lists the files, and what of the plan they do not hold.
func printTold(w io.Writer, d desktop.Plan) {
	if len(d.Files) == 0 {
		fmt.Fprintf(w, "%-10s %s\n", "files", "none: X and Wayland do all of this by themselves")
	}
	for _, f := range d.Files {
		fmt.Fprintf(w, "%-10s %s/%s: %s\n", "file", f.Dir, f.Name, f.Why)
	}
	for _, n := range slices.Concat(d.Inputs.Notes, d.Notes) {
		fmt.Fprintf(w, "note %s: %s\n", n.Subject, n.Text)
	}
}
