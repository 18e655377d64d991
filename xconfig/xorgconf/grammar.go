package xorgconf

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// A shape is what may follow a keyword.
type shape int

const (
	oneString   shape = iota + 1 // "text"
	oneBool                      // "on"
	oneNumber                    // 24
	twoNumbers                   // 1920 1080
	anOption                     // "name" or "name" "value"
	aModeline                    // "name" clock, 8 numbers, flags
	aScreen                      // "name"
	aRange                       // 30 - 60
	someStrings                  // "name" "name"
	subSection                   // "Display" and lines up to EndSubSection
	unsupported                  // X knows it, nothing here writes it
)

type keywords map[string]shape

// grammar is Xorg's of 21.1, hw/xfree86/parser, for the sections written here.
// Keywords are folded.
var grammar = sync.OnceValue(func() map[string]keywords {
	return map[string]keywords{
		"monitor": with(
			keywords{"identifier": oneString, "vendorname": oneString, "modelname": oneString, "displaysize": twoNumbers,
				"modeline": aModeline, "horizsync": aRange, "vertrefresh": aRange, "option": anOption},
			unsupported, "usemodes", "mode", "gamma"),
		"device": with(
			keywords{"identifier": oneString, "driver": oneString, "busid": oneString, "videoram": oneNumber, "option": anOption, "screen": oneNumber, "matchseat": oneString},
			unsupported, "vendorname", "boardname", "chipset", "ramdac", "dacspeed", "clocks", "biosbase", "membase",
			"iobase", "clockchip", "chipid", "chiprev", "card", "irq"),
		"screen": with(
			keywords{"identifier": oneString, "device": oneString, "monitor": oneString, "defaultdepth": oneNumber,
				"subsection": subSection, "option": anOption, "gpudevice": oneString, "matchseat": oneString},
			unsupported, "driver", "videoadaptor", "screenno", "defaultcolordepth", "defaultbpp", "defaultfbbpp", "virtual"),
		"serverlayout": with(
			keywords{"identifier": oneString, "screen": aScreen, "option": anOption, "matchseat": oneString, "inactive": oneString},
			unsupported, "inputdevice"),
		"serverflags": with(
			keywords{"option": anOption},
			unsupported, "dontzap", "dontzoom", "disablevidmodeextension", "allownonlocalxvidtune", "disablemodindev",
			"allownonlocalmodindev", "allowmouseopenfail", "blanktime", "standbytime", "suspendtime", "offtime", "defaultserverlayout"),
		"outputclass": {"identifier": oneString, "driver": oneString, "modulepath": oneString, "matchdriver": oneString, "option": anOption},
		"inputclass":  inputGrammar(),
	}
})

var displayGrammar = sync.OnceValue(func() keywords {
	return with(
		keywords{"depth": oneNumber, "virtual": twoNumbers, "modes": someStrings, "option": anOption},
		unsupported, "viewport", "visual", "black", "white", "fbbpp", "weight")
})

func inputGrammar() keywords {
	k := keywords{"identifier": oneString, "driver": oneString, "option": anOption}
	for _, m := range strings.Fields("product vendor devicepath os pnpid usbid driver tag layout") {
		k["match"+m], k["nomatch"+m] = oneString, oneString
	}
	return with(k, oneBool, "matchiskeyboard", "matchispointer", "matchisjoystick", "matchistablet", "matchistabletpad",
		"matchistouchpad", "matchistouchscreen")
}

func with(k keywords, s shape, names ...string) keywords {
	for _, n := range names {
		k[n] = s
	}
	return k
}

// flags of a Modeline that take nothing after them.
var flags = map[string]bool{"interlace": true, "+hsync": true, "-hsync": true, "+vsync": true, "-vsync": true,
	"composite": true, "+csync": true, "-csync": true, "doublescan": true, "bcast": true}

var numeric = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?$`) })

// check says whether an entry about to be written has the form X wants.
func (s shape) check(e Entry) error {
	form := ""
	for _, v := range e.Args {
		switch {
		case v.Quoted:
			form += "s"
		case numeric().MatchString(v.Text):
			form += "n"
		case flags[v.Text]:
			form += "f"
		case v.Text == "-":
			form += "-"
		default:
			form += "?"
		}
	}
	if want := forms()[s]; want == nil || !want.MatchString(form) {
		return fmt.Errorf("%.80q cannot follow it", fmt.Sprint(e.Args))
	}
	if s == oneBool && !isBool(e.Args[0].Text) {
		return fmt.Errorf("%.80q is no boolean", e.Args[0].Text)
	}
	if s == subSection && !same(e.Args[0].Text, "Display") {
		return fmt.Errorf("there is no subsection %.40q", e.Args[0].Text)
	}
	return nil
}

// forms are what may follow a keyword, a letter for each argument: s string, n
// number, f flag. They are made when first asked for.
var forms = sync.OnceValue(func() map[shape]*regexp.Regexp {
	return map[shape]*regexp.Regexp{
		oneString: regexp.MustCompile(`^s$`), oneBool: regexp.MustCompile(`^s$`), aScreen: regexp.MustCompile(`^s$`),
		oneNumber: regexp.MustCompile(`^n$`), twoNumbers: regexp.MustCompile(`^nn$`), anOption: regexp.MustCompile(`^ss?$`),
		aModeline: regexp.MustCompile(`^sn{9}f*$`), aRange: regexp.MustCompile(`^n-n$`), someStrings: regexp.MustCompile(`^s+$`), subSection: regexp.MustCompile(`^s$`),
	}
})

// isBool is X's idea of a boolean for MatchIs*.
func isBool(s string) bool {
	switch fold(s) {
	case "", "1", "on", "true", "yes", "0", "off", "false", "no":
		return true
	}
	return false
}

// fold makes names that X takes for the same the same: case, spaces, tabs and
// underscores do not count.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '_' || r == ' ' || r == '\t':
			return -1
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

func same(a, b string) bool { return fold(a) == fold(b) }
