package edid

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBase(t *testing.T) {
	e := sound(t, base())
	type facts struct {
		Vendor, Serial, Name  string
		Product               uint16
		Week, Year, W, H      int
		Interface             string
		Depth, MaxClock, MaxV int
		Mode                  string
	}
	got := facts{e.Vendor, e.SerialString, e.Name, e.Product, e.Week, e.Year, e.WidthMM, e.HeightMM,
		e.Input.Interface.String(), e.Input.BitDepth, e.RangeLimits.MaxClock, e.RangeLimits.MaxVHz, e.Detailed[0].Mode.String()}
	want := facts{"DEL", "7MT0178K2FPL", "DELL U2720Q", 0xa0b1, 12, 2020, 600, 340, "DisplayPort", 8, 170, 75, "1920x1080 60.00 Hz"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestProblems breaks one thing a row; what else is there stays.
func TestProblems(t *testing.T) {
	cta := ctaExt([][]byte{block(2, 16, 4)})
	for _, c := range []struct {
		name string
		edid []byte
		want []Code
	}{
		{"a bit of the header", base(set(0, 1)), []Code{BadHeader}},
		{"base checksum", append(base()[:127], 0), []Code{BadChecksum}},
		{"vendor out of letters", base(set(8, 0, 0)), []Code{BadVendor}},
		{"version 2", base(set(18, 2, 0)), []Code{BadVersion}},
		{"cut in the descriptors", base()[:100], []Code{BadLength}},
		{"extension checksum", with(base(), append(slices.Clone(cta[:127]), cta[127]+1)), []Code{BadChecksum}},
		{"extension missing", with(base(), cta)[:128], []Code{BadCount}},
		{"extension not declared", append(base(), cta...), []Code{BadCount}},
		{"base block repeated", with(base(), base()), []Code{RepeatedBase}},
		{"half an extension", with(base(), cta)[:200], []Code{BadLength}},
		{"unknown extension", with(base(), seal(append([]byte{0x33}, make([]byte, 127)...))), []Code{UnknownExt}},
		{"a block map of other blocks", with(base(), seal(append([]byte{0xf0, 0x70}, make([]byte, 126)...)), cta), []Code{BadMap}},
		{"a data block out of the collection", with(base(), ctaExt([][]byte{block(2, 16), {0x5f}})), []Code{Overrun}},
		{"timings out of the block", with(base(), seal(append([]byte{2, 3, 200}, make([]byte, 125)...))), []Code{BadLength}},
		{"a vendor block without a vendor", with(base(), ctaExt([][]byte{block(3, 1)})), []Code{BadBlock}},
		{"a width without a height", base(set(19, 3, 0x80, 60, 0)), []Code{BadSize}},
		{"minimum above maximum", base(set(113, 80, 20)), []Code{BadRange}},
		{"a timing without lines", base(set(59, 0, 0, 0)), []Code{BadTiming}},
	} {
		e := parse(t, c.edid)
		var got []Code
		for _, p := range e.Problems {
			got = append(got, p.Code)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if e.Product != 0xa0b1 || len(e.Detailed) != 1 && c.want[0] != BadTiming {
			t.Errorf("%s: what was good is lost: %+v", c.name, e)
		}
	}
}

func TestBlockMap(t *testing.T) {
	e := sound(t, with(base(), seal(append([]byte{0xf0, 2}, make([]byte, 126)...)), ctaExt([][]byte{block(2, 16)})))
	if len(e.Extensions) != 2 || e.Extensions[0].Tag.String() != "block-map" || len(e.CTA.Video) != 1 {
		t.Errorf("%+v", e.Extensions)
	}
}

func TestNotEDID(t *testing.T) {
	for name, b := range map[string][]byte{
		"nothing": nil, "a header alone": base()[:8], "zeros": make([]byte, 256), "text": []byte("<html>404 not found, but long enough to be one</html>"),
		"erased memory": bytes.Repeat([]byte{0xff}, 128), "two blocks of it": bytes.Repeat([]byte{0xff}, 256), "part of one": bytes.Repeat([]byte{0xff}, 100),
		"a block of zeros": make([]byte, 128), "a block of ones": bytes.Repeat([]byte{1}, 128),
	} {
		if e, err := Parse(b); !errors.Is(err, ErrNotEDID) {
			t.Errorf("%s: %v, %v", name, e, err)
		}
	}
}

// TestDamagedHeader: the more of the header is wrong, the more of the rest must
// be right.
func TestDamagedHeader(t *testing.T) {
	for _, c := range []struct {
		name                      string
		wrong                     int // bytes of the header
		version, vendor, checksum bool
		want                      bool
	}{
		{"one byte, and nothing else right", 1, false, false, false, true},
		{"two bytes", 2, true, true, true, true},
		{"two, of the rest the version right", 2, true, false, false, true},
		{"two, the vendor", 2, false, true, false, true},
		{"two, the checksum", 2, false, false, true, true},
		{"two, and nothing", 2, false, false, false, false},
		{"three, the version", 3, true, false, false, false},
		{"three, the version and the checksum", 3, true, false, true, true},
		{"four, all", 4, true, true, true, true},
		{"four, the version and the vendor", 4, true, true, false, true},
		{"four, the version", 4, true, false, false, false},
		{"four, all but the version", 4, false, true, true, false},
		{"five, all", 5, true, true, true, false},
	} {
		b := base()
		for i := range c.wrong {
			b[1+i] = 0x10
		}
		if !c.version {
			b[18] = 9
		}
		if !c.vendor {
			b[8] = 0xff
		}
		seal(b)
		if !c.checksum {
			b[127]++
		}
		if _, err := Parse(b); (err == nil) != c.want || err != nil && !errors.Is(err, ErrNotEDID) {
			t.Errorf("%s: %v, want an EDID: %v", c.name, err, c.want)
		}
	}
}

// TestPrefixes: an EDID may end anywhere.
func TestPrefixes(t *testing.T) {
	whole := with(base(), ctaExt([][]byte{block(2, 16, 4), block(3, 3, 12, 0, 0x10, 0)}, fullHD),
		displayIDExt(0x12, 3, did(0x12, 0, tileBytes...)))
	for n := range whole {
		if e, err := Parse(whole[:n]); (err == nil) != (n >= minSize) || err == nil && e.Vendor != "DEL" {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

func TestTexts(t *testing.T) {
	name := func(s string) []byte { return base(set(90+5, []byte(s)...)) }
	for _, c := range []struct{ name, text, want string }{
		{"ends at a line feed", "ab\nrubbish....", "ab"},
		{"thirteen characters", "abcdefghijklm", "abcdefghijklm"},
		{"quotes are real", `17" TFT-LCD` + "\n ", `17" TFT-LCD`},
		{"padded with NULs", "ab\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", "ab"},
		{"padded with erased memory", "ab\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "ab"},
		{"blanks before it", "   ab\n       ", "ab"},
		{"Chinese is kept as it is", "\xcf\xe8\xd2\xb0\n        ", "\xcf\xe8\xd2\xb0"},
		{"a carriage return ends it too", "ab\r\n          ", "ab"},
	} {
		if got := parse(t, name(c.text)).Name; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAspectInsteadOfSize(t *testing.T) {
	for _, c := range []struct {
		name   string
		w, h   byte
		aspect float64
	}{{"16:9 landscape", 79, 0, 1.78}, {"9:16 portrait", 0, 79, 1 / 1.78}, {"unknown", 0, 0, 0}} {
		e := sound(t, base(set(21, c.w, c.h)))
		if e.WidthMM != 0 || e.HeightMM != 0 || e.Aspect != c.aspect {
			t.Errorf("%s: %dx%d mm, aspect %v", c.name, e.WidthMM, e.HeightMM, e.Aspect)
		}
	}
}

func TestDescriptors(t *testing.T) {
	e := sound(t, base(
		set(35, 0x21, 0x0a, 0x80),
		set(38, 0xd1, 0xc0, 0x81, 0x40),
		set(72, 0, 0, 0, 0xfa, 0, 0x61, 0x59, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, '\n'),
		set(90, 0, 0, 0, 0xf8, 0, 1, 0x1b, 0x24, 0x28, 0, 0, 0, 0, 0, 0, 0, 0, 0),
		set(108, 0, 0, 0, 0xf7, 0, 10, 0x80, 0, 0, 0, 0, 0x10)))
	var names []string
	for _, x := range e.Established {
		names = append(names, x.String())
	}
	if want := []string{"640x480 60 Hz", "800x600 60 Hz", "1024x768 60 Hz", "1024x768 75 Hz", "1152x870 75 Hz", "640x350 85 Hz", "1920x1440 75 Hz"}; !slices.Equal(names, want) {
		t.Errorf("established: %q", names)
	}
	if diff := cmp.Diff([]Standard{{1920, 1080, 60, 0xd1c0}, {1280, 960, 60, 0x8140}, {1024, 768, 85, 0x6159}}, e.Standard); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]CVTCode{{Width: 1920, Height: 1080, PreferredHz: 60, Mask: 8}}, e.CVT); diff != "" {
		t.Error(diff)
	}
}
