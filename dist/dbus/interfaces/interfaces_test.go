package interfaces

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// Every file is one interface of its own name.
func TestFiles(t *testing.T) {
	names := Names()
	if !slices.Contains(names, "org.attune1.Machine") || len(names) < 2 {
		t.Fatalf("there are files of %v", names)
	}
	for _, name := range names {
		if _, err := Get(name); err != nil {
			t.Error(err)
		}
	}
	if _, err := Get("org.attune1.Nothing"); err == nil {
		t.Error("an interface that has no file")
	}
}

// Every interface and every member of it says what it is, and every argument
// what it means.
func TestDocumented(t *testing.T) {
	for _, name := range Names() {
		text, err := files.ReadFile(name + ".xml")
		if err != nil {
			t.Fatal(err)
		}
		for _, wrong := range undocumented(t, string(text)) {
			t.Errorf("%s: %s", name, wrong)
		}
	}
}

// The test itself tells what is missing.
func TestUndocumented(t *testing.T) {
	text := `<node><!-- a.B: of it --><interface name="a.B">
		<!-- Good: @x: number; It is good. --><method name="Good"><arg name="x" type="u" direction="in"/></method>
		<!-- Other: text --><signal name="Bad"/>
		<!-- Half: says nothing of its argument --><signal name="Half"><arg name="y" type="u"/></signal>
		<!-- Empty: --><property name="Empty" type="u" access="read"/>
		<property name="None" type="u" access="read"/>
		</interface></node>`
	got := undocumented(t, text)
	want := []string{"nothing is said of Bad", "nothing is said of argument y of Half", "nothing is said of Empty", "nothing is said of None"}
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

// undocumented walks a file: the comment that stands before an element is about
// it, if it begins with its name.
func undocumented(t *testing.T, text string) (wrong []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	comment, of, about := "", "", ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return wrong
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.Comment:
			comment = strings.Join(strings.Fields(string(e)), " ")
		case xml.StartElement:
			name := attribute(e, "name")
			switch e.Name.Local {
			case "interface", "method", "signal", "property":
				said, ok := strings.CutPrefix(comment, name+":")
				if !ok || strings.TrimSpace(said) == "" {
					wrong = append(wrong, "nothing is said of "+name)
					said = ""
				}
				of, about, comment = name, said, ""
			case "arg":
				if about != "" && !strings.Contains(about, "@"+name+":") {
					wrong = append(wrong, "nothing is said of argument "+name+" of "+of)
				}
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
