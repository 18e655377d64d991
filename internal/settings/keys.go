package settings

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"attune/xconfig"
	"sync"
)

// A Key is one setting.
type Key struct {
	Name string // "keyboard.layout"
	Want string // what its value is, for a person
	Doc  string // what it does

	set func(p *xconfig.Preferences, v any) error // v is a string (command line), or what TOML has
}

// Keys are all the settings there are, sorted by name.
func Keys() []Key { return keys }

// Names are the names of all settings.
func Names() []string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.Name
	}
	return names
}

var keys = []Key{
	{"display.arrange", "right-of, left-of, above or below", "how displays follow each other", oneOf(func(p *xconfig.Preferences) *string { return &p.Arrange }, "right-of", "left-of", "above", "below")},
	{"display.default-mode", "WIDTHxHEIGHT", "mode of a display that does not say what it can", size(func(p *xconfig.Preferences) *string { return &p.Default })},
	{"display.dpi", "a whole number from 50 to 400", "dots per inch for text, instead of what the display's size says", whole(func(p *xconfig.Preferences) *int { return &p.DPI }, 50, 400)},
	{"display.driver", "the name of an X driver, or failsafe", "X driver to use; failsafe is the safest there is", word(func(p *xconfig.Preferences) *string { return &p.Driver })},
	{"display.gpu", "auto, integrated, discrete, external or pci-ADDRESS", "which GPU shows the picture", word(func(p *xconfig.Preferences) *string { return &p.GPU })},
	{"display.headless", "off or WIDTHxHEIGHT", "a picture of that size where there is no display at all", headless},
	{"display.mirror", "true or false", "every display shows the same", flag(func(p *xconfig.Preferences) *bool { return &p.Mirror })},
	{"display.no-blank", "true or false", "never blank the screen, never power it down", flag(func(p *xconfig.Preferences) *bool { return &p.NoBlank })},
	{"display.primary", "a connector, or internal, external, largest, touch", "which display is the primary one", text(func(p *xconfig.Preferences) *string { return &p.Primary })},
	{"display.scale", "a number from 1 to 4", "how much larger things are drawn, instead of what the display's size says", number(func(p *xconfig.Preferences) *float64 { return &p.Scale }, 1, 4)},
	{"keyboard.layout", "XKB layouts, comma separated", "keyboard layout", word(func(p *xconfig.Preferences) *string { return &p.Keyboard.Layout })},
	{"keyboard.model", "an XKB model", "keyboard model", word(func(p *xconfig.Preferences) *string { return &p.Keyboard.Model })},
	{"keyboard.options", "XKB options, comma separated", "keyboard options", word(func(p *xconfig.Preferences) *string { return &p.Keyboard.Options })},
	{"keyboard.variant", "XKB variants, comma separated", "keyboard variant", word(func(p *xconfig.Preferences) *string { return &p.Keyboard.Variant })},
	{"mouse.left-handed", "true or false", "right button first", maybe(func(p *xconfig.Preferences) **bool { return &p.Mouse.LeftHanded })},
	{"mouse.natural-scroll", "true or false", "content follows the wheel", maybe(func(p *xconfig.Preferences) **bool { return &p.Mouse.NaturalScroll })},
	{"mouse.profile", "flat or adaptive", "how the pointer gains speed", oneOf(func(p *xconfig.Preferences) *string { return &p.Mouse.Profile }, "flat", "adaptive")},
	{"mouse.speed", "a number from -1 to 1", "speed of the pointer", maybeNumber(func(p *xconfig.Preferences) **float64 { return &p.Mouse.Speed }, -1, 1)},
	{"pointingstick.profile", "flat or adaptive", "how the pointer gains speed", oneOf(func(p *xconfig.Preferences) *string { return &p.Stick.Profile }, "flat", "adaptive")},
	{"pointingstick.speed", "a number from -1 to 1", "speed of the pointer", maybeNumber(func(p *xconfig.Preferences) **float64 { return &p.Stick.Speed }, -1, 1)},
	{"scanner.layout", "an XKB layout", "layout barcode scanners and card readers type in", word(func(p *xconfig.Preferences) *string { return &p.Scanner })},
	{"touchpad.click-method", "buttonareas or clickfinger", "how a click becomes left, middle or right", oneOf(func(p *xconfig.Preferences) *string { return &p.Touchpad.ClickMethod }, "buttonareas", "clickfinger")},
	{"touchpad.disable-while-typing", "true or false", "a resting palm does nothing", maybe(func(p *xconfig.Preferences) **bool { return &p.Touchpad.DisableWhileTyping })},
	{"touchpad.natural-scroll", "true or false", "content follows the fingers", maybe(func(p *xconfig.Preferences) **bool { return &p.Touchpad.NaturalScroll })},
	{"touchpad.speed", "a number from -1 to 1", "speed of the pointer", maybeNumber(func(p *xconfig.Preferences) **float64 { return &p.Touchpad.Speed }, -1, 1)},
	{"touchpad.tap", "true or false", "a tap is a click", maybe(func(p *xconfig.Preferences) **bool { return &p.Touchpad.Tap })},
}

