package edid

import "fmt"

// HDMI is the vendor specific data block of HDMI Licensing, OUI 00-0C-03.
// HDMI 1.4b §8.3.2.
type HDMI struct {
	Address      PhysicalAddress `json:"address"`
	AI           bool            `json:"ai,omitempty"`      // takes ACP, ISRC1 and ISRC2 packets
	DC48         bool            `json:"dc_48,omitempty"`   // 16 bits per colour
	DC36         bool            `json:"dc_36,omitempty"`   // 12
	DC30         bool            `json:"dc_30,omitempty"`   // 10
	DCY444       bool            `json:"dc_y444,omitempty"` // those in YCbCr 4:4:4 too
	DualDVI      bool            `json:"dual_dvi,omitempty"`
	MaxTMDSClock int             `json:"max_tmds_mhz,omitempty"` // 0 when not given

	Graphics bool `json:"graphics,omitempty"` // content types it treats of their own kind
	Photo    bool `json:"photo,omitempty"`
	Cinema   bool `json:"cinema,omitempty"`
	Game     bool `json:"game,omitempty"`

	Latency           *Latency `json:"latency,omitempty"`
	InterlacedLatency *Latency `json:"interlaced_latency,omitempty"`

	// ImageSize says what the base block's size is worth: 0 nothing said, 1 its
	// ratio is right, 2 it is right to the centimetre, 3 it is to be multiplied by 5.
	ImageSize uint8 `json:"image_size,omitempty"`

	VICs       VICs     `json:"vics,omitempty"` // HDMI's own codes, 1 to 4: the 4K formats of HDMI 1.4
	ThreeD     bool     `json:"3d,omitempty"`
	ThreeDAll  uint16   `json:"3d_all,omitempty"`  // structures which the formats of ThreeDMask take
	ThreeDMask uint16   `json:"3d_mask,omitempty"` // bit n: format n of the video data blocks
	ThreeDs    []ThreeD `json:"3d_formats,omitempty"`
}

// VICs are video identification codes.
type VICs []uint8

// MarshalJSON gives numbers, where a slice of bytes would be base64.
func (v VICs) MarshalJSON() ([]byte, error) {
	b := []byte{'['}
	for i, vic := range v {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Append(b, vic)
	}
	return append(b, ']'), nil
}

// A PhysicalAddress is where the display is in the HDMI tree, four bits a
// level.
type PhysicalAddress uint16

func (a PhysicalAddress) String() string {
	return fmt.Sprintf("%d.%d.%d.%d", a>>12, a>>8&15, a>>4&15, a&15)
}

// MarshalText gives the address.
func (a PhysicalAddress) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// Latency is the delay of picture and sound in milliseconds, -1 unknown, -2 for
// no picture or no sound.
type Latency struct {
	Video int `json:"video_ms"`
	Audio int `json:"audio_ms"`
}

// A ThreeD is one format's 3D structure.
type ThreeD struct {
	Format    uint8 `json:"format"`    // index into the video data blocks
	Structure uint8 `json:"structure"` // 0 frame packing, 6 top-and-bottom, 8 side-by-side (half)
	Detail    uint8 `json:"detail,omitempty"`
}

// parseHDMI reads what follows the OUI; everything after the address may be
// missing.
func (c *ctaArena) parseHDMI(x []byte) bool {
	if len(x) < 2 {
		return false
	}
	h := &c.hdmi
	c.HDMI = h
	h.Address = PhysicalAddress(x[0])<<8 | PhysicalAddress(x[1])
	if len(x) > 2 {
		h.AI, h.DC48, h.DC36, h.DC30 = x[2]&0x80 != 0, x[2]&0x40 != 0, x[2]&0x20 != 0, x[2]&0x10 != 0
		h.DCY444, h.DualDVI = x[2]&8 != 0, x[2]&1 != 0
	}
	if len(x) > 3 {
		h.MaxTMDSClock = int(x[3]) * 5
	}
	if len(x) <= 4 {
		return true
	}
	flags := x[4]
	h.Graphics, h.Photo, h.Cinema, h.Game = flags&1 != 0, flags&2 != 0, flags&4 != 0, flags&8 != 0
	x = x[5:]
	if flags&0x80 != 0 {
		if h.Latency, x = readLatency(x); h.Latency == nil {
			return false
		}
		if flags&0x40 != 0 {
			if h.InterlacedLatency, x = readLatency(x); h.InterlacedLatency == nil {
				return false
			}
		}
	}
	if flags&0x20 != 0 {
		return h.parseVideo(x)
	}
	return true
}

func readLatency(x []byte) (*Latency, []byte) {
	if len(x) < 2 {
		return nil, x
	}
	return &Latency{latency(x[0]), latency(x[1])}, x[2:]
}

func latency(v byte) int {
	switch v {
	case 0:
		return -1
	case 255:
		return -2
	}
	return 2 * (int(v) - 1)
}

// parseVideo reads the part about 4K formats and 3D.
func (h *HDMI) parseVideo(x []byte) bool {
	if len(x) < 2 {
		return false
	}
	multi := x[0] >> 5 & 3
	h.ThreeD = x[0]&0x80 != 0
	h.ImageSize = x[0] >> 3 & 3
	nvic, n3d := int(x[1]>>5), int(x[1]&0x1f)
	x = x[2:]
	if len(x) < nvic {
		return false
	}
	if nvic > 0 {
		h.VICs = append(VICs(nil), x[:nvic]...)
	}
	x = x[nvic:]
	if len(x) < n3d {
		return false
	}
	x = x[:n3d]
	if multi == 1 || multi == 2 {
		if len(x) < 2 {
			return len(x) == 0
		}
		h.ThreeDAll, h.ThreeDMask = uint16(x[0])<<8|uint16(x[1]), 0xffff
		x = x[2:]
	}
	if multi == 2 {
		if len(x) < 2 {
			return false
		}
		h.ThreeDMask = uint16(x[0])<<8 | uint16(x[1])
		x = x[2:]
	}
	return h.addThreeDs(x)
}

func (h *HDMI) addThreeDs(x []byte) bool {
	for len(x) > 0 {
		t := ThreeD{Format: x[0] >> 4, Structure: x[0] & 0xf}
		x = x[1:]
		if t.Structure >= 8 { // these have one byte more
			if len(x) == 0 {
				return false
			}
			t.Detail = x[0] >> 4
			x = x[1:]
		}
		h.ThreeDs = append(h.ThreeDs, t)
	}
	return true
}
