// Package edid decodes what a display says of itself: the EDID base block 1.0
// to 1.4 and its CTA-861, DisplayID, VTB and DI extensions.
//
// It states what is written there and what is wrong with it. Broken EDIDs are
// normal, so Parse keeps whatever is good. It knows no policy but the few
// functions named for one (SizeMM, NonDesktop, ID, Modes, Preferred), reads no
// files and knows nothing of connectors or X.
package edid

import "errors"

// An EDID is one display's description of itself. Text in it is what the
// display sent and may hold any byte; everything else is decoded.
type EDID struct {
	Version  int `json:"version"`  // 1 for every EDID in use
	Revision int `json:"revision"` // 0 to 4

	VendorID     uint16 `json:"vendor_id"`               // bytes 8 and 9, big endian: three letters of five bits
	Vendor       string `json:"vendor,omitempty"`        // those three letters, "" when one is out of A-Z
	Product      uint16 `json:"product"`                 // the vendor's own model number
	Serial       uint32 `json:"serial,omitempty"`        // 0 and 0x01010101 are in a third of all displays
	SerialString string `json:"serial_string,omitempty"` // descriptor FF, trimmed
	Name         string `json:"name,omitempty"`          // descriptor FC, trimmed
	Names        Texts  `json:"names,omitempty"`         // further descriptors FC: mostly what did not fit into Name
	Texts        Texts  `json:"texts,omitempty"`         // descriptors FE, trimmed
	Week         int    `json:"week,omitempty"`          // of manufacture, 1 to 54; 0 unknown
	Year         int    `json:"year,omitempty"`          // of manufacture; 0 when ModelYear is given
	ModelYear    int    `json:"model_year,omitempty"`    // EDID 1.4 §3.4.4

	Digital bool          `json:"digital"`
	Input   *DigitalInput `json:"digital_input,omitempty"`
	Analog  *AnalogInput  `json:"analog_input,omitempty"`

	// WidthMM and HeightMM are the image size of bytes 21 and 22, in whole
	// centimetres; 0 when it is unknown or an Aspect was given instead. EDID 1.4 §3.6.2.
	WidthMM  int     `json:"width_mm,omitempty"`
	HeightMM int     `json:"height_mm,omitempty"`
	Aspect   float64 `json:"aspect,omitempty"` // width by height, where 1.4 gives it instead of a size

	Gamma    float64  `json:"gamma,omitempty"` // 0 when it is elsewhere (DI-EXT) or not given
	Features Features `json:"features"`
	Color    Color    `json:"color"`

	Established []Established  `json:"established,omitempty"` // bytes 35 to 37, then descriptor F7
	Standard    []Standard     `json:"standard,omitempty"`    // bytes 38 to 53, then descriptors FA
	Detailed    []Detailed     `json:"detailed,omitempty"`    // of the base block, in its order
	CVT         []CVTCode      `json:"cvt,omitempty"`         // descriptors F8
	RangeLimits *RangeLimits   `json:"range_limits,omitempty"`
	WhitePoints []WhitePoint   `json:"white_points,omitempty"` // descriptors FB
	DCM         *ColorManaging `json:"color_management,omitempty"`

	Extensions []Extension `json:"extensions,omitempty"` // every block after the first, as far as bytes go
	Declared   int         `json:"declared_extensions"`  // byte 126
	CTA        *CTA        `json:"cta,omitempty"`        // all CTA-861 blocks together
	DisplayID  *DisplayID  `json:"displayid,omitempty"`  // all DisplayID blocks together
	VTB        *VTB        `json:"vtb,omitempty"`
	DI         *DI         `json:"di,omitempty"`

	Problems []Problem `json:"problems,omitempty"`

	raw string
}

// Texts are strings out of a display.
type Texts []string

// A Problem is something wrong in an EDID that could be worked around.
type Problem struct {
	Block  int    `json:"block"`  // 0 is the base block
	Offset int    `json:"offset"` // within the block
	Code   Code   `json:"code"`
	Text   string `json:"text"` // for people, made by us
}

// Code names a kind of problem, for programs.
type Code string

// The kinds of problem.
const (
	BadHeader    Code = "header"            // the eight bytes at the start are not all right
	BadVersion   Code = "version"           // an EDID version nobody has defined
	BadVendor    Code = "vendor"            // the vendor's letters are out of A-Z
	BadChecksum  Code = "checksum"          // a block's bytes do not sum to 0
	BadLength    Code = "length"            // not a whole number of blocks
	BadCount     Code = "extension-count"   // fewer or more blocks than were declared
	BadMap       Code = "block-map"         // a block map which lists other blocks than there are
	RepeatedBase Code = "repeated-base"     // an extension that is the base block once more
	Repeated     Code = "repeated-block"    // an extension that is there already
	Overrun      Code = "overrun"           // a data block reaches beyond the room for it
	BadBlock     Code = "data-block"        // a data block that makes no sense, left out
	BadTiming    Code = "timing"            // a timing that cannot be, left out
	BadText      Code = "text"              // a string which is not text
	BadSize      Code = "size"              // an image size that cannot be
	BadRange     Code = "range-limits"      // range limits the wrong way round
	UnknownExt   Code = "unknown-extension" // an extension block of a kind unknown here
)

// An Extension is one 128-byte block after the base block.
type Extension struct {
	Tag    Tag   `json:"tag"`
	Length uint8 `json:"length"` // bytes there: 128, or less when cut off
}

// ErrNotEDID is what Parse answers when there is no EDID in the bytes.
var ErrNotEDID = errors.New("no EDID")

// Bytes is a copy of what was parsed.
func (e *EDID) Bytes() []byte { return []byte(e.raw) }

func (e *EDID) problem(block, offset int, code Code, text string) {
	e.Problems = append(e.Problems, Problem{block, offset, code, text})
}
