package input

import (
	"slices"
	"strings"
	"sync"

	"attune/xconfig"
)

// A converter turns names of console keymaps into XKB's.
type converter struct {
	layouts map[string][]string // of the image's keyboard database, nil when there is none
}

func (c converter) keymapSource(where, name, keymap string, s strength) keyboardSource {
	if keymap == "" {
		return keyboardSource{where: where}
	}
	src := keyboardSource{where: where, said: name + "=" + keymap, strength: s}
	src.keyboard, src.why = c.keymap(keymap)
	return src
}

// keymap converts by the table; else a console keymap named as a layout of XKB
// is that layout, and one named layout-variant is both: that is how kbd names
// those it makes from XKB's.
func (c converter) keymap(name string) (xconfig.Keyboard, string) {
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".map")
	if k, ok := consoleKeymaps()[name]; ok {
		return k, "a console keymap"
	}
	if c.layouts == nil {
		if len(name) == 2 {
			return xconfig.Keyboard{Layout: name}, "a console keymap taken for the layout of that name"
		}
		return xconfig.Keyboard{}, "a console keymap nobody knows the layout of"
	}
	if _, ok := c.layouts[name]; ok {
		return xconfig.Keyboard{Layout: name}, "a console keymap named as the layout"
	}
	layout, variant, _ := strings.Cut(name, "-")
	if slices.Contains(c.layouts[layout], variant) {
		return xconfig.Keyboard{Layout: layout, Variant: variant}, "a console keymap named as layout and variant"
	}
	return xconfig.Keyboard{}, "a console keymap nobody knows the layout of"
}

// consoleKeymaps: which layout of XKB has the same keys as a keymap of the
// kbd and console-data packages. Where a keymap has two alphabets the second
// layout and the way to switch are part of it. Keys that end the X server are
// nobody's keymap and left out.
var consoleKeymaps = sync.OnceValue(func() map[string]xconfig.Keyboard {
	return map[string]xconfig.Keyboard{
		"be-latin1":            {Layout: "be"},
		"bg_bds-utf8":          {Layout: "bg,us", Options: switchGroups},
		"bg_pho-utf8":          {Layout: "bg,us", Variant: "phonetic,", Options: switchGroups},
		"br-abnt2":             {Layout: "br", Model: "abnt2"},
		"by":                   {Layout: "by,us", Options: switchGroups},
		"cf":                   {Layout: "ca"}, // Canadian French
		"croat":                {Layout: "hr"},
		"cz-lat2":              {Layout: "cz", Variant: "qwerty"},
		"cz-qwerty":            {Layout: "cz,us", Variant: "qwerty,", Options: switchGroups},
		"cz-us-qwertz":         {Layout: "cz,us", Options: switchGroups},
		"de":                   {Layout: "de"},
		"de-latin1":            {Layout: "de"},
		"de-latin1-nodeadkeys": {Layout: "de", Variant: "nodeadkeys"},
		"de_CH-latin1":         {Layout: "ch"},
		"dk":                   {Layout: "dk"},
		"dk-latin1":            {Layout: "dk"},
		"dvorak":               {Layout: "us", Variant: "dvorak"},
		"es":                   {Layout: "es"},
		"es-dvorak":            {Layout: "es", Variant: "dvorak"},
		"et":                   {Layout: "ee"}, // the language, not Ethiopia
		"et-nodeadkeys":        {Layout: "ee", Variant: "nodeadkeys"},
		"fi":                   {Layout: "fi"},
		"fr":                   {Layout: "fr"},
		"fr-latin1":            {Layout: "fr"},
		"fr-latin9":            {Layout: "fr", Variant: "latin9"},
		"fr-pc":                {Layout: "fr"},
		"fr_CH":                {Layout: "ch", Variant: "fr"},
		"fr_CH-latin1":         {Layout: "ch", Variant: "fr"},
		"ge":                   {Layout: "ge,us", Options: switchGroups},
		"gr":                   {Layout: "gr,us", Options: switchGroups},
		"hu":                   {Layout: "hu"},
		"hu101":                {Layout: "hu", Variant: "qwerty"},
		"ie":                   {Layout: "ie"},
		"il":                   {Layout: "il"},
		"is-latin1":            {Layout: "is"},
		"it":                   {Layout: "it"},
		"it-ibm":               {Layout: "it"},
		"it2":                  {Layout: "it"},
		"jp106":                {Layout: "jp", Model: "jp106"},
		"kazakh":               {Layout: "kz,us", Options: switchGroups},
		"khmer":                {Layout: "kh,us", Options: switchGroups},
		"ko":                   {Layout: "kr"}, // the language
		"la-latin1":            {Layout: "latam"},
		"lt":                   {Layout: "lt"},
		"lt.baltic":            {Layout: "lt"},
		"lt.l4":                {Layout: "lt"},
		"lv":                   {Layout: "lv", Variant: "apostrophe"},
		"lv-tilde":             {Layout: "lv", Variant: "tilde"},
		"mk-utf":               {Layout: "mk,us", Options: switchGroups},
		"nl":                   {Layout: "nl"},
		"no":                   {Layout: "no"},
		"no-latin1":            {Layout: "no"},
		"pl2":                  {Layout: "pl"},
		"pt-latin1":            {Layout: "pt"},
		"ro":                   {Layout: "ro"},
		"ro-cedilla":           {Layout: "ro"}, // XKB has no variants with cedillas any more
		"ro-std":               {Layout: "ro", Variant: "std"},
		"ro-std-cedilla":       {Layout: "ro", Variant: "std"},
		"ru":                   {Layout: "ru,us", Options: switchGroups},
		"sg":                   {Layout: "ch", Variant: "de_nodeadkeys"}, // Swiss German
		"sg-latin1":            {Layout: "ch", Variant: "de_nodeadkeys"},
		"sk-qwerty":            {Layout: "sk", Variant: "qwerty"},
		"sk-qwertz":            {Layout: "sk"},
		"slovene":              {Layout: "si"},
		"sr-cy":                {Layout: "rs"},
		"sr-latin":             {Layout: "rs", Variant: "latin"},
		"sv-latin1":            {Layout: "se"},
		"tj_alt-UTF8":          {Layout: "tj"},
		"trq":                  {Layout: "tr"},
		"ua-utf":               {Layout: "ua,us", Options: switchGroups},
		"uk":                   {Layout: "gb"},
		"us":                   {Layout: "us"},
		"us-acentos":           {Layout: "us", Variant: "intl"},
	}
})

// switchGroups: both shift keys change to the other alphabet, the scroll lock
// light shows it.
const switchGroups = "grp:shifts_toggle,grp_led:scroll"
