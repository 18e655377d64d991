package xconfig

import (
	"strings"
	"testing"
	"time"

	"attune/detect"
	"attune/detect/edid"
)

func TestParseMatch(t *testing.T) {
	for _, c := range []struct {
		text string
		want Match
		ok   bool
	}{
		{"internal", Match{Role: "internal"}, true},
		{"HDMI-A-*", Match{Connector: "HDMI-A-*"}, true},
		{"vendor=DEL, product=a0b1", Match{Vendor: "DEL", Product: "a0b1"}, true},
		{"role=touch", Match{Role: "touch"}, true},
		{"card=pci-0000:01:00.0", Match{Card: "pci-0000:01:00.0"}, true},
		{"serial=A=B", Match{Serial: "A=B"}, true},
		{"", Match{}, true},
		{"colour=red", Match{}, false},
		{"role=largish", Match{}, false},
	} {
		got, err := ParseMatch(c.text)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("%q: %+v, %v", c.text, got, err)
		}
		if back, err := ParseMatch(got.String()); c.ok && c.want != (Match{}) && (err != nil || back != got) {
			t.Errorf("%q written and read is %+v, %v", got, back, err)
		}
	}
}

func TestMatches(t *testing.T) {
	e, err := edid.Parse(hd24.bytes())
	if err != nil {
		t.Fatal(err)
	}
	h := &head{card: &detect.Card{ID: "pci-0000:00:02.0"}, conn: &detect.Connector{Name: "HDMI-A-1"}, edid: e}
	h.largest = true
	for text, want := range map[string]bool{
		"any": true, "external": true, "internal": false, "largest": true, "touch": false,
		"hdmi-a-1": true, "HDMI-?-1": true, "HDMI*": true, "DP-1": false, "*1": true, "*2": false, "**A**": true,
		"vendor=del": true, "product=A0B1": true, "product=0xa0b1": false, "serial=42": true, "serial=0x0000002a": true,
		"name=attune*": true, "name=24": false, "card=pci-*": true, "vendor=DEL,connector=DP-1": false,
	} {
		m, err := ParseMatch(text)
		if err != nil || m.matches(h) != want {
			t.Errorf("%q: want %v (%v)", text, want, err)
		}
	}
	h.edid = nil
	if (Match{Vendor: "*"}).matches(h) {
		t.Error("a display that tells no vendor has one")
	}
	if (Match{Role: "sideways"}).matches(h) {
		t.Error("an unknown role matches")
	}
}

// Many stars cost no more than a few.
func TestWildIsQuick(t *testing.T) {
	start := time.Now()
	if wild(strings.Repeat("*a", 1000)+"b", strings.Repeat("a", 10000)) {
		t.Error("matches")
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %v", d)
	}
}

// FuzzParseMatch: what is read is written so that it reads the same.
func FuzzParseMatch(f *testing.F) {
	f.Add("internal")
	f.Add("vendor=DEL, serial=a=b,name=*")
	f.Add("role=touch,,connector=")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMatch(text)
		if err != nil || m == (Match{}) {
			return
		}
		if back, err := ParseMatch(m.String()); err != nil || back != m {
			t.Errorf("%q is %+v, written %q, read %+v, %v", text, m, m, back, err)
		}
	})
}
