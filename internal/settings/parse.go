package settings

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// parse reads TOML. A text that is none is worth one warning and nothing of it
// counts: half a rule could mean the contrary.
func (r *reader) parse(name string, data []byte) (map[string]any, lines, bool) {
	var doc map[string]any
	data = withoutBOM(data)
	if err := toml.Unmarshal(data, &doc); err != nil {
		r.warn(fmt.Sprintf("%s:%d", name, lineOf(err)), "not TOML: %v: nothing of this file counts", err)
		return nil, nil, false
	}
	return doc, linesOf(data), true
}

// withoutBOM: some editors begin a text with U+FEFF, which says nothing in UTF-8.
func withoutBOM(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\ufeff")) }

// lineOf is where a text stops being TOML.
func lineOf(err error) int {
	line := 0
	if bad, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, _ = bad.Position()
	}
	return line
}

// A file is one text of settings being taken over.
type file struct {
	*reader
	part   *part
	name   string
	lines  lines
	prefix string // of keys in lines: "quirk.0.set."
	secret bool   // no value is told
}

func (f *file) at(key string) string { return fmt.Sprintf("%s:%d", f.name, f.lines[f.prefix+key]) }

// take takes over a table of settings and rules.
func (f *file) take(doc map[string]any) {
	for _, section := range sortedKeys(doc) {
		switch section {
		case "output", "touch":
			f.rules(section, doc[section])
		case "quirk":
			f.warn(f.at(section+".0"), "[[quirk]] belongs into a file of quirks.d: it does not count")
		default:
			f.keys(section, doc[section])
		}
	}
}

// keys takes over one table, or one value, and those below it.
func (f *file) keys(name string, v any) {
	if table, ok := v.(map[string]any); ok {
		for _, k := range sortedKeys(table) {
			f.keys(name+"."+k, table[k])
		}
		return
	}
	f.add(f.part, entry{key: name, value: v, source: f.at(name), secret: f.secret})
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

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

// shown is a value as people read it.
func shown(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bare:
		return string(v)
	case []any:
		var parts []string
		for _, one := range v {
			parts = append(parts, fmt.Sprint(one))
		}
		return strings.Join(parts, ",")
	}
	return fmt.Sprint(v)
}

// quoted is a value as somebody wrote it, or its beginning.
func quoted(v any) string {
	text := fmt.Sprint(v)
	switch v.(type) {
	case string, bare:
		text = fmt.Sprintf("%q", v)
	}
	const most = 100
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}
