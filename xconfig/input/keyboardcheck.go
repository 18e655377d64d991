package input

import (
	"cmp"
	"slices"
	"strings"

	"attune/xconfig"
)

// An xkbCheck holds what is said against what the image's keyboard database
// has: X falls back to a US keyboard, or to none at all, for a name it does not
// know.
type xkbCheck struct {
	layouts map[string][]string // nil: there is no database, anything may be right
	models  []string
	notes   []xconfig.Note
}

// maxGroups is how many layouts one keyboard can have in XKB.
const maxGroups = 4

// check keeps of a keyboard what the image knows and what may stand in a file.
func (c *xkbCheck) check(where string, k xconfig.Keyboard) xconfig.Keyboard {
	k = c.plain(where, k)
	if k.Layout != "" {
		k.Layout, k.Variant = c.groups(where, k.Layout, k.Variant)
	}
	if k.Model != "" && c.models != nil && !slices.Contains(c.models, k.Model) {
		c.note(where, "keyboard model %q is not known to this image%s", k.Model, nearest(k.Model, c.models))
		k.Model = ""
	}
	return k
}

// plain empties fields with other characters than XKB's names have.
func (c *xkbCheck) plain(where string, k xconfig.Keyboard) xconfig.Keyboard {
	for _, field := range []*string{&k.Layout, &k.Variant, &k.Model, &k.Options} {
		*field = strings.TrimSpace(*field)
		if *field != "" && !xconfig.XKBName(*field) {
			c.note(where, "%.60q is no name of a keyboard database", *field)
			*field = ""
		}
	}
	return k
}

// groups checks each layout of a list with its variant. A layout nobody knows
// costs itself, not the others.
func (c *xkbCheck) groups(where, layout, variant string) (string, string) {
	names, variants := strings.Split(layout, ","), strings.Split(variant, ",")
	if len(variants) > len(names) {
		c.note(where, "%d variants for %d layouts: those left over are dropped", len(variants), len(names))
	}
	var ls, vs []string
	for i, name := range names {
		v := ""
		if i < len(variants) {
			v = variants[i]
		}
		if l, inner, ok := strings.Cut(name, "("); ok && v == "" { // "us(intl)", as setxkbmap prints it
			name, v = l, strings.TrimSuffix(inner, ")")
		}
		if name == "" || !c.knowsLayout(where, name) {
			continue
		}
		ls, vs = append(ls, name), append(vs, c.variant(where, name, v))
	}
	if len(ls) > maxGroups {
		c.note(where, "%d layouts: XKB has room for %d", len(ls), maxGroups)
		ls, vs = ls[:maxGroups], vs[:maxGroups]
	}
	return strings.Join(ls, ","), joinVariants(vs)
}

// joinVariants has a variant for each layout, or is empty where all are.
func joinVariants(vs []string) string {
	if all := strings.Join(vs, ","); strings.Trim(all, ",") != "" {
		return all
	}
	return ""
}

func (c *xkbCheck) knowsLayout(where, name string) bool {
	if c.layouts == nil {
		return true
	}
	if _, ok := c.layouts[name]; ok {
		return true
	}
	c.note(where, "keyboard layout %q is not known to this image%s", name, c.likelyLayout(name))
	return false
}

func (c *xkbCheck) variant(where, layout, name string) string {
	if name == "" || c.layouts == nil || slices.Contains(c.layouts[layout], name) {
		return name
	}
	c.note(where, "layout %q has no variant %q%s", layout, name, nearest(name, c.layouts[layout]))
	return ""
}

// under fills the empty fields of k, which was asked first, from next. A
// variant said without a layout counts where the layout found later has it.
func (c *xkbCheck) under(k, next xconfig.Keyboard) xconfig.Keyboard {
	if k.Layout == "" {
		k.Layout = next.Layout
		switch {
		case next.Layout == "":
			k.Variant = cmp.Or(k.Variant, next.Variant)
		case k.Variant == "":
			k.Variant = next.Variant
		default:
			_, k.Variant = c.groups("keyboard.variant", next.Layout, k.Variant)
		}
	}
	k.Model = cmp.Or(k.Model, next.Model)
	k.Options = cmp.Or(k.Options, next.Options)
	return k
}

func (c *xkbCheck) note(where, format string, args ...any) {
	c.notes = append(c.notes, xconfig.Remark(where, format, args...))
}
