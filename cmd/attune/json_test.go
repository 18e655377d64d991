package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// What devices call themselves is JSON whatever bytes it has, and moves no
// cursor.
func TestJSONOfOddNames(t *testing.T) {
	for _, name := range []string{"plain", "Grüße, 日本", "DEL\x7f", "C1 \u0085 \u009b31m", "\x1b]0;owned\x07", "\xff\xfe", "right to left \u202e", "quote\"\\\n\t", "\u2028"} {
		var out bytes.Buffer
		in := &invocation{raw: &out}
		if err := in.printJSON(map[string]string{"name": name}); err != nil {
			t.Fatal(err)
		}
		var back map[string]string
		if err := json.Unmarshal(out.Bytes(), &back); err != nil {
			t.Errorf("%q: %v in %q", name, err, out.String())
		}
		if want := strings.ToValidUTF8(name, "\ufffd"); back["name"] != want && name != "\xff\xfe" {
			t.Errorf("%q came back as %q", name, back["name"])
		}
		if i := strings.IndexFunc(out.String(), func(r rune) bool { return r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x202e) }); i >= 0 {
			t.Errorf("%q: a control character in %q", name, out.String())
		}
	}
}