func find(name string) (Key, bool) {
	i, ok := slices.BinarySearchFunc(keys, name, func(k Key, name string) int { return strings.Compare(k.Name, name) })
	if !ok {
		return Key{}, false
	}
	return keys[i], true
}

type setter = func(p *xconfig.Preferences, v any) error

func toText(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", fmt.Errorf("want text in quotes")
	}
	return s, nil
}

func toBool(v any) (bool, error) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case string: // the command line has nothing but text; a bare word means yes
		switch v {
		case "", "1", "yes", "true", "on":
			return true, nil
		case "0", "no", "false", "off":
			return false, nil
		}
	}
	return false, fmt.Errorf("want true or false")
}

func toNumber(v any, low, high float64) (float64, error) {
	var f float64
	switch v := v.(type) {
	case float64:
		f = v
	case int64:
		f = float64(v)
	case string:
		var err error
		if f, err = strconv.ParseFloat(v, 64); err != nil {
			return 0, fmt.Errorf("want a number")
		}
	default:
		return 0, fmt.Errorf("want a number")
	}
	if math.IsNaN(f) || f < low || f > high {
		return 0, fmt.Errorf("want a number from %g to %g", low, high)
	}
	return f, nil
}

func text(at func(*xconfig.Preferences) *string) setter {
	return func(p *xconfig.Preferences, v any) error {
		s, err := toText(v)
		if err == nil {
			*at(p) = s
		}
		return err
	}
}

var wordRE = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_:,.()+@-]*$`) })

// word is text of the letters that names of layouts, drivers and cards have.
func word(at func(*xconfig.Preferences) *string) setter {
	return func(p *xconfig.Preferences, v any) error {
		s, err := toText(v)
		if err == nil && !wordRE().MatchString(s) {
			err = fmt.Errorf("want a name of letters, digits and _:,.()+@-")
		}
		if err == nil {
			*at(p) = s
		}
		return err
	}
}

func oneOf(at func(*xconfig.Preferences) *string, choices ...string) setter {
	return func(p *xconfig.Preferences, v any) error {
		s, err := toText(v)
		if err == nil && !slices.Contains(choices, s) {
			last := len(choices) - 1
			err = fmt.Errorf("want %s or %s", strings.Join(choices[:last], ", "), choices[last])
		}
		if err == nil {
			*at(p) = s
		}
		return err
	}
}

var (
	sizeRE = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[1-9][0-9]{2,4}x[1-9][0-9]{2,4}$`) })
	modeRE = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[1-9][0-9]{2,4}x[1-9][0-9]{2,4}(@[0-9]{1,3}(\.[0-9]{1,3})?)?$`)
	})
)

func size(at func(*xconfig.Preferences) *string) setter {
	return func(p *xconfig.Preferences, v any) error {
		s, err := toText(v)
		if err == nil && !sizeRE().MatchString(s) {
			err = fmt.Errorf("want WIDTHxHEIGHT, such as 1920x1080")
		}
		if err == nil {
			*at(p) = s
		}
		return err
	}
}

func headless(p *xconfig.Preferences, v any) error {
	s, err := toText(v)
	switch {
	case err != nil:
		return err
	case s != "off" && !sizeRE().MatchString(s):
		return fmt.Errorf("want off or WIDTHxHEIGHT, such as 1920x1080")
	}
	p.Headless = s
	return nil
}

func flag(at func(*xconfig.Preferences) *bool) setter {
	return func(p *xconfig.Preferences, v any) error {
		b, err := toBool(v)
		if err == nil {
			*at(p) = b
		}
		return err
	}
}

func maybe(at func(*xconfig.Preferences) **bool) setter {
	return func(p *xconfig.Preferences, v any) error {
		b, err := toBool(v)
		if err == nil {
			*at(p) = &b
		}
		return err
	}
}

func whole(at func(*xconfig.Preferences) *int, low, high int) setter {
	return func(p *xconfig.Preferences, v any) error {
		f, err := toNumber(v, float64(low), float64(high))
		if err != nil || f != math.Trunc(f) {
			return fmt.Errorf("want a whole number from %d to %d", low, high)
		}
		*at(p) = int(f)
		return nil
	}
}

func number(at func(*xconfig.Preferences) *float64, low, high float64) setter {
	return func(p *xconfig.Preferences, v any) error {
		f, err := toNumber(v, low, high)
		if err == nil {
			*at(p) = f
		}
		return err
	}
}

func maybeNumber(at func(*xconfig.Preferences) **float64, low, high float64) setter {
	return func(p *xconfig.Preferences, v any) error {
		f, err := toNumber(v, low, high)
		if err == nil {
			*at(p) = &f
		}
		return err
	}
}
