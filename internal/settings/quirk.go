package settings

import (
	"fmt"
	"strings"
)

// quirks takes over what this hardware needs: [[quirk]] of the files of
// quirks.d which match the machine.
func (r *reader) quirks() {
	for _, d := range r.list("quirks.d") {
		if data, ok := r.open(d, Quirk); ok {
			before := len(r.warnings)
			r.quiet = d.masked != ""
			r.quirkFile(d, data)
			r.quiet = false
			r.few("/"+d.name, before)
		}
	}
}

func (r *reader) quirkFile(d dropIn, data []byte) {
	doc, at, ok := r.parse("/"+d.name, data)
	if !ok {
		return
	}
	f := file{reader: r, name: "/" + d.name, lines: at}
	for _, section := range sortedKeys(doc) {
		if section != "quirk" {
			f.warn(f.at(section), "%s: in quirks.d everything stands below [[quirk]]: it does not count", section)
		}
	}
	list, ok := doc["quirk"].([]any)
	if !ok && doc["quirk"] != nil {
		f.warn(f.at("quirk"), "quirk: want quirks, each under its own [[quirk]]")
	}
	for i, v := range list {
		table, _ := v.(map[string]any)
		p := part{rank: Quirk}
		if d.masked != "" {
			p.masked = "/" + d.masked
		}
		one := file{reader: r, part: &p, name: f.name, lines: at, prefix: fmt.Sprintf("quirk.%d.", i)}
		if one.quirk(table) {
			r.parts = append(r.parts, p)
		}
	}
}

// quirk takes over one quirk and says whether it is about this machine. One
// with an error in its match, without a match or without a reason does not count.
func (f *file) quirk(table map[string]any) bool {
	where := f.name + ":" + fmt.Sprint(f.lines[strings.TrimSuffix(f.prefix, ".")])
	for _, k := range sortedKeys(table) {
		switch k {
		case "comment", "link", "match", "set", "output", "touch":
		default:
			f.warn(f.at(k), "%s: this quirk does not count", unknown("key", k, []string{"comment", "link", "match", "set", "output", "touch"}))
			return false
		}
	}
	comment, _ := table["comment"].(string)
	link, _ := table["link"].(string)
	switch {
	case strings.TrimSpace(comment) == "":
		f.warn(where, "a quirk needs a comment, saying what is wrong with the hardware: this quirk does not count")
		return false
	case !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://"):
		f.warn(where, "a quirk needs a link, to where that is known from: this quirk does not count")
		return false
	}
	match, err := f.condition(table["match"])
	if err != "" {
		f.warn(where, "%s: this quirk does not count", err)
		return false
	}
	if !match(f.machine) {
		return false
	}
	f.part.why = comment + " (" + link + ")"
	return f.quirkSettings(table)
}

func (f *file) quirkSettings(table map[string]any) bool {
	set, ok := table["set"].(map[string]any)
	if table["set"] != nil && !ok {
		f.warn(f.at("set"), "set: want a table of settings")
	}
	outer := f.prefix
	f.prefix += "set."
	for _, k := range sortedKeys(set) {
		f.keys(k, set[k])
	}
	f.prefix = outer
	for _, section := range []string{"output", "touch"} {
		if table[section] != nil {
			f.rules(section, table[section])
		}
	}
	return true
}
