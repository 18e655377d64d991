package edid

import "attune/detect/edid/timing"

// A Detailed is a whole timing as the display wrote it down, with the image
// size it gives for that timing.
type Detailed struct {
	timing.Mode
	WidthMM  int      `json:"width_mm,omitempty"` // 0 when not given; an aspect ratio (16x9) as well as it stands
	HeightMM int      `json:"height_mm,omitempty"`
	Block    uint8    `json:"block"`  // where it was read
	Offset   uint8    `json:"offset"` // within the block
	Sync     SyncKind `json:"sync"`
	Stereo   Stereo   `json:"stereo,omitempty"`

	Preferred bool `json:"preferred,omitempty"` // DisplayID alone says so
	YCbCr420  bool `json:"ycbcr420,omitempty"`  // DisplayID: type VII and CTA type 7
}

// SyncKind is how the sync pulses of a timing are sent.
type SyncKind uint8

// The kinds of sync, bits 4 and 3 of a detailed timing's last byte.
const (
	AnalogComposite SyncKind = iota
	BipolarComposite
	DigitalComposite
	DigitalSeparate
)

var syncNames = [...]string{"analog-composite", "bipolar-composite", "digital-composite", "separate"}

func (s SyncKind) String() string { return nameOf(syncNames[:], int(s)) }

// MarshalText gives the name.
func (s SyncKind) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Stereo is how a timing carries pictures for two eyes.
type Stereo uint8

// The kinds of stereo, bits 6, 5 and 0 of a detailed timing's last byte.
const (
	NoStereo Stereo = iota
	FieldRightFirst
	FieldLeftFirst
	InterleavedRightEven
	InterleavedLeftEven
	FourWay
	SideBySide
	StereoByUser // DisplayID: mono or stereo, as the user likes
)

var stereoNames = [...]string{"none", "field-sequential-right", "field-sequential-left",
	"2-way-right-even", "2-way-left-even", "4-way", "side-by-side", "user"}

func (s Stereo) String() string { return nameOf(stereoNames[:], int(s)) }

// MarshalText gives the name.
func (s Stereo) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// stereoOf is by bits 6, 5, 0; without the first two there is no stereo.
var stereoOf = [8]Stereo{NoStereo, NoStereo, FieldRightFirst, InterleavedRightEven,
	FieldLeftFirst, InterleavedLeftEven, FourWay, SideBySide}

// readDTD reads the 18 bytes of a detailed timing. EDID 1.4 §3.10.2. It is
// false for a timing that no signal can have.
func readDTD(d *Detailed, x []byte) bool {
	b := (*[18]byte)(x)
	m := &d.Mode
	m.Clock = int64(uint16(b[0])|uint16(b[1])<<8) * 10_000
	m.HActive = int(b[2]) | int(b[4]&0xf0)<<4
	hblank := int(b[3]) | int(b[4]&0x0f)<<8
	m.VActive = int(b[5]) | int(b[7]&0xf0)<<4
	vblank := int(b[6]) | int(b[7]&0x0f)<<8
	m.HFront = int(b[8]) | int(b[11]&0xc0)<<2
	m.HSync = int(b[9]) | int(b[11]&0x30)<<4
	m.VFront = int(b[10]>>4) | int(b[11]&0x0c)<<2
	m.VSync = int(b[10]&0x0f) | int(b[11]&0x03)<<4
	d.WidthMM = int(b[12]) | int(b[14]&0xf0)<<4
	d.HeightMM = int(b[13]) | int(b[14]&0x0f)<<8
	m.HBorder, m.VBorder = int(b[15]), int(b[16])
	// The borders are within the blanking there, beside it in a Mode.
	m.HBack = hblank - m.HFront - m.HSync - 2*m.HBorder
	m.VBack = vblank - m.VFront - m.VSync - 2*m.VBorder

	flags := b[17]
	d.Stereo = stereoOf[flags>>4&6|flags&1]
	d.Sync = SyncKind(flags >> 3 & 3)
	switch d.Sync {
	case DigitalSeparate:
		m.HSyncPositive, m.VSyncPositive = flags&2 != 0, flags&4 != 0
	case DigitalComposite:
		m.HSyncPositive = flags&2 != 0
	}
	if flags&0x80 != 0 { // the lines are those of one field
		m.Interlaced = true
		m.VActive *= 2
	}
	return m.HActive >= minActive && m.VActive >= minActive && hblank > 0 && vblank > 0
}

// minActive: what is smaller is noise in place of a timing. The kernel draws
// the line here too.
const minActive = 64
