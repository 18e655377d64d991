package records

import (
	"errors"
	"fmt"

	"attune/xconfig"
)

// A Keyboard is a layout in XKB's words. Empty fields say nothing.
type Keyboard struct {
	Layout  string `json:"layout,omitempty"`
	Variant string `json:"variant,omitempty"`
	Model   string `json:"model,omitempty"`
	Options string `json:"options,omitempty"`
}

func (k *Keyboard) check() error {
	said := false
	for name, value := range k.values() {
		if value != "" && !xconfig.XKBName(value) {
			return fmt.Errorf("%s %q is no name of the keyboard database", name, value)
		}
		said = said || value != ""
	}
	if !said {
		return errors.New("want a layout, variant, model or options")
	}
	return nil
}

func (k *Keyboard) String() string { return xconfig.Keyboard(*k).String() }

// values are the settings it is made of, by the last word of their names.
func (k *Keyboard) values() map[string]string {
	return map[string]string{"layout": k.Layout, "variant": k.Variant, "model": k.Model, "options": k.Options}
}

// settings is the layout by the names settings have.
func (k *Keyboard) settings() map[string]any {
	m := map[string]any{}
	for name, value := range k.values() {
		if value != "" {
			m["keyboard."+name] = value
		}
	}
	// A variant of another layout is none of this one's.
	if _, ok := m["keyboard.variant"]; !ok && k.Layout != "" {
		m["keyboard.variant"] = ""
	}
	return m
}
