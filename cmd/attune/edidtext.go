package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"attune/detect/edid"
)

// printEDID tells a person what a display says of itself: a row a subject.
func printEDID(w io.Writer, s shownEDID) {
	fmt.Fprintf(w, "%s: %s\n", s.File, s.ID)
	p := edidPrinter{w}
	p.rows("who", edidWho(s.EDID))
	p.rows("edid", edidForm(s.EDID))
	p.rows("input", edidInput(s.EDID))
	p.rows("picture", edidPicture(s))
	p.rows("features", edidFeatures(s.EDID)...)
	p.rows("ranges", edidRanges(s.EDID)...)
	p.rows("colour", edidColour(s.EDID)...)
	p.rows("hdr", edidHDR(s.EDID)...)
	p.rows("hdmi", edidHDMI(s.EDID)...)
	p.rows("audio", edidAudio(s.EDID)...)
	p.rows("tile", edidTile(s.EDID)...)
	p.rows("modes", edidModes(s)...)
	p.rows("wrong", edidProblems(s.EDID)...)
}

type edidPrinter struct{ w io.Writer }

// rows prints a subject's lines, none when there is nothing to say.
func (p edidPrinter) rows(subject string, lines ...string) {
	for _, l := range lines {
		if l != "" {
			fmt.Fprintf(p.w, "  %-9s %s\n", subject, l)
			subject = ""
		}
	}
}

func edidWho(e *edid.EDID) string {
	parts := []string{}
	if e.Name != "" {
		parts = append(parts, fmt.Sprintf("%q", e.Name))
	}
	vendor := e.Vendor
	if vendor == "" {
		vendor = fmt.Sprintf("%04x (no letters)", e.VendorID)
	}
	parts = append(parts, fmt.Sprintf("vendor %s, product %04x", vendor, e.Product))
	switch {
	case e.SerialString != "":
		parts = append(parts, fmt.Sprintf("serial %q", e.SerialString))
	case e.Serial != 0:
		parts = append(parts, fmt.Sprintf("serial %08x", e.Serial))
	}
	switch {
	case e.ModelYear != 0:
		parts = append(parts, fmt.Sprintf("model of %d", e.ModelYear))
	case e.Week != 0:
		parts = append(parts, fmt.Sprintf("made in week %d of %d", e.Week, e.Year))
	case e.Year != 0:
		parts = append(parts, fmt.Sprintf("made in %d", e.Year))
	}
	for _, t := range e.Texts {
		parts = append(parts, fmt.Sprintf("%q", t))
	}
	return strings.Join(parts, ", ")
}

func edidForm(e *edid.EDID) string {
	parts := []string{fmt.Sprintf("version %d.%d, %d bytes", e.Version, e.Revision, len(e.Bytes()))}
	for _, x := range e.Extensions {
		parts = append(parts, x.Tag.String())
	}
	return strings.Join(parts, ", ")
}

func edidInput(e *edid.EDID) string {
	switch {
	case e.Input != nil:
		parts := []string{"digital"}
		if e.Input.Interface != edid.InterfaceUndefined {
			parts = append(parts, e.Input.Interface.String())
		}
		if e.Input.BitDepth > 0 {
			parts = append(parts, fmt.Sprintf("%d bits per colour", e.Input.BitDepth))
		}
		return strings.Join(parts, ", ")
	case e.Analog != nil:
		return fmt.Sprintf("analog, %.3f V, sync %s", e.Analog.White+e.Analog.Sync, strings.Join(flags(
			"separate", e.Analog.SeparateSync, "composite", e.Analog.CompositeSync,
			"on green", e.Analog.SyncOnGreen), " or "))
	}
	return ""
}

