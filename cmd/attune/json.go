package main

import (
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

func (in *invocation) printJSON(v any) error {
	enc := json.NewEncoder(plainJSON{in.raw})
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// plainJSON writes JSON that a terminal shows as it is: control characters
// which JSON allows within strings, DEL and the C1 set, and those that turn the
// direction of writing come out as \u009b. Each Write is whole characters, as
// json.Encoder's are.
type plainJSON struct{ to io.Writer }

func (p plainJSON) Write(data []byte) (int, error) {
	out := make([]byte, 0, len(data))
	for rest := data; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			out = append(out, rest[:size]...)
		}
		rest = rest[size:]
	}
	if _, err := p.to.Write(out); err != nil {
		return 0, err
	}
	return len(data), nil
}
