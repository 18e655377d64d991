package settings

import (
	"fmt"
	"strings"

	"attune/xconfig"
)

// rules takes over [[output]] or [[touch]]. A rule with an error in it does
// not count at all: without its match it would be about every display.
func (f *file) rules(section string, v any) {
	list, ok := v.([]any)
	if !ok {
		f.warn(f.at(section), "%s: want rules, each under its own [[%s]]", section, section)
		return
	}
	for i, v := range list {
		where := fmt.Sprintf("%s.%d", section, i)
		table, ok := v.(map[string]any)
		if !ok {
			f.warn(f.at(where), "%s: want a table", section)
			continue
		}
		rule := rule{file: f, where: where}
		if section == "output" {
			rule.output(table)
		} else {
			rule.touch(table)
		}
	}
}

// A rule is one [[output]] or [[touch]] being taken over.
type rule struct {
	*file
	where string
	bad   bool
}

// fields gives each key to its setter.
func (r *rule) fields(table map[string]any, prefix string, set map[string]func(any) error) {
	for _, k := range sortedKeys(table) {
		at := r.at(r.where + "." + prefix + k)
		do, ok := set[k]
		if !ok {
			r.warn(at, "%s: this rule does not count", unknown("key", k, sortedKeys(set)))
			r.bad = true
			continue
		}
		if err := do(table[k]); err != nil {
			r.warn(at, "%s%s: %v: this rule does not count", k, r.said(table[k]), err)
			r.bad = true
		}
	}
}

// said is a value for a warning, nothing where it is not to be told.
func (f *file) said(v any) string {
	if f.secret {
		return ""
	}
	return " = " + quoted(v)
}

func (r *rule) output(table map[string]any) {
	var o xconfig.OutputRule
	set := matchFields(&o.Match)
	set["off"] = to(&o.Off, boolean)
	set["mode"] = to(&o.Mode, mode)
	set["position"] = to(&o.Position, text)
	set["rotate"] = to(&o.Rotate, oneOf(xconfig.Rotations...))
	set["scale"] = to(&o.Scale, number(1, 4))
	set["primary"] = to(&o.Primary, boolean)
	r.fields(table, "", set)
	if o.Match == (xconfig.Match{}) && !r.bad {
		r.warn(r.at(r.where), "which display? say connector, vendor, name or role (role = \"any\" is every one): this rule does not count")
		r.bad = true
	}
	if !r.bad {
		o.Source = r.at(r.where)
		r.part.outputs = append(r.part.outputs, o)
	}
}

func (r *rule) touch(table map[string]any) {
	var t xconfig.TouchRule
	r.fields(table, "", map[string]func(any) error{
		"device": to(&t.Device, text),
		"rotate": to(&t.Rotate, oneOf(xconfig.Rotations...)),
		"output": func(v any) error { return r.match(&t.Output, v) },
	})
	if t.Device == "" && !r.bad {
		r.warn(r.at(r.where), "which device? say device = \"VID:PID\" or its name: this rule does not count")
		r.bad = true
	}
	if !r.bad {
		t.Source = r.at(r.where)
		r.part.touches = append(r.part.touches, t)
	}
}

// match is a display in one line, or by a table of what has to hold.
func (r *rule) match(m *xconfig.Match, v any) error {
	switch v := v.(type) {
	case string:
		match, err := xconfig.ParseMatch(v)
		*m = match
		return err
	case map[string]any:
		r.fields(v, "output.", matchFields(m))
		return nil
	}
	return fmt.Errorf("want a connector, %s, or a table", strings.Join(xconfig.Roles, ", "))
}

func matchFields(m *xconfig.Match) map[string]func(any) error {
	return map[string]func(any) error{
		"connector": to(&m.Connector, text),
		"vendor":    to(&m.Vendor, text),
		"product":   to(&m.Product, text),
		"serial":    to(&m.Serial, text),
		"name":      to(&m.Name, text),
		"card":      to(&m.Card, text),
		"role":      to(&m.Role, role),
	}
}
