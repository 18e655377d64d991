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

	VICs      []uint8  `json:"vics,omitempty"` // HDMI's own codes, 1 to 4: the 4K formats of HDMI 1.4
	ThreeD    bool     `json:"3d,omitempty"`
	ThreeDAll uint16   `json:"3d_all,omitempty"`  // structures every of the first 16 formats (or of ThreeDMask) takes
	ThreeMask uint16   `json:"3d_mask,omitempty"` // bit n: format n of the video data blocks
	ThreeDs   []ThreeD `json:"3d_formats,omitempty"`
}

// A PhysicalAddress is where the display is in the HDMI tree, four bits a
// level.
type PhysicalAddress uint16

func (a PhysicalAddress) String() string {
	return fmt.Sprintf("%d.%d.%d.%d", a>>12, a>>8&15, a>>4&15, a&15)
}

// MarshalText gives the address.
func (a PhysicalAddress) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// Latency is the delay of picture and sound in milliseconds, -1 unknown, -2
// not supported.
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
