package detect

import (
	"strings"
	"testing"
)

func TestParseBits(t *testing.T) {
	for _, row := range []struct {
		name, text string
		word       int
		has        []int
		bad        bool
	}{
		{"nothing", "0", 64, nil, false},
		{"no file", "", 64, nil, false},
		{"power button, 64 bits", "10000000000000 0", 64, []int{116}, false},
		{"power button, 32 bits", "100000 0 0 0", 32, []int{116}, false},
		{"32 bits have no word of 9 digits", "100000000 0", 32, nil, true},
		{"a keyboard's letters", "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe", 64, []int{1, 30, 116}, false},
		{"zeros beyond the end are none", strings.Repeat("0 ", 30) + "1", 64, []int{0}, false},
		{"bits beyond the end are an error", "1 " + strings.Repeat("0 ", 12) + "1", 64, nil, true},
		{"no number", "12 xyz", 64, nil, true},
		{"a sign", "-1", 64, nil, true},
	} {
		b, ok := parseBits(row.text, row.word)
		if ok == row.bad {
			t.Errorf("%s: ok is %v", row.name, ok)
		}
		for _, n := range row.has {
			if !b.has(n) {
				t.Errorf("%s: bit %d is not in %x", row.name, n, b)
			}
		}
		if len(row.has) == 0 && b.last() >= 0 {
			t.Errorf("%s: bit %d is set", row.name, b.last())
		}
	}
}

func TestWordSize(t *testing.T) {
	power64 := &capabilityText{ev: "3", key: "10000000000000 0", modalias: "input:b0019v0000p0001e0000-e0,1,k74,ramlsfw"}
	power32 := &capabilityText{ev: "3", key: "100000 0 0 0", modalias: "input:b0019v0000p0001e0000-e0,1,k74,ramlsfw"}
	// An ARM board's keys: the same text means another key with words of 64 bits.
	menu64 := &capabilityText{ev: "3", key: "800 0 0", modalias: "input:b0019v0001p0001e0100-e0,1,k8B,ramlsfw"}
	menu32 := &capabilityText{ev: "3", key: "800 0 0 0 0", modalias: "input:b0019v0001p0001e0100-e0,1,k8B,ramlsfw"}
	touch32 := &capabilityText{ev: "b", key: "400 0 0 0 0 0 0 0 0 0 0", abs: "2650000 1000003", modalias: "input:b0018v0000p0000e0000-e0,1,3,k14A,ra0,1,18,30,32,35,36,39,mlsfw"}
	plain := &capabilityText{ev: "3", key: "2", modalias: "input:b0003v0000p0000e0000-e0,1,kramlsfw"}
	noAlias := &capabilityText{ev: "3", key: "100000 0 0 0"}
	for _, row := range []struct {
		name string
		all  []*capabilityText
		want int
	}{
		{"no device", nil, 64},
		{"a long word", []*capabilityText{power64}, 64},
		{"a long word decides for the others", []*capabilityText{noAlias, power64}, 64},
		{"short words, told by the alias", []*capabilityText{power32}, 32},
		{"64 bits, told by the alias", []*capabilityText{menu64}, 64},
		{"32 bits, told by the alias", []*capabilityText{menu32}, 32},
		{"a touchscreen on a 32-bit kernel", []*capabilityText{touch32}, 32},
		{"what tells nothing is passed by", []*capabilityText{plain, power32}, 32},
		{"nothing tells", []*capabilityText{plain, noAlias}, 64},
	} {
		if got := wordSize(row.all); got != row.want {
			t.Errorf("%s: %d, wanted %d", row.name, got, row.want)
		}
	}
}

func FuzzInputText(f *testing.F) {
	f.Add("120013", "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe", "0", "input:b0011v0001p0001eAB83-e0,1,4,11,14,k71,72,ram4,l0,1,2,sfw", "0d")
	f.Add("b", "400 0 0 0 0 0 0 0 0 0 0", "2650000 1000003", "input:b0018-e0,1,3,k14A,ra0,1,18,30", "")
	f.Add("-", "x", "\xff", "input:-", "zz")
	f.Fuzz(func(t *testing.T, ev, key, abs, alias, country string) {
		text := &capabilityText{ev: ev, key: key, abs: abs, modalias: alias}
		word := wordSize([]*capabilityText{text})
		if word != 32 && word != 64 {
			t.Fatalf("words of %d bits", word)
		}
		files := &inputFiles{caps: *text, country: country}
		in, err := files.input(word)
		if _, ok := text.decode(word); ok != (err == nil) {
			t.Errorf("decoded %v, error %v", ok, err)
		}
		if len(in.Kinds) > 0 && in.Is(KindKey) && in.Is(KindKeyboard) {
			t.Errorf("key and keyboard: %v", in.Kinds)
		}
	})
}

func FuzzUdevRecord(f *testing.F) {
	f.Add("S:input/by-path/x-event-kbd\nI:123\nE:ID_INPUT=1\nE:ID_INPUT_KEY=1\nE:XKBLAYOUT=de\nG:seat\nV:1\n")
	f.Add("E:=\nE:A\nE:B==\nE:\n\x00E:C=\xff")
	f.Fuzz(func(t *testing.T, text string) {
		m := parseUdev(text)
		for key, value := range m {
			if key == "" || strings.Contains(key, "=") || strings.Contains(key+value, "\n") || !strings.Contains(text, "E:"+key+"="+value) {
				t.Errorf("%q=%q of %q", key, value, text)
			}
		}
		(&inputFiles{udev: m}).input(64)
	})
}
