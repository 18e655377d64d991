package settings

import (
	"slices"
	"strings"

	"attune/xconfig"
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
	{"display.arrange", "right-of, left-of, above or below", "how displays follow each other", into(func(p *xconfig.Preferences) *string { return &p.Arrange }, oneOf("right-of", "left-of", "above", "below"))},
	{"display.default-mode", "WIDTHxHEIGHT", "mode of a display that does not say what it can", into(func(p *xconfig.Preferences) *string { return &p.Default }, size)},
	{"display.dpi", "a whole number from 50 to 400", "dots per inch for text, instead of what the display's size says", into(func(p *xconfig.Preferences) *int { return &p.DPI }, whole(50, 400))},
	{"display.driver", "the name of an X driver, or failsafe", "X driver to use; failsafe is the safest there is", into(func(p *xconfig.Preferences) *string { return &p.Driver }, word)},
	{"display.gpu", "auto, integrated, discrete, external or pci-ADDRESS", "which GPU shows the picture", into(func(p *xconfig.Preferences) *string { return &p.GPU }, word)},
	{"display.headless", "off or WIDTHxHEIGHT", "a picture of that size where there is no display at all", into(func(p *xconfig.Preferences) *string { return &p.Headless }, headless)},
	{"display.mirror", "true or false", "every display shows the same", into(func(p *xconfig.Preferences) *bool { return &p.Mirror }, boolean)},
	{"display.no-blank", "true or false", "never blank the screen, never power it down", into(func(p *xconfig.Preferences) *bool { return &p.NoBlank }, boolean)},
	{"display.primary", "a connector, or internal, external, largest, touch", "which display is the primary one", into(func(p *xconfig.Preferences) *string { return &p.Primary }, text)},
	{"display.scale", "a number from 1 to 4", "how much larger things are drawn, instead of what the display's size says", into(func(p *xconfig.Preferences) *float64 { return &p.Scale }, number(1, 4))},
	{"keyboard.layout", "XKB layouts, comma separated", "keyboard layout", into(func(p *xconfig.Preferences) *string { return &p.Keyboard.Layout }, word)},
	{"keyboard.model", "an XKB model", "keyboard model", into(func(p *xconfig.Preferences) *string { return &p.Keyboard.Model }, word)},
	{"keyboard.options", "XKB options, comma separated", "keyboard options", into(func(p *xconfig.Preferences) *string { return &p.Keyboard.Options }, word)},
	{"keyboard.variant", "XKB variants, comma separated", "keyboard variant", into(func(p *xconfig.Preferences) *string { return &p.Keyboard.Variant }, word)},
	{"mouse.left-handed", "true or false", "right button first", into(func(p *xconfig.Preferences) **bool { return &p.Mouse.LeftHanded }, maybe(boolean))},
	{"mouse.natural-scroll", "true or false", "content follows the wheel", into(func(p *xconfig.Preferences) **bool { return &p.Mouse.NaturalScroll }, maybe(boolean))},
	{"mouse.profile", "flat or adaptive", "how the pointer gains speed", into(func(p *xconfig.Preferences) *string { return &p.Mouse.Profile }, oneOf("flat", "adaptive"))},
	{"mouse.speed", "a number from -1 to 1", "speed of the pointer", into(func(p *xconfig.Preferences) **float64 { return &p.Mouse.Speed }, maybe(number(-1, 1)))},
	{"pointingstick.profile", "flat or adaptive", "how the pointer gains speed", into(func(p *xconfig.Preferences) *string { return &p.Stick.Profile }, oneOf("flat", "adaptive"))},
	{"pointingstick.speed", "a number from -1 to 1", "speed of the pointer", into(func(p *xconfig.Preferences) **float64 { return &p.Stick.Speed }, maybe(number(-1, 1)))},
	{"scanner.layout", "an XKB layout", "layout barcode scanners and card readers type in", into(func(p *xconfig.Preferences) *string { return &p.Scanner }, word)},
	{"touchpad.click-method", "buttonareas or clickfinger", "how a click becomes left, middle or right", into(func(p *xconfig.Preferences) *string { return &p.Touchpad.ClickMethod }, oneOf("buttonareas", "clickfinger"))},
	{"touchpad.disable-while-typing", "true or false", "a resting palm does nothing", into(func(p *xconfig.Preferences) **bool { return &p.Touchpad.DisableWhileTyping }, maybe(boolean))},
	{"touchpad.natural-scroll", "true or false", "content follows the fingers", into(func(p *xconfig.Preferences) **bool { return &p.Touchpad.NaturalScroll }, maybe(boolean))},
	{"touchpad.speed", "a number from -1 to 1", "speed of the pointer", into(func(p *xconfig.Preferences) **float64 { return &p.Touchpad.Speed }, maybe(number(-1, 1)))},
	{"touchpad.tap", "true or false", "a tap is a click", into(func(p *xconfig.Preferences) **bool { return &p.Touchpad.Tap }, maybe(boolean))},
}

func find(name string) (Key, bool) {
	i, ok := slices.BinarySearchFunc(keys, name, func(k Key, name string) int { return strings.Compare(k.Name, name) })
	if !ok {
		return Key{}, false
	}
	return keys[i], true
}

// into sets the preference at a place to what is read of a value.
func into[T any](at func(*xconfig.Preferences) *T, read reading[T]) func(*xconfig.Preferences, any) error {
	return func(p *xconfig.Preferences, v any) error { return to(at(p), read)(v) }
}
