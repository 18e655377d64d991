package edid

import (
	"encoding/json"
	"fmt"
)

// A DataBlock says where a data block is and of what kind.
type DataBlock struct {
	Tag    uint16 // CTA: the tag, or 0x700 and the extended tag; DisplayID: 0x8000 and the tag
	Block  uint8
	Offset uint8 // of its first byte within the extension block
	Length uint8 // of what follows its header
}

const displayIDTag = 0x8000

// CTA-861-H tables 58 and 59, DisplayID 1.3 table 3.1 and 2.1a table 3.1.
var dataBlockNames = map[uint16]string{
	1: "audio", 2: "video", 3: "vendor", 4: "speakers", 5: "vesa-transfer-characteristic", 6: "video-format",
	0x700: "video-capability", 0x701: "vendor-video", 0x702: "vesa-display-device", 0x703: "vesa-video-timing",
	0x705: "colorimetry", 0x706: "hdr-static", 0x707: "hdr-dynamic", 0x708: "native-video-resource",
	0x70d: "video-format-preference", 0x70e: "ycbcr420-video", 0x70f: "ycbcr420-capability-map",
	0x711: "vendor-audio", 0x712: "hdmi-audio", 0x713: "room-configuration", 0x714: "speaker-location",
	0x720: "infoframe", 0x722: "displayid-type-7", 0x723: "displayid-type-8", 0x72a: "displayid-type-10",
	0x778: "hdmi-forum-extension-count", 0x779: "hdmi-forum-sink-capability",

	0x8000: "product", 0x8001: "display-parameters", 0x8002: "color", 0x8003: "type-1", 0x8004: "type-2",
	0x8005: "type-3", 0x8006: "type-4", 0x8007: "dmt-timings", 0x8008: "cta-timings", 0x8009: "timing-range",
	0x800a: "serial", 0x800b: "text", 0x800c: "display-device", 0x800d: "power-sequence",
	0x800e: "transfer-characteristics", 0x800f: "interface", 0x8010: "stereo", 0x8011: "type-5", 0x8012: "tile",
	0x8013: "type-6", 0x8020: "product", 0x8021: "display-parameters", 0x8022: "type-7", 0x8023: "type-8",
	0x8024: "type-9", 0x8025: "timing-range", 0x8026: "interface", 0x8027: "stereo", 0x8028: "tile",
	0x8029: "container", 0x802a: "type-10", 0x802b: "adaptive-sync", 0x802c: "head-mounted", 0x802d: "head-mounted-layer",
	0x802e: "brightness", 0x807e: "vendor", 0x807f: "vendor", 0x8081: "cta",
}

// Name is the kind of block in a word, "unknown" for a tag unknown here.
func (d DataBlock) Name() string {
	if name := dataBlockNames[d.Tag]; name != "" {
		return name
	}
	return "unknown"
}

// MarshalJSON has the tag as the standards write it.
func (d DataBlock) MarshalJSON() ([]byte, error) {
	tag := fmt.Sprintf("0x%02x", d.Tag&0xff)
	if d.Tag < displayIDTag && d.Tag >= 0x700 {
		tag = fmt.Sprintf("7/%d", d.Tag&0xff)
	}
	return json.Marshal(struct {
		Name   string `json:"name"`
		Tag    string `json:"tag"`
		Block  uint8  `json:"block"`
		Offset uint8  `json:"offset"`
		Length uint8  `json:"length"`
	}{d.Name(), tag, d.Block, d.Offset, d.Length})
}

// A VendorBlock is a vendor specific data block.
type VendorBlock struct {
	OUI  OUI    `json:"oui"`
	Kind string `json:"kind,omitempty"` // "", "video" or "audio"
	Data Bytes  `json:"data"`           // what follows the OUI
}

// OUI is an IEEE company number.
type OUI uint32

func (o OUI) String() string {
	return fmt.Sprintf("%02X-%02X-%02X", byte(o>>16), byte(o>>8), byte(o))
}

// MarshalText gives the usual form.
func (o OUI) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Bytes are bytes nobody here knows the meaning of.
type Bytes string

// MarshalText gives hexadecimal digits.
func (b Bytes) MarshalText() ([]byte, error) { return []byte(fmt.Sprintf("%x", string(b))), nil }
