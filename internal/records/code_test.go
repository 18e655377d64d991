package records

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var here = map[string]string{"sys_vendor": "LENOVO", "product_name": "20L5"}

// one of each kind.
func examples() []Record {
	return []Record{
		{Version, "keyboard", Machine, ByUser, Match{Machine: here}, &Keyboard{Layout: "de", Variant: "nodeadkeys"}},
		{Version, "touch", Machine, ByAdmin, Match{Machine: here, Device: Device{ID: "0eef:0001"}}, &Touch{Role: "internal", Rotate: "left"}},
		{Version, "display", Ephemeral, ByUser, Match{Displays: []Display{{"pci-0000:00:02.0", "DP-1", "DEL", "a0b1", "00112233aabb"}}},
			&Layout{[]Output{{Connector: "DP-1", Card: "pci-0000:00:02.0", Mode: "1920x1080@60", Primary: true}}}},
	}
}

func TestRoundTrip(t *testing.T) {
	for _, r := range examples() {
		data, err := Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(data)
		if d := cmp.Diff(r, back); d != "" || err != nil {
			t.Errorf("%s: %v\n%s", r.Kind, err, d)
		}
		if k, _ := kindOf(r.Kind); k.Name != strings.SplitN(r.ID(), "-", 2)[0] {
			t.Errorf("%s has id %s", r.Kind, r.ID())
		}
	}
}

// A record of which any part is missing or another is not believed.
func TestDamaged(t *testing.T) {
	for _, r := range examples() {
		data, _ := Encode(r)
		end := len(bytes.TrimRight(data, "\n"))
		for i := range end {
			if _, err := Decode(data[:i]); err == nil {
				t.Errorf("%s cut after %d of %d bytes is taken", r.Kind, i, end)
			}
			hole := bytes.Clone(data)
			hole[i] ^= 4
			if back, err := Decode(hole); err == nil && !cmp.Equal(back, r) {
				t.Errorf("%s with byte %d turned is taken for %+v", r.Kind, i, back)
			}
			clear(hole[i:]) // what a file system fills a lost block with
			if _, err := Decode(hole); err == nil {
				t.Errorf("%s with zeros from byte %d on is taken", r.Kind, i)
			}
		}
	}
}

func TestDecodeOdd(t *testing.T) {
	for _, row := range []struct {
		name, text string
		newer      bool
		want       string
	}{
		{"empty", ``, false, "end of JSON"},
		{"a later version with who knows what", `{"version": 2, "kind": "keyboard", "colour": "red"}`, true, "version 2"},
		{"a kind of a later program", `{"version":1,"kind":"hologram","scope":"machine","origin":"user","match":{},"value":{"x":1}}`, true, "hologram"},
		{"no version", `{"kind":"keyboard"}`, false, "value"},
		{"a field nobody knows", `{"version":1,"kind":"keyboard","scope":"machine","origin":"user","match":{},"value":{"layout":"de","leyout":"x"}}`, false, "leyout"},
		{"a scope nobody knows", `{"version":1,"kind":"keyboard","scope":"galaxy","origin":"user","match":{},"value":{"layout":"de"}}`, false, "galaxy"},
		{"what would end X's string", `{"version":1,"kind":"keyboard","scope":"machine","origin":"user","match":{},"value":{"layout":"de\"\nOption"}}`, false, "keyboard database"},
		{"a layout of no displays", `{"version":1,"kind":"display","scope":"machine","origin":"user","match":{},"value":{"outputs":[{"connector":"DP-1"}]}}`, false, "of which displays"},
		{"two records", `{"version":1,"kind":"keyboard","scope":"machine","origin":"user","match":{},"value":{"layout":"de"}} {}`, false, "invalid character"},
		{"a list", `[1]`, false, "cannot unmarshal"},
	} {
		_, err := Decode([]byte(row.text))
		if err == nil || errors.Is(err, ErrNewer) != row.newer || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

// Who writes by hand needs no sum.
func TestByHand(t *testing.T) {
	text := `{"version":1, "kind":"keyboard", "scope":"machine", "origin":"admin", "match":{}, "value":{"layout":"fr"}}`
	if r, err := Decode([]byte(text)); err != nil || r.Value.String() != "fr" {
		t.Errorf("%v %v", r, err)
	}
}

// FuzzDecode: whatever is read is written so that it reads the same, and its
// id is a file's name.
func FuzzDecode(f *testing.F) {
	for _, r := range examples() {
		data, _ := Encode(r)
		f.Add(data)
		var plain map[string]any
		json.Unmarshal(data, &plain)
		delete(plain, "sum")
		data, _ = json.Marshal(plain)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Decode(data)
		if err != nil {
			return
		}
		if strings.ContainsFunc(r.ID(), func(c rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-", c) }) {
			t.Errorf("id %q", r.ID())
		}
		again, err := Encode(r)
		if err != nil {
			t.Fatalf("%+v: %v", r, err)
		}
		back, err := Decode(again)
		if d := cmp.Diff(r, back); d != "" || err != nil {
			t.Errorf("%v\n%s", err, d)
		}
	})
}
