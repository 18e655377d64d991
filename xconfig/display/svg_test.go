package display

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"testing"
)

// elements reads the drawing as XML and allows only what is drawn with.
func elements(t *testing.T, svg []byte) {
	t.Helper()
	r := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := r.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		if e, ok := token.(xml.StartElement); ok && !slices.Contains([]string{"svg", "rect", "text", "line", "polygon", "title"}, e.Name.Local) {
			t.Errorf("element %s in the drawing", e.Name.Local)
		}
	}
}
