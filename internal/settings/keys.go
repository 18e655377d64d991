package settings

import (
	"cmp"
	"slices"
	"strings"

	"attune/xconfig"
)

// A Key is one setting.
type Key struct {
	Name string // "keyboard.layout"
	Want string // what its value is, for a person
	Doc  string // what it does

	list bool                             // adds up over the sources
	set  func(s *Settings, e entry) error // e.value is bare, or what TOML has
	text func(s *Settings) string         // of a list: all of it
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
	listKey("authority.groups", "names of groups", "their members may what a user in front of the screen may, where no logind tells who that is", func(s *Settings) *[]Named { return &s.Authority.Groups }, groupName),
	listKey("authority.lock", "names of actions: network.connect, or network for all of them", "only root may do these", func(s *Settings) *[]Named { return &s.Authority.Lock }, actionName),
	{Name: "boot.deadline", Want: "a time such as 30s", Doc: "how long a boot waits for the machine to come to rest", set: func(s *Settings, e entry) error { return to(&s.Boot.Deadline, duration)(e.value) }},
	listKey("boot.skip", "names of buses: pci, usb, acpi ...", "devices of these buses are left alone", func(s *Settings) *[]Named { return &s.Boot.Skip }, busName),
	{Name: "display.arrange", Want: "right-of, left-of, above or below", Doc: "how displays follow each other", set: into(func(p *xconfig.Preferences) *string { return &p.Arrange }, oneOf("right-of", "left-of", "above", "below"))},
	{Name: "display.default-mode", Want: "WIDTHxHEIGHT", Doc: "mode of a display that does not say what it can", set: into(func(p *xconfig.Preferences) *string { return &p.Default }, size)},
	{Name: "display.dpi", Want: "a whole number from 50 to 400", Doc: "dots per inch for text, instead of what the display's size says", set: into(func(p *xconfig.Preferences) *int { return &p.DPI }, whole(50, 400))},
	{Name: "display.driver", Want: "the name of an X driver, or failsafe", Doc: "X driver to use; failsafe is the safest there is", set: into(func(p *xconfig.Preferences) *string { return &p.Driver }, word)},
	{Name: "display.gpu", Want: "auto, integrated, discrete, external or pci-ADDRESS", Doc: "which GPU shows the picture", set: into(func(p *xconfig.Preferences) *string { return &p.GPU }, gpu)},
	{Name: "display.headless", Want: "off or WIDTHxHEIGHT", Doc: "a picture of that size where there is no display at all", set: into(func(p *xconfig.Preferences) *string { return &p.Headless }, headless)},
	{Name: "display.mirror", Want: trueOrFalse, Doc: "every display shows the same", set: into(func(p *xconfig.Preferences) *bool { return &p.Mirror }, boolean)},
	{Name: "display.no-blank", Want: trueOrFalse, Doc: "never blank the screen, never power it down", set: into(func(p *xconfig.Preferences) *bool { return &p.NoBlank }, boolean)},
	{Name: "display.primary", Want: "a connector, or internal, external, largest, touch", Doc: "which display is the primary one", set: into(func(p *xconfig.Preferences) *string { return &p.Primary }, display)},
	{Name: "display.scale", Want: "a number from 1 to 4", Doc: "how much larger things are drawn, instead of what the display's size says", set: into(func(p *xconfig.Preferences) *float64 { return &p.Scale }, number(1, 4))},
	{Name: "keyboard.layout", Want: "XKB layouts, comma separated", Doc: "keyboard layout", set: into(func(p *xconfig.Preferences) *string { return &p.Keyboard.Layout }, word)},
	{Name: "keyboard.model", Want: "an XKB model", Doc: "keyboard model", set: into(func(p *xconfig.Preferences) *string { return &p.Keyboard.Model }, word)},
	{Name: "keyboard.options", Want: "XKB options, comma separated", Doc: "keyboard options", set: into(func(p *xconfig.Preferences) *string { return &p.Keyboard.Options }, word)},
	{Name: "keyboard.variant", Want: "XKB variants, comma separated", Doc: "keyboard variant", set: into(func(p *xconfig.Preferences) *string { return &p.Keyboard.Variant }, word)},
	listKey("modules.deny", "names of modules", "modules never to be loaded, not as a dependency either", func(s *Settings) *[]Named { return &s.Boot.Deny }, moduleName),
	listKey("modules.load", "names or aliases of modules", "modules to load whatever the devices are", func(s *Settings) *[]Named { return &s.Boot.Load }, aliasName),
	{Name: "mouse.left-handed", Want: trueOrFalse, Doc: "right button first", set: into(func(p *xconfig.Preferences) **bool { return &p.Mouse.LeftHanded }, maybe(boolean))},
	{Name: "mouse.natural-scroll", Want: trueOrFalse, Doc: "content follows the wheel", set: into(func(p *xconfig.Preferences) **bool { return &p.Mouse.NaturalScroll }, maybe(boolean))},
	{Name: "mouse.profile", Want: "flat or adaptive", Doc: "how the pointer gains speed", set: into(func(p *xconfig.Preferences) *string { return &p.Mouse.Profile }, oneOf("flat", "adaptive"))},
	{Name: "mouse.speed", Want: "a number from -1 to 1", Doc: "speed of the pointer", set: into(func(p *xconfig.Preferences) **float64 { return &p.Mouse.Speed }, maybe(number(-1, 1)))},
	{Name: "pointingstick.profile", Want: "flat or adaptive", Doc: "how the pointer gains speed", set: into(func(p *xconfig.Preferences) *string { return &p.Stick.Profile }, oneOf("flat", "adaptive"))},
	{Name: "pointingstick.speed", Want: "a number from -1 to 1", Doc: "speed of the pointer", set: into(func(p *xconfig.Preferences) **float64 { return &p.Stick.Speed }, maybe(number(-1, 1)))},
	{Name: "profile", Want: "names of profiles, comma separated", Doc: "the files profiles/NAME.toml count too", set: func(s *Settings, e entry) error { return to(&s.Profile, word)(e.value) }},
	{Name: "scanner.layout", Want: "an XKB layout", Doc: "layout barcode scanners and card readers type in", set: into(func(p *xconfig.Preferences) *string { return &p.Scanner }, word)},
	{Name: "touchpad.click-method", Want: "buttonareas or clickfinger", Doc: "how a click becomes left, middle or right", set: into(func(p *xconfig.Preferences) *string { return &p.Touchpad.ClickMethod }, oneOf("buttonareas", "clickfinger"))},
	{Name: "touchpad.disable-while-typing", Want: trueOrFalse, Doc: "a resting palm does nothing", set: into(func(p *xconfig.Preferences) **bool { return &p.Touchpad.DisableWhileTyping }, maybe(boolean))},
	{Name: "touchpad.natural-scroll", Want: trueOrFalse, Doc: "content follows the fingers", set: into(func(p *xconfig.Preferences) **bool { return &p.Touchpad.NaturalScroll }, maybe(boolean))},
	{Name: "touchpad.speed", Want: "a number from -1 to 1", Doc: "speed of the pointer", set: into(func(p *xconfig.Preferences) **float64 { return &p.Touchpad.Speed }, maybe(number(-1, 1)))},
	{Name: "touchpad.tap", Want: trueOrFalse, Doc: "a tap is a click", set: into(func(p *xconfig.Preferences) **bool { return &p.Touchpad.Tap }, maybe(boolean))},
}

func find(name string) (Key, bool) {
	i, ok := slices.BinarySearchFunc(keys, name, func(k Key, name string) int { return strings.Compare(k.Name, name) })
	if !ok {
		return Key{}, false
	}
	return keys[i], true
}

// into sets the preference at a place to what is read of a value.
func into[T any](at func(*xconfig.Preferences) *T, read reading[T]) func(*Settings, entry) error {
	return func(s *Settings, e entry) error { return to(at(&s.Preferences), read)(e.value) }
}

// listKey is a setting that adds up over its sources.
func listKey(name, want, doc string, at func(*Settings) *[]Named, spell func(string) (string, error)) Key {
	return Key{Name: name, Want: want, Doc: doc, list: true,
		text: func(s *Settings) string { return strings.Join(names(*at(s)), ",") },
		set: func(s *Settings, e entry) error {
			add, err := named(e.value)
			if err != nil {
				return err
			}
			for i, n := range add {
				name, away := strings.CutPrefix(n, "-")
				if name, err = spell(name); err != nil {
					return err
				}
				if add[i] = name; away {
					add[i] = "-" + name
				}
			}
			*at(s) = addTo(*at(s), add, cmp.Or(e.word, e.source))
			return nil
		},
	}
}
