package service

import (
	"strings"

	"github.com/godbus/dbus/v5"
)

// fields are a dictionary on the bus. What is not known is left out.
type fields map[string]dbus.Variant

// text adds one, if there is any.
func (f fields) text(name, value string) {
	if value != "" {
		f[name] = dbus.MakeVariant(legible(value))
	}
}

// texts adds a list of them, if there is any.
func (f fields) texts(name string, values []string) {
	if len(values) > 0 {
		f[name] = dbus.MakeVariant(allLegible(values))
	}
}

// put adds what is of one of the bus's other types.
func (f fields) put(name string, value any) { f[name] = dbus.MakeVariant(value) }

// legible is what a bus takes for a text: a bus throws out who sends it another
// one, and hardware calls itself by whatever bytes it likes. D-Bus Specification,
// "Basic types", STRING.
func legible(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func allLegible(all []string) []string {
	told := make([]string, len(all))
	for i, s := range all {
		told[i] = legible(s)
	}
	return told
}

// each makes dictionaries of a list.
func each[T any](all []T, of func(T) fields) []map[string]dbus.Variant {
	told := make([]map[string]dbus.Variant, len(all))
	for i, one := range all {
		told[i] = of(one)
	}
	return told
}
