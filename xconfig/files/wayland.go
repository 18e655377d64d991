package files

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"attune/detect/edid/timing"
	"attune/xconfig"
)

// Names below a directory that stands in XDG_CONFIG_DIRS; kanshi takes its file
// by --config.
const (
	westonFile = "weston/weston.ini"
	mutterFile = "monitors.xml"
	kanshiFile = "kanshi/config"
)

// wayland says the display plan to compositors, where it is not what they do
// by themselves. They see a panel that is built in turned, and place displays
// side by side.
func (w *writer) wayland() {
	w.weston()
	told, scaled := w.compositorsTold()
	if !told && !scaled {
		return
	}
	on, ok := w.logical()
	if !ok {
		w.note("wayland", "places are not told to kanshi and mutter: with different scales there is no one plane to count in")
		return
	}
	w.kanshi(on)
	if told { // mutter finds a scale by itself
		w.mutter(on)
	}
}

// compositorsTold says whether a compositor would do anything else by itself,
// and whether the size of things is of it.
func (w *writer) compositorsTold() (told, scaled bool) {
	for _, o := range w.display.Outputs {
		switch o.State {
		case "off":
			told = true
		case "on":
			told = told || o.Forced || o.Placed || o.Mirrors != "" || turned(o) || o.Primary && w.otherPrimary(o)
			scaled = scaled || o.Scale != 1 && o.Scale != 0
		}
	}
	return told, scaled
}

// turned: otherwise than the way the panel is built in, which compositors see
// by themselves.
func turned(o xconfig.Output) bool { return turns[o.Rotate] != builtIn(o) }

// A logicalOutput is an output in the units compositors place them by: pixels
// divided by the scale.
type logicalOutput struct {
	xconfig.Output
	scale float64
	x, y  int
}

// logical are the outputs that are on. With one scale for all the plan's
// plane shrinks by it; with several it would tear.
func (w *writer) logical() (list []logicalOutput, ok bool) {
	for _, o := range w.display.Outputs {
		if o.State != "on" {
			continue
		}
		l := logicalOutput{Output: o, scale: max(o.Scale, 1)}
		l.x, l.y = int(math.Round(float64(o.X)/l.scale)), int(math.Round(float64(o.Y)/l.scale))
		list = append(list, l)
	}
	for _, l := range list {
		if l.scale != list[0].scale {
			return nil, false
		}
	}
	return list, len(list) > 0
}

// turns are RandR's rotations as wl_output counts them, in degrees
// counter-clockwise. weston has called them rotate-* since it counts so, too.
var turns = map[string]int{"left": 90, "inverted": 180, "right": 270}

// builtIn is how far a panel is built in turned.
func builtIn(o xconfig.Output) int {
	if o.PanelTurn {
		return turns[o.Rotate]
	}
	return turns[o.Panel]
}

// transform is the whole turn of the picture, the panel's in it, as kanshi and
// weston want it; false where they come to it by themselves. sway and weston take
// the kernel's "panel orientation" only while nobody tells them a transform.
func transform(o xconfig.Output) (string, bool) {
	if !turned(o) {
		return "", false
	}
	if t := turns[o.Rotate]; t != 0 {
		return strconv.Itoa(t), true
	}
	return "normal", true
}

// connectorOK takes any name the kernel gives. It goes into files as it is.
func connectorOK(name string) bool { return xOutputName().MatchString(name) && len(name) < 64 }

// weston writes the part of weston.ini that is ours.
func (w *writer) weston() {
	var b strings.Builder
	if w.display.NoBlank {
		b.WriteString("\n# never blank: a setting\n[core]\nidle-time=0\n")
	}
	for _, o := range w.display.Outputs {
		if connectorOK(o.Connector) {
			b.WriteString(westonOutput(o))
		}
	}
	b.WriteString(w.westonKeyboard() + w.westonTouchpad())
	if b.Len() == 0 {
		return
	}
	w.file(xconfig.DirWayland, westonFile, "outputs, blanking, keyboard and touchpad for weston", "# Made by attune, anew at every boot.\n"+b.String())
}

func westonOutput(o xconfig.Output) string {
	var b strings.Builder
	set := func(key, value, why string) { fmt.Fprintf(&b, "# %s\n%s=%s\n", ascii(why), key, value) }
	switch o.State {
	case "off":
		set("mode", "off", o.Why)
	case "on":
		if o.Forced && o.Mode.HActive > 0 {
			set("mode", westonMode(o), o.ModeWhy)
		}
		if o.Mirrors != "" && connectorOK(o.Mirrors) {
			set("same-as", o.Mirrors, "shows the same as "+o.Mirrors)
		}
		if t, told := transform(o); told {
			set("transform", strings.Replace("rotate-"+t, "rotate-normal", "normal", 1), o.RotateWhy)
		}
		if n := math.Floor(o.Scale); n > 1 && n <= 8 {
			set("scale", fmt.Sprintf("%.0f", n), cmp.Or(o.ScaleWhy, "weston takes whole numbers"))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n[output]\nname=" + o.Connector + "\n" + b.String()
}

// westonMode is a mode of the display's, or the timing of one it did not tell.
func westonMode(o xconfig.Output) string {
	m := o.Mode
	switch {
	case m.Clock <= 0:
		return fmt.Sprintf("%dx%d", m.HActive, m.VActive)
	case (o.Display == "" || o.Remembered) && !m.Interlaced: // the compositor sees no EDID
		return modelineText(m)
	}
	return fmt.Sprintf("%dx%d@%.1f", m.HActive, m.VActive, m.Refresh())
}

// modelineText is a timing as X and weston write it, without a name.
func modelineText(m timing.Mode) string {
	sign := map[bool]string{true: "+", false: "-"}
	h, v := m.HActive+m.HBorder+m.HFront, m.VActive+m.VBorder+m.VFront
	return fmt.Sprintf("%.2f %d %d %d %d %d %d %d %d %shsync %svsync", float64(m.Clock)/1e6,
		m.HActive, h, h+m.HSync, m.HTotal(), m.VActive, v, v+m.VSync, m.VTotal(), sign[m.HSyncPositive], sign[m.VSyncPositive])
}

func (w *writer) westonKeyboard() string {
	k := w.input.Keyboard
	if plainKeyboard(k) {
		return ""
	}
	var b strings.Builder
	for _, v := range []struct{ name, value string }{
		{"layout", k.Layout}, {"variant", k.Variant}, {"model", k.Model}, {"options", k.Options},
	} {
		if xconfig.XKBName(v.value) {
			fmt.Fprintf(&b, "keymap_%s=%s\n", v.name, v.value)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n# " + ascii(w.keyboardWhy()) + "\n[keyboard]\n" + b.String()
}

// westonTouchpad says what of touchpads alone weston can be told; its other
// options would reach mice as well.
func (w *writer) westonTouchpad() string {
	keys := map[string]string{"Tapping": "enable-tap", "DisableWhileTyping": "disable-while-typing"}
	var b strings.Builder
	for _, c := range w.input.Classes {
		for _, o := range c.Options {
			if key := keys[o.Name]; onlyKind(c.Match, "touchpad") && key != "" && (o.Value == "on" || o.Value == "off") {
				fmt.Fprintf(&b, "# %s\n%s=%t\n", ascii(o.Why), key, o.Value == "on")
			}
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n[libinput]\n" + b.String()
}

func onlyKind(m xconfig.InputMatch, kind string) bool {
	return m.Kind == kind && m.USBID == "" && m.Product == "" && m.Tag == "" && len(m.Udev) == 0
}
