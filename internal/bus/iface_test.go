package bus

import (
	"strings"
	"testing"
)

func TestParseInterface(t *testing.T) {
	one := func(body string) string {
		return `<node><interface name="org.example.X">` + body + `</interface></node>`
	}
	const free = `<annotation name="org.attune1.Action" value="none"/>`
	for _, test := range []struct{ name, text, want string }{
		{"fine", one(`<method name="A"><arg name="x" type="a{s(iv)}" direction="in"/>` + free + `</method>`), ""},
		{"nothing about who may", one(`<method name="A"/>`), "method A does not say who may call it"},
		{"nothing about who may set", one(`<property name="P" type="s" access="readwrite"/>`), "property P does not say who may set it"},
		{"two types in one", one(`<method name="A"><arg name="x" type="bb" direction="in"/>` + free + `</method>`), "method A"},
		{"no type", one(`<property name="P" type="" access="read"/>`), "property P"},
		{"rubbish for a type", one(`<signal name="S"><arg name="x" type="a{"/></signal>`), "signal S"},
		{"two interfaces", `<node><interface name="a.b"/><interface name="a.c"/></node>`, "2 interfaces"},
		{"no XML", `hello`, "EOF"},
	} {
		_, err := ParseInterface([]byte(test.text))
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

// What is behind an interface must be what its file says.
func TestBind(t *testing.T) {
	good := func() Part { return (&lamp{}).part(t) }
	for name, spoil := range map[string]func(p *Part){
		"method org.example.Lamp.Turn": func(p *Part) { p.Methods["Turn"] = func(*Call, string) (bool, error) { return false, nil } },
		"there is no function for it":  func(p *Part) { delete(p.Methods, "Break") },
		"not a func(*Call":             func(p *Part) { p.Methods["Break"] = func() error { return nil } },
		"is not in the interface file": func(p *Part) { p.Methods["Smash"] = func(*Call) error { return nil } },
		"property org.example.Lamp.On": func(p *Part) { p.Properties["On"] = "yes" },
		"it has no value":              func(p *Part) { delete(p.Properties, "Hours") },
		"Weight is not in":             func(p *Part) { p.Properties["Weight"] = 1.0 },
		"setting property":             func(p *Part) { delete(p.Setters, "On") },
		"cannot be set":                func(p *Part) { p.Setters["Power"] = func(*Call, float64) error { return nil } },
	} {
		p := good()
		spoil(&p)
		if _, err := bind(p); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("want an error with %q, got %v", name, err)
		}
	}
	if _, err := bind(good()); err != nil {
		t.Error(err)
	}
}

func TestLegible(t *testing.T) {
	for in, want := range map[string]string{
		"fine":                           "fine",
		"nul\x00in it":                   "nul\uFFFDin it",
		"\xff\xfe":                       "\uFFFD\uFFFD",
		strings.Repeat("ä", maxText+100): strings.Repeat("ä", maxText) + "…",
	} {
		if got := legible(in); got != want {
			t.Errorf("%.20q: %.40q", in, got)
		}
	}
}
