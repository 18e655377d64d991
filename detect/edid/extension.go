package edid

// Tag is the first byte of an extension block.
type Tag uint8

// The kinds of extension block. EDID 1.4 §2.2.
const (
	TagCTA       Tag = 0x02
	TagVTB       Tag = 0x10
	TagDI        Tag = 0x40
	TagLS        Tag = 0x50
	TagDPVL      Tag = 0x60
	TagDisplayID Tag = 0x70
	TagBlockMap  Tag = 0xf0
	TagVendor    Tag = 0xff
)

func (t Tag) String() string {
	switch t {
	case TagCTA:
		return "CTA-861"
	case TagVTB:
		return "VTB"
	case TagDI:
		return "DI"
	case TagLS:
		return "localised-strings"
	case TagDPVL:
		return "DPVL"
	case TagDisplayID:
		return "DisplayID"
	case TagBlockMap:
		return "block-map"
	case TagVendor:
		return "vendor"
	}
	return nameOf(nil, int(t))
}

// MarshalText gives the name.
func (t Tag) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

func (e *EDID) parseExtensions(b []byte) {
	for n, rest := 1, b[blockSize:]; len(rest) > 0 && n < 256; n++ {
		block := rest[:min(blockSize, len(rest))]
		rest = rest[len(block):]
		e.Extensions = append(e.Extensions, Extension{Tag(block[0]), len(block)})
	}
}
