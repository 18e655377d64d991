package edid

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// plain is a base block 1.revision that offers nothing, to put something into.
func plain(revision byte, change func(b []byte)) []byte {
	b := make([]byte, 128)
	copy(b, "\x00\xff\xff\xff\xff\xff\xff\x00\x04\x43\x01\x00")
	b[18], b[19], b[20] = 1, revision, 0x80
	for i := 38; i < 54; i++ {
		b[i] = 1
	}
	for i := 54; i < 126; i += 18 {
		b[i+3] = 0x10 // a descriptor without contents
	}
	change(b)
	b[127] = -sum(b[:127])
	return b
}

// Timings as displays write them.
const (
	dtd1080p = "\x02\x3a\x80\x18\x71\x38\x2d\x40\x58\x2c\x45\x00\xdd\x0c\x11\x00\x00\x1e"
	dtd1080i = "\x01\x1d\x80\x18\x71\x1c\x16\x20\x58\x2c\x25\x00\xdd\x0c\x11\x00\x00\x9e"
	dtd720p  = "\x01\x1d\x00\x72\x51\xd0\x1e\x20\x6e\x28\x55\x00\xdd\x0c\x11\x00\x00\x1e"
	dtdEGA   = "\x4e\x0c\x80\xc0\x20\x5e\x5f\x10\x20\x40\x03\x02\xdd\x0c\x11\x00\x00\x1a" // 640x350
)

func TestModes(t *testing.T) {
	for _, c := range []struct {
		name      string
		edid      []byte
		first     string // of Modes
		preferred string // by Preferred
		source    Source
	}{
		{"nothing at all: what everybody can show", plain(3, func([]byte) {}), "1024x768", "1024x768", FromDefault},
		{"a timing which 1.4 says is preferred", plain(4, func(b []byte) { copy(b[54:], dtd720p); copy(b[72:], dtd1080p) }),
			"1280x720", "1280x720", FromDetailed},
		{"1.3 has a bit for that", plain(3, func(b []byte) { b[24] = 2; copy(b[54:], dtd720p); copy(b[72:], dtd1080p) }),
			"1280x720", "1280x720", FromDetailed},
		{"and without the bit the largest comes first", plain(3, func(b []byte) { copy(b[54:], dtd720p); copy(b[72:], dtd1080p) }),
			"1920x1080", "1920x1080", FromDetailed},
		{"an old display begins with its smallest", plain(1, func(b []byte) { copy(b[54:], dtdEGA); b[36] = 1 }),
			"1280x1024", "1280x1024", FromEstablished},
		{"an interlaced timing is the display's choice, not ours", plain(3, func(b []byte) { b[24] = 2; copy(b[54:], dtd1080i); copy(b[72:], dtd720p) }),
			"1920x1080i", "1280x720", FromDetailed},
		{"nothing but interlaced", plain(4, func(b []byte) { copy(b[54:], dtd1080i) }), "1920x1080i", "", FromDetailed},
		{"known to prefer wrongly", plain(3, func(b []byte) {
			copy(b[8:], id("SAM", 596))
			b[24] = 2
			copy(b[54:], dtd720p)
			copy(b[72:], dtd1080p)
		}), "1920x1080", "1920x1080", FromDetailed},
		{"a panel's size which no standard timing can tell", plain(4, func(b []byte) { copy(b[38:], "\x8b\xc0") }), "1366x768", "1366x768", FromStandard},
		{"a standard timing of no table, by CVT", plain(4, func(b []byte) { b[24] = 1; copy(b[38:], "\x9b\x8a") }), "1488x1190", "1488x1190", FromStandard},
		{"the same by GTF", plain(3, func(b []byte) { b[24] = 1; copy(b[38:], "\x9b\x8a") }), "1488x1190", "1488x1190", FromStandard},
		{"CVT codes, from a byte too early on", plain(3, func(b []byte) { copy(b[54:], "\x00\x00\x00\xf8\x00\x01\x57\x28\x28") }), "4552x2564", "4552x2564", FromCVT},
		{"established timings III", plain(4, func(b []byte) { copy(b[54:], "\x00\x00\x00\xf7\x00\x0a\x00\x00\x00\x00\x00\x10") }),
			"1920x1440", "1920x1440", FromEstablished},
		{"a sync pulse of nothing is no timing", plain(4, func(b []byte) { copy(b[54:], dtd1080p); b[54+9] = 0; b[54+11] = 0 }), "1024x768", "1024x768", FromDefault},
	} {
		e, err := Parse(c.edid)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		modes := e.Modes()
		if len(modes) == 0 || modes[0].Name() != c.first || modes[0].Source != c.source {
			t.Errorf("%s: %+v, want %s (%v) first", c.name, modes, c.first, c.source)
		}
		if m, ok := e.Preferred(); ok != (c.preferred != "") || ok && m.Name() != c.preferred {
			t.Errorf("%s: %v is preferred, want %s", c.name, m, c.preferred)
		}
	}
}

// What a display can be shown in 4:2:0 alone is not for every driver, even as
// its own choice.
func TestOnly420(t *testing.T) {
	cta := make([]byte, 128)
	copy(cta, "\x02\x03\x09\x00\x41\x10\xe2\x0e\x61") // VIC 16; 4:2:0 alone: VIC 97
	e, err := Parse(append(plain(4, func(b []byte) { b[126] = 1 }), cta...))
	if err != nil {
		t.Fatal(err)
	}
	modes := e.Modes()
	if len(modes) != 4 || modes[0].Name() != "3840x2160" || !modes[0].Only420 || modes[2].Only420 {
		t.Errorf("%+v", modes)
	}
	if m, ok := e.Preferred(); !ok || m.Name() != "1920x1080" {
		t.Errorf("preferred: %v", m)
	}
}

