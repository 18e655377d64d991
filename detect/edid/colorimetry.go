package edid

import (
	"encoding/json"
	"math"
)

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

// MarshalJSON gives the names.
func (c Colorimetry) MarshalJSON() ([]byte, error) { return json.Marshal(c.Names()) }

// parseHDR: the luminances may be missing from the end on.
func (c *ctaArena) parseHDR(x []byte) bool {
	if len(x) < 2 {
		return false
	}
	c.hdr = HDRStatic{EOTFs: x[0], Descriptors: x[1]}
	if len(x) > 2 {
		c.hdr.Max = x[2]
	}
	if len(x) > 3 {
		c.hdr.MaxFrameMean = x[3]
	}
	if len(x) > 4 {
		c.hdr.Min = x[4]
	}
	c.HDR = &c.hdr
	return true
}

// MaxLuminance is the most a picture should have, in cd/m², 0 when not given.
func (h *HDRStatic) MaxLuminance() float64 { return luminance(h.Max) }

// MaxFrameMeanLuminance is the most a frame should have on average, in cd/m².
func (h *HDRStatic) MaxFrameMeanLuminance() float64 { return luminance(h.MaxFrameMean) }

// MinLuminance is the least a picture should have, in cd/m².
func (h *HDRStatic) MinLuminance() float64 {
	return luminance(h.Max) * math.Pow(float64(h.Min)/255, 2) / 100
}

func luminance(code uint8) float64 {
	if code == 0 {
		return 0
	}
	return 50 * math.Pow(2, float64(code)/32)
}

// MarshalJSON gives names, and luminances in cd/m² to a tenth of a per mille.
func (h *HDRStatic) MarshalJSON() ([]byte, error) {
	round := func(v float64) float64 { return math.Round(v*1e4) / 1e4 }
	return json.Marshal(struct {
		EOTFs        []string `json:"eotfs"`
		Descriptors  uint8    `json:"descriptors"`
		Max          float64  `json:"max_cdm2,omitempty"`
		MaxFrameMean float64  `json:"max_frame_mean_cdm2,omitempty"`
		Min          float64  `json:"min_cdm2,omitempty"`
	}{h.Names(), h.Descriptors, round(h.MaxLuminance()), round(h.MaxFrameMeanLuminance()), round(h.MinLuminance())})
}

// addHDRDynamic: each type has its own length.
func (c *CTA) addHDRDynamic(x []byte) bool {
	for len(x) >= 3 {
		length := int(x[0]) + 1
		if length < 3 || length > len(x) {
			return false
		}
		t := HDRDynamic{Type: uint16(x[1]) | uint16(x[2])<<8}
		if length > 3 {
			t.Version = x[3] & 0xf
		}
		c.HDRDynamic = append(c.HDRDynamic, t)
		x = x[length:]
	}
	return len(x) == 0
}