// edidPicture is the size as it is believed, and how fine the best mode is on it.
func edidPicture(s shownEDID) string {
	w, h, source := s.SizeMM()
	switch {
	case w == 0 && s.Aspect > 0:
		return fmt.Sprintf("size not told, %.2f times as wide as high", s.Aspect)
	case source == "ratio":
		return "size not told: an aspect ratio in its place"
	case w == 0 && s.WidthMM > 0:
		return fmt.Sprintf("size not told: %d x %d mm cannot be it", s.WidthMM, s.HeightMM)
	case w == 0:
		return "size not told"
	}
	inches := math.Hypot(float64(w), float64(h)) / 25.4
	text := fmt.Sprintf("%d x %d mm, %.1f inches (%s)", w, h, inches, sizeSources[source])
	if m, ok := s.Preferred(); ok {
		text += fmt.Sprintf(", %.0f pixels per inch", math.Hypot(float64(m.HActive), float64(m.VActive))/inches)
	}
	return text
}

var sizeSources = map[string]string{
	"displayid": "of the DisplayID extension",
	"timing":    "of the first detailed timing",
	"base":      "of the base block, whole centimetres",
}

func edidFeatures(e *edid.EDID) []string {
	f := e.Features
	list := flags("standby", f.Standby, "suspend", f.Suspend, "off", f.ActiveOff, "sRGB", f.SRGB,
		"YCbCr 4:4:4", f.YCbCr444 || e.CTA != nil && e.CTA.YCbCr444, "YCbCr 4:2:2", f.YCbCr422 || e.CTA != nil && e.CTA.YCbCr422,
		"any rate within the ranges", f.ContinuousFrequency && e.Revision >= 4, "GTF", f.ContinuousFrequency && e.Revision < 4,
		"underscans", e.CTA != nil && e.CTA.Underscan, "for the head, not for a desktop", e.NonDesktop())
	if f.Color != edid.ColorUndefined {
		list = append(list, f.Color.String())
	}
	return []string{strings.Join(list, ", ")}
}

func edidRanges(e *edid.EDID) (lines []string) {
	if r := e.RangeLimits; r != nil {
		text := fmt.Sprintf("%d to %d Hz, %d to %d kHz", r.MinVHz, r.MaxVHz, r.MinHKHz, r.MaxHKHz)
		if r.MaxClock > 0 {
			text += fmt.Sprintf(", up to %d MHz", r.MaxClock)
		}
		lines = append(lines, text)
	}
	if d := e.DisplayID; d != nil {
		for _, r := range d.Adaptive {
			lines = append(lines, fmt.Sprintf("adaptive sync %d to %d Hz", r.MinVHz, r.MaxVHz))
		}
	}
	return lines
}

func edidColour(e *edid.EDID) (lines []string) {
	c := e.Color
	text := fmt.Sprintf("red %.3f,%.3f green %.3f,%.3f blue %.3f,%.3f white %.3f,%.3f",
		c.RedX, c.RedY, c.GreenX, c.GreenY, c.BlueX, c.BlueY, c.WhiteX, c.WhiteY)
	if e.Gamma > 0 {
		text += fmt.Sprintf(", gamma %.2f", e.Gamma)
	}
	lines = append(lines, text)
	if e.CTA != nil && e.CTA.Colorimetry != 0 {
		lines = append(lines, strings.Join(e.CTA.Colorimetry.Names(), " "))
	}
	return lines
}

func edidHDR(e *edid.EDID) []string {
	if e.CTA == nil || e.CTA.HDR == nil {
		return nil
	}
	h := e.CTA.HDR
	text := strings.Join(h.Names(), ", ")
	if most := h.MaxLuminance(); most > 0 {
		text += fmt.Sprintf("; up to %.0f cd/m²", most)
	}
	if mean := h.MaxFrameMeanLuminance(); mean > 0 {
		text += fmt.Sprintf(", %.0f on average", mean)
	}
	return []string{text}
}

