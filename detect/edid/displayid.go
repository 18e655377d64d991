package edid

// DisplayID is what all DisplayID extension blocks say together. VESA
// DisplayID 1.3 and 2.1a.
type DisplayID struct {
	Version  int         `json:"version"` // 1 or 2
	Revision int         `json:"revision"`
	Kind     ProductKind `json:"kind"` // of the first section

	Product   *ProductID     `json:"product,omitempty"`
	Display   *DisplayParams `json:"display,omitempty"`
	Interface *InterfaceInfo `json:"interface,omitempty"`
	Tile      *Tile          `json:"tile,omitempty"`
	Container Bytes          `json:"container,omitempty"` // container ID, 16 bytes
	Serial    string         `json:"serial,omitempty"`    // serial number string
	Texts     Texts          `json:"texts,omitempty"`     // general purpose strings

	Detailed  []Detailed     `json:"detailed,omitempty"`   // types I, II, VI and VII, in order
	Formulas  []Formula      `json:"formulas,omitempty"`   // types III, V, IX and X
	TimingIDs []TimingID     `json:"timing_ids,omitempty"` // types IV and VIII and the bitmaps of DMT and CTA
	Ranges    []TimingRange  `json:"ranges,omitempty"`
	Adaptive  []AdaptiveSync `json:"adaptive_sync,omitempty"`

	Vendor []VendorBlock `json:"vendor,omitempty"`
	Blocks []DataBlock   `json:"blocks,omitempty"` // every data block, in order
}

// A section's header is 5 bytes into an EDID block, behind the tag.
const displayIDHeader = 5

// parseDisplayID reads block n; blockGood says whether the checksum over the
// whole block was right. Either checksum will do. DisplayID 1.3 §2, 2.1a §2.
func (p *parser) parseDisplayID(n int, b []byte, blockGood bool) {
	length := int(b[2])
	if displayIDHeader+length > 126 {
		p.problem(n, 2, Overrun, "the DisplayID section is longer than its block")
		length = 126 - displayIDHeader
	} else if sum(b[1:displayIDHeader+length+1]) != 0 {
		p.problem(n, displayIDHeader+length, BadChecksum, "the DisplayID section's checksum is wrong")
		if !blockGood {
			return
		}
	}
	d := p.DisplayID
	if d == nil {
		d = new(DisplayID)
		p.DisplayID = d
		d.Version, d.Revision = int(b[1]>>4), int(b[1]&0xf)
		d.Kind = ProductKind{uint8(d.Version), b[3]}
	}
	p.displayIDBlocks(n, b[displayIDHeader:displayIDHeader+length])
}

func (p *parser) displayIDBlocks(n int, b []byte) {
	offset := displayIDHeader
	for len(b) >= 3 {
		length := int(b[2])
		if b[0] == 0 && length == 0 { // the rest is padding
			return
		}
		if 3+length > len(b) {
			p.problem(n, offset, Overrun, "a DisplayID data block reaches beyond its section")
			return
		}
		p.DisplayID.Blocks = append(p.DisplayID.Blocks, DataBlock{displayIDTag | uint16(b[0]), uint8(n), uint8(offset), b[2]})
		if !p.displayIDBlock(n, offset+3, b[0], b[1], b[3:3+length]) {
			p.problem(n, offset, BadBlock, badShort)
		}
		b = b[3+length:]
		offset += 3 + length
	}
}

// displayIDBlock reads one data block: x, which starts at an offset, is what
// follows its header, and flags the header's second byte.
func (p *parser) displayIDBlock(n, offset int, tag, flags byte, x []byte) bool {
	d := p.DisplayID
	switch tag {
	case 0x00, 0x20:
		return p.parseProductID(n, offset, tag, x)
	case 0x01:
		return d.parseDisplay1(x)
	case 0x21:
		return d.parseDisplay2(flags, x)
	case 0x03, 0x22:
		return p.addTypes1(n, offset, tag, flags&7, x)
	case 0x04:
		return p.addTypes2(n, offset, x)
	case 0x13:
		return p.addTypes6(n, offset, x)
	case 0x05, 0x11, 0x24, 0x2a:
		return d.addFormulas(tag, flags, x)
	case 0x06, 0x23:
		d.TimingIDs = addTimingIDs(d.TimingIDs, flags, x)
	case 0x07:
		d.addBitmap(TableDMT, x)
	case 0x08:
		d.addBitmap(TableVIC, x)
	case 0x09:
		return d.addRange1(x)
	case 0x25:
		return d.addRange2(flags, x)
	case 0x0a:
		d.Serial = trim(p.at(n, offset, len(x)))
	case 0x0b:
		d.Texts = append(d.Texts, trim(p.at(n, offset, len(x))))
	case 0x0f:
		return d.parseInterface1(x)
	case 0x26:
		return d.parseInterface2(x)
	case 0x12, 0x28:
		return d.parseTile(p.at(n, offset, len(x)), tag, x)
	case 0x29:
		d.Container = Bytes(p.at(n, offset, min(16, len(x))))
		return len(x) >= 16
	case 0x2b:
		return d.addAdaptive(flags, x)
	case 0x7e, 0x7f:
		if len(x) < 3 {
			return false
		}
		oui := OUI(x[0])<<16 | OUI(x[1])<<8 | OUI(x[2])
		d.Vendor = append(d.Vendor, VendorBlock{oui, "", Bytes(p.at(n, offset+3, len(x)-3))})
	case 0x81:
		p.newCTA()
		p.ctaBlocks(n, offset, x)
	}
	return true
}
