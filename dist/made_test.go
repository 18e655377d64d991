package dist_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

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
		t.Errorf("%s is not what the table of settings makes: make golden writes it anew", path)
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

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// roff is text that begins no request and has no escape.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