func TestCorpusHasModes(t *testing.T) {
	all := linuxhw(t)
	for i := 0; i < len(all); i += 10 {
		s := all[i]
		if e, err := Parse(s.edid); err == nil {
			if checkModes(t, e) == 0 {
				t.Errorf("%s: no modes", s.path)
			}
		}
	}
}

func checkModes(t *testing.T, e *EDID) int {
	t.Helper()
	modes := e.Modes()
	for i := range modes {
		m := &modes[i]
		if m.Clock <= 0 || m.HActive <= 0 || m.VActive <= 0 || m.HFront < 0 || m.HSync < 0 || m.HBack < 0 || m.VFront < 0 || m.VSync < 0 || m.VBack < 0 {
			t.Errorf("%+v", m)
		}
	}
	area := func(m Mode) int { return m.HActive * m.VActive }
	if !slices.IsSortedFunc(modes, func(a, b Mode) int {
		if a.Preferred != b.Preferred {
			return map[bool]int{true: -1, false: 1}[a.Preferred]
		}
		return area(b) - area(a)
	}) {
		t.Errorf("not in order: %v", modes)
	}
	if m, ok := e.Preferred(); ok && (m.Interlaced || m.Only420) {
		t.Errorf("preferred: %v", m)
	}
	return len(modes)
}

func FuzzModes(f *testing.F) {
	f.Add(plain(4, func(b []byte) { copy(b[54:], dtd1080i) }))
	f.Add(append(plain(3, func(b []byte) { b[126] = 1; b[24] = 1 }), make([]byte, 128)...))
	f.Add(append(plain(4, func(b []byte) { b[126] = 2 }), append([]byte("\x02\x03\x7f\x00\xff"), make([]byte, 200)...)...))
	f.Add(append(plain(4, func(b []byte) { b[126] = 1 }), append([]byte("\x70\x12\x79\x00\x00\x03\x00\x14"), make([]byte, 120)...)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		if e, err := Parse(b); err == nil {
			checkModes(t, e)
		}
	})
}

// What older kernels did otherwise.
func TestModesOf(t *testing.T) {
	cta := make([]byte, 128)
	copy(cta, "\x02\x03\x06\x00\x41\x10") // VIC 16
	wrong := make([]byte, 128)            // a DisplayID section without its checksum
	copy(wrong, "\x70\x13\x79\x00\x00\x03\x01\x14\x9a\x0f\x01\x05\x3f\x0b\x9f\x00\x2f\x00\x1f\x00\x07\x07\x69\x00\x02\x00\x05")
	wrong[127] = -sum(wrong)
	late := []byte(dtd720p)
	late[9], late[11] = 0xff, 0x75 // sync pulses that end beyond line and frame
	for _, c := range []struct {
		name       string
		edid       []byte
		old, newer string // all modes
	}{
		{"a standard timing no table has, on a display not of any rate", plain(3, func(b []byte) { copy(b[54:], dtd720p); copy(b[38:], "\x61\x7f") }),
			"[1280x720 60.00 Hz]", "[1280x720 60.00 Hz 1024x768 123.02 Hz]"},
		{"video data blocks of an analog display", append(plain(3, func(b []byte) { b[20], b[126] = 0, 1; copy(b[54:], dtd720p) }), cta...),
			"[1920x1080 60.00 Hz 1920x1080 59.94 Hz 1280x720 60.00 Hz 1280x720 59.94 Hz]", "[1280x720 60.00 Hz 1280x720 59.94 Hz]"},
		{"sync pulses beyond the end", plain(4, func(b []byte) { copy(b[54:], late) }), "[1280x720 36.45 Hz]", "[1280x720 60.00 Hz]"},
		{"a DisplayID section with a wrong checksum", append(plain(4, func(b []byte) { b[126] = 1; copy(b[54:], dtd720p) }), wrong...),
			"[1280x720 60.00 Hz]", "[1280x720 60.00 Hz]"},
		{"the same of a panel known for it", append(plain(4, func(b []byte) { copy(b[8:], id("CSO", 5142)); b[126] = 1; copy(b[54:], dtd720p) }), wrong...),
			"[1280x720 60.00 Hz]", "[1280x720 60.00 Hz 2880x1800 120.00 Hz]"},
	} {
		e, err := Parse(c.edid)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := modeNames(e.ModesOf(Linux6_1)); got != c.old {
			t.Errorf("%s: 6.1 has %s, want %s", c.name, got, c.old)
		}
		if got := modeNames(e.Modes()); got != c.newer {
			t.Errorf("%s: 6.12 has %s, want %s", c.name, got, c.newer)
		}
	}
}

func modeNames(modes []Mode) string {
	var names []string
	for _, m := range modes {
		names = append(names, m.Mode.String())
	}
	return "[" + strings.Join(names, " ") + "]"
}

func TestModeJSON(t *testing.T) {
	e, err := Parse(plain(4, func(b []byte) { copy(b[54:], dtd1080i) }))
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(e.Modes())
	want := `[{"width":1920,"height":1080,"hz":60,"interlaced":true,"preferred":true,"source":"detailed","clock_hz":74250000}]`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}
