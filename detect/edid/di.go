package edid

// DI is the display information extension of the days before DisplayID. VESA
// DI-EXT 1: interface, device and capabilities; the gamma curves are not read.
type DI struct {
	Version     int         `json:"version"`
	Interface   DIInterface `json:"interface"`
	MinClock    int         `json:"min_clock_mhz,omitempty"` // of one link, 0 not given
	MaxClock    int         `json:"max_clock_mhz,omitempty"`
	SubPixels   uint8       `json:"subpixel_layout,omitempty"` // 0 not told, 1 RGB, 2 BGR, 3 and 4 quad pixels
	HPitch      int         `json:"h_pitch_um,omitempty"`      // from dot to dot, 0 not given
	VPitch      int         `json:"v_pitch_um,omitempty"`
	FixedPixels bool        `json:"fixed_pixels,omitempty"`
	Use         uint8       `json:"use,omitempty"` // 0 not told, 1 for a group, 2 desktop, 3 an eyepiece
	DDCCI       bool        `json:"ddc_ci,omitempty"`
	Orientation uint8       `json:"orientation_kind,omitempty"` // 0 not told, 1 fixed, 2 pivots: by default, 3 pivots: now
	Portrait    bool        `json:"portrait,omitempty"`
	Projector   bool        `json:"projector,omitempty"`
	Depths      [6]uint8    `json:"depths"` // bits of blue, green, red, Cb, Y, Cr; 0 not told
}

// DIInterface is the digital interface as DI-EXT numbers them.
type DIInterface uint8

var diInterfaceNames = [...]string{"analog", "DVI", "DVI single link", "DVI dual link, high resolution",
	"DVI dual link, high color", "DVI consumer", "plug & display", "DFP", "open LDI single link",
	"open LDI dual link", "open LDI consumer"}

func (i DIInterface) String() string { return nameOf(diInterfaceNames[:], int(i)) }

// MarshalText gives the name.
func (i DIInterface) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

func (p *parser) parseDI(b []byte) {
	d := &DI{
		Version: int(b[1]), Interface: DIInterface(b[2]),
		SubPixels: b[14], HPitch: int(b[17]) * 10, VPitch: int(b[18]) * 10,
		FixedPixels: b[19]&0x80 != 0, Use: b[19] >> 2 & 3, DDCCI: b[19]&2 != 0,
		Orientation: b[26] >> 6, Portrait: b[26]&0x20 != 0, Projector: b[26]&1 != 0,
	}
	if d.Interface != 0 {
		d.MinClock, d.MaxClock = int(b[9]), le16(b[10:])
	}
	copy(d.Depths[:], b[0x20:0x26])
	p.DI = d
}
