package xconfig

import "testing"

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