func edidHDMI(e *edid.EDID) (lines []string) {
	if e.CTA == nil {
		return nil
	}
	if h := e.CTA.HDMI; h != nil {
		list := append([]string{"address " + h.Address.String()}, upTo(h.MaxTMDSClock, "up to %d MHz")...)
		list = append(list, flags("10 bits per colour", h.DC30, "12 bits", h.DC36, "16 bits", h.DC48, "3D", h.ThreeD)...)
		lines = append(lines, strings.Join(list, ", "))
	}
	if f := e.CTA.HDMIForum; f != nil {
		list := append([]string{"HDMI 2"}, upTo(f.MaxTMDSClock, "up to %d MHz")...)
		if f.MaxFRL > 0 {
			list = append(list, "fixed rate link "+frlName(f.MaxFRL))
		}
		if f.VRRMin > 0 {
			list = append(list, fmt.Sprintf("variable rate from %d Hz%s", f.VRRMin, strings.Join(upTo(f.VRRMax, " to %d Hz"), "")))
		}
		list = append(list, flags("low latency by itself", f.ALLM, "compressed pictures", f.DSC != nil)...)
		lines = append(lines, strings.Join(list, ", "))
	}
	return lines
}

// frlName is the fixed rate link's lanes and speed. HDMI 2.1b table 10-17.
func frlName(code int) string {
	names := []string{"", "3 x 3 Gbit/s", "3 x 6 Gbit/s", "4 x 6 Gbit/s", "4 x 8 Gbit/s", "4 x 10 Gbit/s", "4 x 12 Gbit/s"}
	if code < len(names) {
		return names[code]
	}
	return fmt.Sprintf("of unknown kind %d", code)
}

func edidAudio(e *edid.EDID) (lines []string) {
	if e.CTA == nil {
		return nil
	}
	for _, a := range e.CTA.Audio {
		text := fmt.Sprintf("%s, %d channels, %s kHz", a.Format, a.Channels, strings.Join(a.Rates.Names(), " "))
		if a.Format == edid.LPCM {
			text += ", " + strings.Join(flags("16", a.Detail&1 != 0, "20", a.Detail&2 != 0, "24", a.Detail&4 != 0), " ") + " bits"
		}
		lines = append(lines, text)
	}
	if len(lines) == 0 && e.CTA.BasicAudio {
		lines = append(lines, "basic: stereo LPCM")
	}
	if e.CTA.Speakers != 0 {
		lines = append(lines, "speakers "+strings.Join(e.CTA.Speakers.Names(), " "))
	}
	return lines
}

func edidTile(e *edid.EDID) []string {
	t, ok := e.Tile()
	if !ok {
		return nil
	}
	return []string{fmt.Sprintf("column %d of %d, row %d of %d, %dx%d of %dx%d pixels",
		t.Column+1, t.Columns, t.Row+1, t.Rows, t.Width, t.Height, t.Columns*t.Width, t.Rows*t.Height)}
}

// edidModes lists the modes as Linux would; * is the one to show, + those the
// display prefers.
func edidModes(s shownEDID) (lines []string) {
	best, any := s.Preferred()
	for _, m := range s.Modes {
		mark := " "
		switch {
		case any && m == best:
			mark, any = "*", false
		case m.Preferred:
			mark = "+"
		}
		note := m.Source.String()
		if m.AspectWidth > 0 {
			note += fmt.Sprintf(" %d:%d", m.AspectWidth, m.AspectHeight)
		}
		if m.Only420 {
			note += ", in 4:2:0 alone"
		}
		lines = append(lines, fmt.Sprintf("%s %-11s %7.2f Hz %8.2f MHz  %s", mark, m.Name(), m.Refresh(), float64(m.Clock)/1e6, note))
	}
	return lines
}

func edidProblems(e *edid.EDID) (lines []string) {
	for _, p := range e.Problems {
		lines = append(lines, fmt.Sprintf("block %d, byte %d: %s", p.Block, p.Offset, p.Text))
	}
	return lines
}

// flags are the names behind which is a true.
func flags(pairs ...any) (names []string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1].(bool) {
			names = append(names, pairs[i].(string))
		}
	}
	return names
}

func upTo(n int, format string) []string {
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf(format, n)}
}
