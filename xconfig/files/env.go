package files

import (
	"fmt"
	"strings"

	"attune/xconfig"
)

const envFile = xconfig.FileEnv

// environment says the keyboard's layout to all that use libxkbcommon's
// defaults: weston, sway, labwc, cage and other Wayland compositors. Nothing is
// said of scale: GDK_SCALE and QT_SCALE_FACTOR would scale once more what X
// resources or a compositor scale already.
func (w *writer) environment() {
	k := w.input.Keyboard
	if plainKeyboard(k) {
		return
	}
	var b strings.Builder
	for _, v := range []struct{ name, value string }{
		{"LAYOUT", k.Layout}, {"VARIANT", k.Variant}, {"MODEL", k.Model}, {"OPTIONS", k.Options},
	} {
		switch {
		case v.value == "":
		case !xconfig.XKBName(v.value):
			w.note("keyboard", "XKB_DEFAULT_%s is not said: %.60q is no value for it", v.name, v.value)
		default:
			fmt.Fprintf(&b, "XKB_DEFAULT_%s=%s\n", v.name, v.value)
		}
	}
	if b.Len() == 0 {
		return
	}
	w.file(xconfig.DirEnv, envFile, "the keyboard's layout, for Wayland compositors",
		"# Made by attune, anew at every boot. The keyboard's layout, for Wayland compositors: "+ascii(w.keyboardWhy())+"\n"+b.String())
}

func (w *writer) keyboardWhy() string {
	if len(w.input.KeyboardWhy) == 0 {
		return ""
	}
	return w.input.KeyboardWhy[0].Text
}

// plainKeyboard is what everybody takes who is told nothing.
func plainKeyboard(k xconfig.Keyboard) bool {
	return (k.Layout == "" || k.Layout == "us") && k.Variant == "" && k.Options == "" && (k.Model == "" || k.Model == "pc105" || k.Model == "pc104")
}

// resources tell X's programs how large text is: the server itself says 96 to
// all, whatever the display.
func (w *writer) resources() {
	d := w.display
	if d.DPI == 0 || d.DPI == 96 || d.DPI < 50 || d.DPI > 1000 {
		return
	}
	w.file(xconfig.DirXresources, "attune", "the size of text in X",
		fmt.Sprintf("! Made by attune, anew at every boot: %s\nXft.dpi: %d\n", ascii(d.DPIWhy), d.DPI))
}
