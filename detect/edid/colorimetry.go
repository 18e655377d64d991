package edid

// Colorimetry are the colour spaces a display takes, the first byte of the
// data block in the low byte. CTA-861-H §7.5.5.
type Colorimetry uint16

var colorimetryNames = [16]string{"xvYCC601", "xvYCC709", "sYCC601", "opYCC601", "opRGB", "BT2020cYCC", "BT2020YCC", "BT2020RGB",
	"", "", "", "", "defaultRGB", "sRGB", "ICtCp", "DCI-P3"}

// Names are the colour spaces' names.
func (c Colorimetry) Names() []string { return bitNames(colorimetryNames[:], uint(c)) }

// HDRStatic is the HDR static metadata data block. CTA-861-H §7.5.13.
type HDRStatic struct {
	EOTFs       uint8 `json:"eotfs"`       // bits 0 to 3: SDR gamma, HDR gamma, PQ (SMPTE ST 2084), HLG
	Descriptors uint8 `json:"descriptors"` // bit 0: static metadata type 1
	// The luminances as coded, 0 when not given; see their methods.
	Max          uint8 `json:"max_code,omitempty"`
	MaxFrameMean uint8 `json:"max_frame_mean_code,omitempty"`
	Min          uint8 `json:"min_code,omitempty"`
}

var eotfNames = [8]string{"sdr", "hdr-gamma", "pq", "hlg"}

// HDRDynamic is one type of the HDR dynamic metadata data block. CTA-861-H §7.5.14.
type HDRDynamic struct {
	Type    uint16 `json:"type"`
	Version uint8  `json:"version"`
}

// Names are the transfer functions' names.
func (h *HDRStatic) Names() []string { return bitNames(eotfNames[:], uint(h.EOTFs)) }
