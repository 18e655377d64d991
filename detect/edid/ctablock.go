package edid

// The companies whose blocks are read, as the OUI stands in a register.
const (
	ouiHDMI      OUI = 0x000c03
	ouiHDMIForum OUI = 0xc45dd8
	ouiMicrosoft OUI = 0xca125c
)

const badShort = "a data block too short for what it should hold"

// ctaBlock reads one data block: x is what follows its header.
func (p *parser) ctaBlock(n, offset int, tag byte, x []byte) {
	c := p.cta
	id := uint16(tag)
	if tag == 7 {
		if len(x) == 0 {
			p.problem(n, offset, BadBlock, "a data block with an extended tag and no room for it")
			return
		}
		id = 0x700 | uint16(x[0])
	}
	c.Blocks = append(c.Blocks, DataBlock{id, uint8(n), uint8(offset), uint8(len(x))})
	ok := true
	switch tag {
	case 1:
		ok = c.addAudio(x)
	case 2:
		c.Video = addSVDs(c.Video, x)
	case 3:
		ok = p.ctaVendor(n, offset+1, x)
	case 4:
		if ok = len(x) >= 3; ok {
			c.Speakers = Speakers(x[0]) | Speakers(x[1])<<8 | Speakers(x[2])<<16
		}
	case 7:
		ok = p.ctaExtended(n, offset+2, x[0], x[1:])
	}
	if !ok {
		p.problem(n, offset, BadBlock, badShort)
	}
}

func (p *parser) ctaVendor(n, offset int, x []byte) bool {
	oui, ok := littleOUI(x)
	if !ok {
		return false
	}
	c := p.cta
	switch {
	case oui == ouiHDMI:
		if c.HDMI == nil {
			return c.parseHDMI(x[3:])
		}
	case oui == ouiHDMIForum:
		return c.parseHDMIForum(x[3:])
	case oui == ouiMicrosoft && len(x) == 21:
		c.Microsoft = parseMicrosoft(x[3:])
	default:
		c.Vendor = append(c.Vendor, VendorBlock{oui, "", Bytes(p.at(n, offset+3, len(x)-3))})
	}
	return true
}

func (p *parser) ctaVendorKind(n, offset int, kind string, x []byte) bool {
	oui, ok := littleOUI(x)
	if ok {
		p.cta.Vendor = append(p.cta.Vendor, VendorBlock{oui, kind, Bytes(p.at(n, offset+3, len(x)-3))})
	}
	return ok
}

func littleOUI(x []byte) (OUI, bool) {
	if len(x) < 3 {
		return 0, false
	}
	return OUI(x[0]) | OUI(x[1])<<8 | OUI(x[2])<<16, true
}

// ctaExtended reads a block with an extended tag: x is what follows that.
func (p *parser) ctaExtended(n, offset int, tag byte, x []byte) bool {
	c := p.cta
	switch tag {
	case 0:
		return c.parseVideoCapability(x)
	case 1:
		return p.ctaVendorKind(n, offset, "video", x)
	case 5:
		if len(x) < 2 {
			return false
		}
		c.Colorimetry = Colorimetry(x[0]) | Colorimetry(x[1])<<8
	case 6:
		return c.parseHDR(x)
	case 7:
		return c.addHDRDynamic(x)
	case 8:
		return c.parseNativeRes(x)
	case 13:
		c.addPreferred(x)
		return len(x) > 0
	case 14:
		c.Video420 = addSVDs(c.Video420, x)
	case 15:
		c.has420, c.map420 = true, p.at(n, offset, len(x))
	case 17:
		return p.ctaVendorKind(n, offset, "audio", x)
	case 19:
		if len(x) < 4 {
			return false
		}
		if x[0]&0x40 != 0 {
			c.RoomSpeakers = int(x[0]&0x1f) + 1
		}
	case 20:
		return c.countSpeakerLocations(x)
	case 34:
		return p.ctaType7(n, offset, x)
	case 35:
		return c.addType8(x)
	case 42:
		return c.addType10(x)
	case 120:
		if len(x) < 1 {
			return false
		}
		c.ExtensionCount = int(x[0])
	case 121:
		return len(x) >= 2 && c.parseHDMIForum(x[2:])
	}
	return true
}
