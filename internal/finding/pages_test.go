package finding

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

const helpPage = "../../docs/findings.md"

// head is what every section of the help page begins with.
func head(k Kind) string {
	return fmt.Sprintf("## %s\n\n*%s.* %s\n\n**To do:** %s\n", k.ID, k.Level, k.Means, k.Do)
}

// sections cuts the help page at its headings: the introduction, then each.
func sections(page string) (intro string, names []string, text map[string]string) {
	parts := strings.Split("\n"+page, "\n## ")
	text = map[string]string{}
	for _, p := range parts[1:] {
		name, _, _ := strings.Cut(p, "\n")
		names = append(names, name)
		text[name] = "## " + strings.TrimRight(p, "\n") + "\n"
	}
	return strings.TrimLeft(parts[0], "\n"), names, text
}

// The help page has a section for each kind of finding, in the catalog's order
// and words, with more to read, and none besides. GOLDEN=1 writes the words
// anew and keeps what else stands there.
func TestHelpPage(t *testing.T) {
	data, err := os.ReadFile(helpPage)
	if err != nil {
		t.Fatal(err)
	}
	intro, names, text := sections(string(data))
	if os.Getenv("GOLDEN") != "" {
		write(t, helpPage, rewritten(intro, text))
		return
	}
	var want []string
	for _, k := range Catalog() {
		want = append(want, k.ID)
		more, ok := strings.CutPrefix(text[k.ID], head(k))
		switch {
		case text[k.ID] == "":
			t.Errorf("%s has no section in docs/findings.md", k.ID)
		case !ok:
			t.Errorf("%s: docs/findings.md says other than the catalog: GOLDEN=1 go test ./internal/finding", k.ID)
		case len(strings.Fields(more)) < 15:
			t.Errorf("%s: docs/findings.md helps nobody: %q", k.ID, more)
		}
	}
	if !slices.Equal(names, want) {
		t.Errorf("sections %q, want %q", names, want)
	}
}

func rewritten(intro string, text map[string]string) []byte {
	var b bytes.Buffer
	b.WriteString(strings.TrimRight(intro, "\n") + "\n")
	for _, k := range Catalog() {
		rest := strings.SplitN(text[k.ID], "\n\n", 4) // heading, level, to do, more
		b.WriteString("\n" + head(k))
		if len(rest) == 4 {
			b.WriteString("\n" + strings.TrimRight(rest[3], "\n") + "\n")
		}
	}
	return b.Bytes()
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
