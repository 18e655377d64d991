package edid

// A DigitalInput is byte 20 of a digital display, told since EDID 1.4 §3.6.1.
type DigitalInput struct {
	BitDepth  int       `json:"bit_depth,omitempty"` // bits per primary colour, 0 undefined
	Interface Interface `json:"interface,omitempty"`
	DFP1      bool      `json:"dfp1,omitempty"` // EDID 1.3 and before: compatible with VESA DFP 1.x
}

// Interface is the digital interface a display says it has.
type Interface uint8

// The digital interfaces of EDID 1.4, table 3.11.
const (
	InterfaceUndefined Interface = iota
	DVI
	HDMIa
	HDMIb
	MDDI
	DisplayPort
)

var interfaceNames = [...]string{"undefined", "DVI", "HDMI-a", "HDMI-b", "MDDI", "DisplayPort"}

func (i Interface) String() string { return nameOf(interfaceNames[:], int(i)) }

// MarshalText gives the name.
func (i Interface) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// An AnalogInput is byte 20 of an analog display.
type AnalogInput struct {
	White            float64 `json:"white_v"` // signal level above blank, in volts
	Sync             float64 `json:"sync_v"`  // signal level below blank, in volts
	BlankToBlack     bool    `json:"blank_to_black,omitempty"`
	SeparateSync     bool    `json:"separate_sync,omitempty"`
	CompositeSync    bool    `json:"composite_sync,omitempty"`
	SyncOnGreen      bool    `json:"sync_on_green,omitempty"`
	SerrationOnVSync bool    `json:"serration_on_vsync,omitempty"`
}

// Features are the bits of byte 24. EDID 1.4 §3.6.4.
type Features struct {
	Standby   bool `json:"standby,omitempty"`
	Suspend   bool `json:"suspend,omitempty"`
	ActiveOff bool `json:"active_off,omitempty"`
	SRGB      bool `json:"srgb,omitempty"` // sRGB is the default colour space

	// PreferredTiming is bit 1: before 1.4 whether the first detailed timing is
	// the preferred one, from 1.4 on whether that one is the panel's native too.
	PreferredTiming bool `json:"preferred_timing,omitempty"`
	// ContinuousFrequency is bit 0: before 1.4 whether GTF is supported.
	ContinuousFrequency bool `json:"continuous_frequency,omitempty"`

	YCbCr444 bool       `json:"ycbcr444,omitempty"` // digital, 1.4
	YCbCr422 bool       `json:"ycbcr422,omitempty"` // digital, 1.4
	Color    ColorKinds `json:"color,omitempty"`    // analog, or before 1.4
}

// ColorKinds is the display's colour type: bits 4 and 3 of byte 24.
type ColorKinds uint8

// The colour types. A 1.4 digital display tells its encodings instead.
const (
	ColorUndefined ColorKinds = iota
	Monochrome
	RGB
	NonRGB
)

var colorKindNames = [...]string{"undefined", "monochrome", "RGB", "non-RGB"}

func (c ColorKinds) String() string { return nameOf(colorKindNames[:], int(c)) }

// MarshalText gives the name.
func (c ColorKinds) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

func (e *EDID) parseInput(a *arena, v byte) {
	e.Digital = v&0x80 != 0
	if e.Digital {
		e.Input = &a.digital
		if e.Revision < 4 {
			a.digital.DFP1 = v&1 != 0
			return
		}
		if depth := v >> 4 & 7; depth >= 1 && depth <= 6 {
			a.digital.BitDepth = 4 + 2*int(depth)
		}
		a.digital.Interface = Interface(v & 0xf)
		return
	}
	levels := [4][2]float64{{0.700, 0.300}, {0.714, 0.286}, {1.000, 0.400}, {0.700, 0}}
	l := levels[v>>5&3]
	e.Analog = &AnalogInput{
		White: l[0], Sync: l[1],
		BlankToBlack: v&0x10 != 0, SeparateSync: v&8 != 0, CompositeSync: v&4 != 0,
		SyncOnGreen: v&2 != 0, SerrationOnVSync: v&1 != 0,
	}
}

func (e *EDID) parseFeatures(v byte) {
	f := &e.Features
	f.Standby, f.Suspend, f.ActiveOff = v&0x80 != 0, v&0x40 != 0, v&0x20 != 0
	f.SRGB, f.PreferredTiming, f.ContinuousFrequency = v&4 != 0, v&2 != 0, v&1 != 0
	kind := v >> 3 & 3
	if e.Digital && e.Revision >= 4 {
		f.YCbCr444, f.YCbCr422 = kind&1 != 0, kind&2 != 0
		return
	}
	f.Color = [4]ColorKinds{Monochrome, RGB, NonRGB, ColorUndefined}[kind]
}
