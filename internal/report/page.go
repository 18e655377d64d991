package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
	"unicode"

	"attune/internal/desktop"
	"attune/internal/explain"
	"attune/internal/status"
	"attune/internal/status/timeline"
)

// A Page is what stands on it.
type Page struct {
	Version string // of attune
	Status  status.Status
	Plan    *desktop.Plan // nil: displays and input devices are left alone
	Devices []Device
	Modules []Module // what the boot loaded, or would
	Boot    timeline.Timeline
	Slowest timeline.Chain
	Picture timeline.Chain // to the moment X could start, nil where that is not known
	Private int            // how many private values were replaced
}

// A Device is one the kernel knows, and what became of it.
type Device struct {
	ID      string // "pci 0000:00:02.0"
	Name    string // for people
	Outcome explain.Outcome
	Driver  string
	Why     string
	Do      string
	Main    bool // a person would name it, or should look at it
}

// A Module is one that was wanted, and why.
type Module struct {
	Name string
	Why  string
	MS   int64
	Err  string
}

//go:embed page.html
var html string

//go:embed style.css
var css string

// page is parsed when first needed: most runs of attune make none.
var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"seconds": seconds, "pct": pct, "plural": plural, "join": strings.Join,
		"words": words, "bar": func(on *bars, b bar) placed { return placed{b, on} },
	}).Parse(html))
})

// Write writes the page. The same page gives the same bytes.
func Write(w io.Writer, p Page) error {
	var b bytes.Buffer
	if err := page().Execute(&b, viewOf(p)); err != nil {
		return fmt.Errorf("making the page: %w", err)
	}
	_, err := w.Write(bytes.Map(visible, bytes.ToValidUTF8(b.Bytes(), []byte("\uFFFD"))))
	return err
}

// visible takes from a device's own words what would turn the direction of
// writing or is no character; markup the template has taken already.
func visible(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
		return '\uFFFD'
	}
	return r
}

// policy lets the browser do nothing but take the one style the page has.
// W3C Content Security Policy Level 3, 6.1 and 8.4.
func policy() string {
	sum := sha256.Sum256([]byte(css))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

// seconds is a time for people: "340 ms", "12.3 s".
func seconds(ms int64) string {
	if ms < 1000 {
		return fmt.Sprintf("%d ms", ms)
	}
	return fmt.Sprintf("%.1f s", float64(ms)/1000)
}

// pct is a length in SVG's own percent.
func pct(f float64) string { return fmt.Sprintf("%.2f%%", f) }

// A word is a piece of a text, or of it what is to be typed.
type word struct {
	Text string
	Code bool
}

// words takes apart what stands between backticks.
func words(text string) (all []word) {
	parts := strings.Split(text, "`")
	for i, p := range parts {
		if p != "" {
			all = append(all, word{p, i%2 == 1 && i < len(parts)-1})
		}
	}
	return all
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
