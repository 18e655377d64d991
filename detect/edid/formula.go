package edid

// A Formula is a timing told by size and rate, to be computed.
type Formula struct {
	Width      int      `json:"width"`
	Height     int      `json:"height"`
	Hz         int      `json:"hz"`
	Kind       Blanking `json:"formula"`
	Interlaced bool     `json:"interlaced,omitempty"`
	Preferred  bool     `json:"preferred,omitempty"`
	NTSC       bool     `json:"ntsc,omitempty"` // the rate times 1000/1001 as well
	YCbCr420   bool     `json:"ycbcr420,omitempty"`
	EarlyVSync bool     `json:"early_vsync,omitempty"` // type X with CVT-RB3
	HBlank     int      `json:"hblank,omitempty"`      // type X with CVT-RB3: in pixels, 0 otherwise
	AddVBlank  int      `json:"add_vblank_us,omitempty"`
	MinVBlank  int      `json:"min_vblank_us,omitempty"` // type X with CVT-RB3: 460 or 300
	Stereo     Stereo   `json:"stereo,omitempty"`
}

// Blanking names a variant of CVT.
type Blanking uint8

// The variants.
const (
	CVTStandard Blanking = iota
	CVTReduced1
	CVTReduced2
	CVTReduced3
)

var blankingNames = [...]string{"cvt", "cvt-rb", "cvt-rb2", "cvt-rb3"}

func (b Blanking) String() string { return nameOf(blankingNames[:], int(b)) }

// MarshalText gives the name.
func (b Blanking) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

func (d *DisplayID) addFormulas(tag, flags byte, x []byte) bool {
	size, read := 3, type3
	switch tag {
	case 0x11:
		size, read = 7, type5
	case 0x24:
		size, read = 6, type9
	case 0x2a:
		before := len(d.Formulas)
		d.Formulas = addType10(d.Formulas, flags, x)
		return len(d.Formulas) > before
	}
	for ; len(x) >= size; x = x[size:] {
		d.Formulas = append(d.Formulas, read(x))
	}
	return len(x) == 0
}

// displayIDAspects by the code of types I and III. DisplayID 1.3 table 4.9.
var displayIDAspects = [16][2]int{{1, 1}, {5, 4}, {4, 3}, {15, 9}, {16, 9}, {16, 10}, {64, 27}, {256, 135}}

// type3 is DisplayID 1.3 §4.4.3. Without a known aspect ratio it has no height.
func type3(x []byte) Formula {
	f := Formula{Width: (int(x[1]) + 1) * 8, Hz: int(x[2]&0x7f) + 1, Interlaced: x[2]&0x80 != 0, Preferred: x[0]&0x80 != 0}
	if a := displayIDAspects[x[0]&0xf]; a[0] != 0 {
		f.Height = f.Width * a[1] / a[0]
	}
	if x[0]>>4&7 == 1 {
		f.Kind = CVTReduced1
	}
	return f
}

// type5 is DisplayID 1.3 §4.4.5.
func type5(x []byte) Formula {
	f := Formula{Width: le16(x[2:]) + 1, Height: le16(x[4:]) + 1, Hz: int(x[6]) + 1,
		Preferred: x[0]&0x80 != 0, NTSC: x[0]&0x10 != 0, Stereo: displayIDStereo(x[0])}
	f.Kind = [4]Blanking{CVTReduced2, CVTReduced1, CVTStandard, CVTStandard}[x[0]&3]
	return f
}

// type9 is DisplayID 2.1a §4.5.
func type9(x []byte) Formula {
	f := Formula{Width: le16(x[1:]) + 1, Height: le16(x[3:]) + 1, Hz: int(x[5]) + 1,
		NTSC: x[0]&0x10 != 0, Stereo: displayIDStereo(x[0])}
	if kind := x[0] & 7; kind <= 2 {
		f.Kind = Blanking(kind)
	}
	return f
}

// addType10 is DisplayID 2.1a §4.5.1: 6 bytes each, or as many more as the
// header's flags say.
func addType10(list []Formula, flags byte, x []byte) []Formula {
	for size := 6 + int(flags>>4&7); len(x) >= size; x = x[size:] {
		f := type9(x)
		f.YCbCr420, f.NTSC = x[0]&0x80 != 0, false
		if kind := x[0] & 7; kind <= 3 {
			f.Kind = Blanking(kind)
		}
		if size > 6 {
			f.Hz += int(x[6]&3) << 8
		}
		switch f.Kind {
		case CVTReduced2:
			f.NTSC = x[0]&0x10 != 0
		case CVTReduced3:
			f.reduced3(x[:size])
		}
		list = append(list, f)
	}
	return list
}

func (f *Formula) reduced3(x []byte) {
	f.EarlyVSync, f.HBlank, f.MinVBlank = x[0]&8 != 0, 80, 460
	step := 35
	if x[0]&0x10 != 0 {
		f.HBlank = 160
	}
	if len(x) > 7 && x[7]&1 != 0 {
		f.MinVBlank, step = 300, 20
	}
	if len(x) < 7 {
		return
	}
	delta := int(x[6] >> 2 & 7)
	if f.HBlank == 160 && delta > 5 {
		f.HBlank -= (delta - 5) * 8
	} else {
		f.HBlank += delta * 8
	}
	f.AddVBlank = int(x[6]>>5) * step
}
