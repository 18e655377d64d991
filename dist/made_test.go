package dist_test

import (
	"fmt"
	"html"
	"os"
	"strings"
	"testing"

	"attune/internal/actions"
	"attune/internal/settings"
)

// made holds a part of a file, or all of it, next to what the program's tables
// make of it. GOLDEN=1 (make golden) writes it anew.
func made(t *testing.T, path, from, to, want string) {
	t.Helper()
	have, _ := os.ReadFile(path)
	text := string(have)
	begin, end := 0, len(text)
	if from != "" {
		begin, end = strings.Index(text, from), strings.Index(text, to)
		if begin < 0 || end < begin {
			t.Fatalf("%s: no part between %q and %q", path, from, to)
		}
		begin += len(from)
	}
	switch {
	case text[begin:end] == want:
	case os.Getenv("GOLDEN") != "":
		if err := os.WriteFile(path, []byte(text[:begin]+want+text[end:]), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is not what the program's table makes: make golden writes it anew", path)
	}
}

func TestGoldenManualKeys(t *testing.T) {
	var b strings.Builder
	b.WriteString(".Bl -tag -width Ds\n")
	for _, k := range settings.Keys() {
		fmt.Fprintf(&b, ".It Cm %s\n%s:\n%s.\n", k.Name, roff(upper(k.Doc)), roff(strings.TrimSuffix(k.Want, " ...")))
	}
	b.WriteString(".El\n")
	made(t, "man/attune.toml.5", ".\\\" keys\n", ".\\\" end of keys", b.String())
}

// TestGoldenPolicy: polkit knows the actions that the service asks it about, or
// it would refuse them all.
func TestGoldenPolicy(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE policyconfig PUBLIC "-//freedesktop//DTD polkit Policy Configuration 1.0//EN" "http://www.freedesktop.org/software/polkit/policyconfig-1.dtd">
<!-- Made from the table of package internal/actions by "make golden". Who wants other answers writes a rule, see
     docs/service.md; who wants none of it locks an action by the setting authority.lock. -->
<policyconfig>
  <vendor>attune</vendor>
`)
	for _, a := range actions.All() {
		fmt.Fprintf(&b, `  <action id="%s">
    <description>%s</description>
    <message>%s</message>
    <defaults>
      <allow_any>%s</allow_any>
      <allow_inactive>%s</allow_inactive>
      <allow_active>%s</allow_active>
    </defaults>
  </action>
`, a.ID, html.EscapeString(a.Description), html.EscapeString(a.Message), a.Any, a.Inactive, a.Active)
	}
	b.WriteString("</policyconfig>\n")
	made(t, "polkit/org.attune1.policy", "", "", b.String())
}

func TestGoldenActionsDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString("| action | for | any | inactive | active |\n|---|---|---|---|---|\n")
	for _, a := range actions.All() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", a.ID, a.Description, a.Any, a.Inactive, a.Active)
	}
	made(t, "../docs/service.md", "<!-- actions -->\n", "<!-- end of actions -->", b.String())
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// roff is text that begins no request and has no escape.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
