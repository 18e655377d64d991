package files

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"attune/xconfig"
	"sync"
)

// udevFile comes after udev's own rules that classify input devices and name
// their paths (60-*), and before seats are dealt out (71-seat).
const udevFile = xconfig.FileUdev

// udevKinds are the kinds of an InputMatch in the words of udev's input_id.
var udevKinds = map[string]string{
	"keyboard": "ID_INPUT_KEYBOARD", "pointer": "ID_INPUT_MOUSE", "touchpad": "ID_INPUT_TOUCHPAD",
	"touchscreen": "ID_INPUT_TOUCHSCREEN", "tablet": "ID_INPUT_TABLET", "tablet-pad": "ID_INPUT_TABLET_PAD", "joystick": "ID_INPUT_JOYSTICK",
}

// udev writes rules for what only udev can say: tags for what X has no word
// for, and properties that libinput gives to Wayland compositors.
func (w *writer) udev() {
	var rules []string
	for _, c := range w.input.Classes {
		if len(c.Match.Udev) == 0 && len(c.Properties) == 0 {
			continue
		}
		text, err := udevRules(c)
		if err != nil {
			w.note(c.Name, "no udev rule: %v", err)
			continue
		}
		rules = append(rules, udevComment(c.Name+": "+c.Why)+text)
	}
	if len(rules) == 0 {
		return
	}
	head := "# Made by attune from what this machine has, anew at every boot. A file of this\n# name in /etc/udev/rules.d takes its place.\n" +
		"ACTION==\"remove\", GOTO=\"attune_end\"\nSUBSYSTEM!=\"input\", GOTO=\"attune_end\"\nKERNEL!=\"event*\", GOTO=\"attune_end\"\n"
	w.file(xconfig.DirUdev, udevFile, "what only udev can say of input devices", head+"\n"+strings.Join(rules, "\n")+"\nLABEL=\"attune_end\"\n")
}

// udevRules is one line for each id of the class.
func udevRules(c xconfig.InputClass) (string, error) {
	var match, set ruleLine
	if c.Match.Kind != "" {
		match.add("ENV{"+udevKinds[c.Match.Kind]+"}", "==", "1")
	}
	if c.Match.Product != "" {
		match.pattern("ATTRS{name}", "*", c.Match.Product, "*")
	}
	for _, key := range slices.Sorted(maps.Keys(c.Match.Udev)) {
		match.add("ENV{"+key+"}", "==", c.Match.Udev[key])
	}
	if tag := tagOf(c); tag != "" {
		set.pattern("ENV{ID_INPUT.tags}", "$env{ID_INPUT.tags},", tag, "")
	}
	for _, p := range c.Properties {
		set.add("ENV{"+p.Name+"}", "=", p.Value)
	}
	if err := match.err(set); err != nil {
		return "", err
	}
	var out strings.Builder
	for _, id := range strings.Split(c.Match.USBID, "|") {
		line := slices.Concat(match.parts, idParts(id), set.parts)
		if len(match.parts) == 0 && id == "" {
			return "", fmt.Errorf("it would be for every device there is")
		}
		out.WriteString(strings.Join(line, ", ") + "\n")
	}
	return out.String(), nil
}

var oneID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([0-9a-fA-F]{4}):([0-9a-fA-F]{4}|\*)$`) })

// idParts compare the ids of the input device itself, of whatever bus, as X
// does. The kernel writes them in small letters.
func idParts(id string) []string {
	m := oneID().FindStringSubmatch(strings.ToLower(id))
	if m == nil {
		return nil
	}
	return []string{`ATTRS{id/vendor}=="` + m[1] + `"`, `ATTRS{id/product}=="` + m[2] + `"`}
}

// A ruleLine is the parts of a udev rule in the making, and what was wrong.
type ruleLine struct {
	parts []string
	bad   error
}

func (l *ruleLine) add(key, op, value string) { l.part(key, op, "", value, "") }

// pattern puts value between text of our own, which may hold what udev expands.
func (l *ruleLine) pattern(key, before, value, after string) {
	op := "=="
	if strings.HasPrefix(before, "$") {
		op = "="
	}
	l.part(key, op, before, value, after)
}

func (l *ruleLine) part(key, op, before, value, after string) {
	if !udevKey().MatchString(key) || !udevSafe(value) {
		l.bad = fmt.Errorf("udev cannot be told %.60q %.60q", key, value)
		return
	}
	l.parts = append(l.parts, key+op+`"`+before+value+after+`"`)
}

func (l ruleLine) err(other ruleLine) error {
	if l.bad != nil {
		return l.bad
	}
	return other.bad
}

var udevKey = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(ENV\{[A-Za-z][A-Za-z0-9_.]*\}|ATTRS\{name\})$`) })

// udevSafe says whether a text may stand between the quotes of a udev rule,
// where a quote ends it, $ and % are replaced, and in a comparison *, ?, [ and |
// are patterns.
func udevSafe(s string) bool {
	if len(s) > 255 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && strings.IndexByte(" ._:+-/,@=", c) < 0 {
			return false
		}
	}
	return true
}

func udevComment(s string) string { return "# " + ascii(s) + "\n" }

// ascii is a reason in one line that nothing can end early.
func ascii(s string) string {
	s = strings.ReplaceAll(xconfig.ASCII(s), `\`, "?")
	return s[:min(len(s), 200)]
}
