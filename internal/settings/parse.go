package settings

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"attune/detect/kmod"
	"attune/xconfig"
)

// parse takes over what one file says. A file that is no TOML is worth one
// warning and nothing of it counts: half a rule could mean the contrary.
func (r *reader) parse(name string, data []byte) {
	var doc map[string]any
	if err := toml.Unmarshal(data, &doc); err != nil {
		line := 0
		if bad, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, _ = bad.Position()
		}
		r.warn("%s:%d: not TOML: %w: nothing of this file counts", name, line, err)
		return
	}
	f := file{reader: r, name: name, lines: linesOf(data)}
	for _, section := range slices.Sorted(maps.Keys(doc)) {
		switch section {
		case "output", "touch":
			f.rules(section, doc[section])
		default:
			f.keys(section, doc[section])
		}
	}
	// The first rule that matches decides: what is read later comes first.
	r.prefs.Outputs = append(f.outputs, r.prefs.Outputs...)
	r.prefs.Touch = append(f.touches, r.prefs.Touch...)
}

// A file is one settings file being taken over.
type file struct {
	*reader
	name    string
	lines   lines
	outputs []xconfig.OutputRule
	touches []xconfig.TouchRule
}

func (f *file) at(key string) string { return fmt.Sprintf("%s:%d", f.name, f.lines[key]) }

// keys takes over one table, or one value, and those below it.
func (f *file) keys(name string, v any) {
	if table, ok := v.(map[string]any); ok {
		for _, k := range slices.Sorted(maps.Keys(table)) {
			f.keys(name+"."+k, table[k])
		}
		return
	}
	f.set(name, v, f.at(name))
}

// set gives one setting its value.
func (r *reader) set(name string, v any, source string) {
	key, ok := find(name)
	if !ok {
		r.warn("%s: %s", source, unknown("setting", name, append(Names(), "output", "touch")))
		return
	}
	if err := key.set(&r.prefs, v); err != nil {
		r.warn("%s: %s = %s: %s", source, name, quoted(v), wanted(err.Error(), key.Want))
		return
	}
	r.prefs.Sources[name] = source
}

// words takes over attune.KEY=VALUE of the kernel command line. Words that
// are no setting are others' business.
func (r *reader) words(cmdline string) {
	for _, word := range kmod.CmdlineWords(cmdline) {
		word = strings.ReplaceAll(word, `"`, "")
		name, value, _ := strings.Cut(word, "=")
		name, ours := strings.CutPrefix(name, "attune.")
		if _, ok := find(name); ours && ok {
			r.set(name, value, "kernel command line")
		}
	}
}

func unknown(what, name string, known []string) string {
	if near := kmod.Nearest(name, known); near != "" {
		return fmt.Sprintf("there is no %s %q, is %s meant?", what, name, near)
	}
	return fmt.Sprintf("there is no %s %q", what, name)
}

// wanted adds what a setting is to what its value broke, where that says more.
func wanted(broke, want string) string {
	said := strings.TrimPrefix(broke, "want ")
	switch {
	case strings.HasPrefix(said, want):
		return broke
	case strings.HasPrefix(want, said):
		return "want " + want
	}
	return broke + ": " + want
}

// quoted is a value as somebody wrote it, or its beginning.
func quoted(v any) string {
	text := fmt.Sprint(v)
	if s, ok := v.(string); ok {
		text = fmt.Sprintf("%q", s)
	}
	const most = 100
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}
