package input

import (
	"strings"
	"sync"

	"attune/xconfig"
)

// layoutOfLocale is the layout most keyboards have where a locale is spoken:
// "pt_BR.UTF-8" is br. A territory the table does not name has the layout of the
// language. C and POSIX are no place.
func layoutOfLocale(locale string) (xconfig.Keyboard, bool) {
	name, modifier, _ := strings.Cut(locale, "@")
	name, _, _ = strings.Cut(name, ".")
	name = strings.ReplaceAll(name, "-", "_")
	if modifier == "latin" && strings.HasPrefix(name, "sr") {
		return xconfig.Keyboard{Layout: "rs", Variant: "latin"}, true
	}
	language, _, _ := strings.Cut(name, "_")
	for _, key := range []string{name, strings.ToLower(language)} {
		if k, ok := localeLayouts()[key]; ok {
			return k, true
		}
	}
	return xconfig.Keyboard{}, false
}

// localeLayouts: by language and territory where the territory has its own
// keyboard, else by language. An alphabet that cannot write commands has us beside it,
// reached as on the consoles of those countries.
var localeLayouts = sync.OnceValue(func() map[string]xconfig.Keyboard {
	return map[string]xconfig.Keyboard{
		"af": {Layout: "za"}, "am": {Layout: "et"}, "ar": both("ara"), "ar_DZ": {Layout: "dz"}, "ar_MA": both("ma"), "ar_SY": both("sy"), "ar_IQ": both("iq"),
		"az": {Layout: "az"}, "be": both("by"), "bg": both("bg"), "bn": both("bd"), "bn_IN": {Layout: "in,us", Variant: "ben,", Options: switchGroups},
		"bs": {Layout: "ba"}, "ca": {Layout: "es", Variant: "cat"}, "cs": {Layout: "cz"}, "cy": {Layout: "gb"},
		"da": {Layout: "dk"}, "de": {Layout: "de"}, "de_AT": {Layout: "at"}, "de_CH": {Layout: "ch"}, "de_LI": {Layout: "ch"}, "de_BE": {Layout: "be"}, "de_LU": {Layout: "ch"},
		"dz": both("bt"), "el": both("gr"), "en": {Layout: "us"}, "en_GB": {Layout: "gb"}, "en_IE": {Layout: "ie"}, "en_ZA": {Layout: "za"}, "en_IN": {Layout: "in", Variant: "eng"},
		"en_NG": {Layout: "ng"}, "en_DK": {Layout: "dk"}, "en_IL": {Layout: "us"}, "en_CA": {Layout: "us"}, "eo": {Layout: "epo"},
		"es": {Layout: "latam"}, "es_ES": {Layout: "es"}, "es_US": {Layout: "us", Variant: "intl"}, "et": {Layout: "ee"}, "eu": {Layout: "es"},
		"fa": both("ir"), "fi": {Layout: "fi"}, "fil": {Layout: "ph"}, "fo": {Layout: "fo"},
		"fr": {Layout: "fr"}, "fr_BE": {Layout: "be"}, "fr_CA": {Layout: "ca"}, "fr_CH": {Layout: "ch", Variant: "fr"}, "fr_LU": {Layout: "ch", Variant: "fr"},
		"ga": {Layout: "ie"}, "gd": {Layout: "gb"}, "gl": {Layout: "es"}, "gu": {Layout: "in,us", Variant: "guj,", Options: switchGroups},
		"he": both("il"), "hi": {Layout: "in,us", Variant: "hin-wx,", Options: switchGroups}, "hr": {Layout: "hr"}, "hu": {Layout: "hu"}, "hy": both("am"),
		"id": {Layout: "us"}, "is": {Layout: "is"}, "it": {Layout: "it"}, "it_CH": {Layout: "ch"}, "iw": both("il"), "ja": {Layout: "jp"},
		"ka": both("ge"), "kk": both("kz"), "km": both("kh"), "kn": {Layout: "in,us", Variant: "kan,", Options: switchGroups}, "ko": {Layout: "kr"}, "ky": both("kg"),
		"lb": {Layout: "ch"}, "lo": both("la"), "lt": {Layout: "lt"}, "lv": {Layout: "lv"},
		"mk": both("mk"), "ml": {Layout: "in,us", Variant: "mal,", Options: switchGroups}, "mn": both("mn"),
		"mr": {Layout: "in,us", Variant: "marathi,", Options: switchGroups}, "ms": {Layout: "us"}, "mt": {Layout: "mt"}, "my": both("mm"),
		"nb": {Layout: "no"}, "ne": both("np"), "nl": {Layout: "us", Variant: "intl"}, "nl_BE": {Layout: "be"}, "nn": {Layout: "no"}, "no": {Layout: "no"},
		"pa": {Layout: "in,us", Variant: "guru,", Options: switchGroups}, "pl": {Layout: "pl"}, "ps": both("af"), "pt": {Layout: "pt"}, "pt_BR": {Layout: "br"},
		"ro": {Layout: "ro"}, "ru": both("ru"), "ru_UA": both("ua"), "se": {Layout: "no", Variant: "smi"}, "si": both("lk"), "sk": {Layout: "sk"}, "sl": {Layout: "si"}, "sq": {Layout: "al"},
		"sr": {Layout: "rs"}, "sv": {Layout: "se"}, "sv_FI": {Layout: "fi"}, "sw": {Layout: "ke"},
		"ta": {Layout: "in,us", Variant: "tam,", Options: switchGroups}, "te": {Layout: "in,us", Variant: "tel,", Options: switchGroups},
		"tg": both("tj"), "th": both("th"), "tk": {Layout: "tm"}, "tl": {Layout: "ph"}, "tr": {Layout: "tr"},
		"uk": both("ua"), "ur": both("pk"), "uz": {Layout: "uz", Variant: "latin"}, "vi": {Layout: "vn"}, "zh": {Layout: "cn"}, "zh_TW": {Layout: "tw"}, "zh_HK": {Layout: "us"},
	}
})

// both is a layout with us beside it.
func both(layout string) xconfig.Keyboard {
	return xconfig.Keyboard{Layout: layout + ",us", Options: switchGroups}
}
