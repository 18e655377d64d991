package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"attune/xconfig"
	"attune/xconfig/display"
	"attune/xconfig/input"
)

// displays prints where each display's picture goes.
func displays(in *invocation) (int, error) {
	svg := in.flags.String("svg", "", "draw the layout to scale into `file`, - for standard output")
	m, err := in.start(in.open)
	if err != nil {
		return 0, err
	}
	defer m.Close()
	f, p, problems := m.Facts()
	d := display.Plan(f, p)
	status := in.warn(problems)
	drawing := func() []byte { return display.SVG(d, input.Plan(f, p, d).Devices...) }
	if *svg == "-" {
		_, err := in.raw.Write(drawing())
		return status, err
	}
	if *svg != "" {
		if err := os.WriteFile(*svg, drawing(), 0o644); err != nil {
			return 0, fmt.Errorf("drawing the layout: %w", err)
		}
	}
	if in.common.json {
		return status, in.printJSON(d)
	}
	out := bufio.NewWriter(in.stdout)
	printDisplays(out, d)
	return status, out.Flush()
}

func printDisplays(w io.Writer, d xconfig.DisplayPlan) {
	printGPU(w, d.GPU)
	for _, o := range d.Outputs {
		if o.State == "on" {
			printOutput(w, o)
		}
	}
	for _, o := range d.Outputs {
		if o.State != "on" {
			fmt.Fprintf(w, "%-10s %-12s %s\n", o.Connector, o.State, o.Why)
		}
	}
	if d.Width > 0 {
		fmt.Fprintf(w, "desktop    %dx%d, %d dpi, scale %g: %s\n", d.Width, d.Height, d.DPI, d.Scale, d.DPIWhy)
	}
	for _, n := range d.Notes {
		fmt.Fprintf(w, "note %s: %s\n", n.Subject, n.Text)
	}
}

func printGPU(w io.Writer, g xconfig.GPUPlan) {
	fmt.Fprintf(w, "%-10s %s, %s: %s\n", "gpu", gpuName(g), g.Kind, g.Why)
	if g.Driver != "" {
		fmt.Fprintf(w, "%-10s driver       %s\n", "", g.Driver)
	}
	if g.Fallback != nil {
		fmt.Fprintf(w, "%-10s fallback     %s\n", "", g.Fallback.Text())
	}
	if len(g.Offload) > 0 {
		fmt.Fprintf(w, "%-10s others       %s\n", "", strings.Join(g.Offload, ", "))
	}
}

// gpuName is the card, or the device of one without a DRM driver.
func gpuName(g xconfig.GPUPlan) string {
	if g.Card == "" && g.Device != "" {
		return path.Base(g.Device)
	}
	return or(g.Card, "none")
}

// printOutput is one block: a line for each thing that was decided, and why.
func printOutput(w io.Writer, o xconfig.Output) {
	row := func(name, value, why string) {
		if why != "" {
			value += ": " + why
		}
		fmt.Fprintf(w, "%-10s %-12s %s\n", "", name, value)
	}
	fmt.Fprintf(w, "%-10s %-12s %s\n", o.Connector, "on", o.Why)
	row("display", shownAs(o), "")
	row("mode", modeOf(o), o.ModeWhy)
	switch {
	case o.Mirrors != "":
		row("mirrors", o.Mirrors, "")
	default:
		row("place", fmt.Sprintf("%d,%d", o.X, o.Y), o.PlaceWhy)
	}
	if len(o.Tiles) > 0 {
		row("tiles", strings.Join(o.Tiles, ", "), "")
	}
	if o.Rotate != "normal" {
		row("turned", o.Rotate, o.RotateWhy)
	}
	row("scale", fmt.Sprintf("%g", o.Scale), o.ScaleWhy)
	if o.Primary {
		row("primary", "yes", o.PrimaryWhy)
	}
}

// shownAs is who the display is: its name, its identity, its size.
func shownAs(o xconfig.Output) string {
	who := or(o.Name, "no name")
	if o.Display != "" {
		who += " (" + o.Display + ")"
	}
	if o.WidthMM > 0 {
		who += fmt.Sprintf(", %d x %d mm", o.WidthMM, o.HeightMM)
	}
	if o.Internal {
		who += ", built in"
	}
	if o.XName != "" && o.XName != o.Connector {
		who += "; X calls it " + o.XName
	}
	return who
}

// modeOf leaves out a rate that is not known.
func modeOf(o xconfig.Output) string {
	text := o.Mode.String()
	if o.Mode.Clock == 0 {
		text = fmt.Sprintf("%dx%d", o.Mode.HActive, o.Mode.VActive)
	}
	if o.Forced {
		text += " (X has to be told)"
	}
	return text
}
