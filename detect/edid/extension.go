package edid

import "bytes"

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

// maxBlocks is how many blocks an EDID may have: the segment pointer of the
// display's memory goes no further.
const maxBlocks = 256

func (p *parser) parseExtensions(b []byte) {
	n := 1
	for rest := b[blockSize:]; len(rest) > 0 && n < maxBlocks; n++ {
		block := rest[:min(blockSize, len(rest))]
		rest = rest[len(block):]
		if n > 1 && contains(b[blockSize:n*blockSize], block) {
			p.Extensions = append(p.Extensions, Extension{Tag(block[0]), uint8(len(block))})
			p.problem(n, 0, Repeated, "an extension block once more")
			continue
		}
		p.parseExtension(n, block)
	}
	p.finishCTA()
	p.checkMaps(b)
	p.checkCount(n - 1)
}

// contains says whether a block is among others. Adapters are met which give
// the whole EDID twice, or one block again and again.
func contains(blocks, block []byte) bool {
	for ; len(blocks) >= blockSize; blocks = blocks[blockSize:] {
		if bytes.Equal(blocks[:blockSize], block) {
			return true
		}
	}
	return false
}

func (p *parser) parseExtension(n int, b []byte) {
	p.Extensions = append(p.Extensions, Extension{Tag(b[0]), uint8(len(b))})
	good := true
	if len(b) < blockSize {
		p.problem(n, len(b), BadLength, "the extension block is cut off")
		b, good = append(b[:len(b):len(b)], make([]byte, blockSize-len(b))...), false
	} else if sum(b) != 0 {
		p.problem(n, 127, BadChecksum, "the extension block's checksum is wrong")
		good = false
	}
	if headerErrors(b) == 0 {
		p.problem(n, 0, RepeatedBase, "the base block once more in place of an extension")
		return
	}
	switch tag := Tag(b[0]); {
	case tag == TagCTA: // its parts stand for themselves, so most are good whatever the checksum says
		p.parseCTA(n, b)
	case tag == TagDisplayID: // has a checksum of its own
		p.parseDisplayID(n, b, good)
	case tag == TagVTB && good:
		p.parseVTB(n, b)
	case tag == TagDI && good:
		p.parseDI(b)
	case tag == TagBlockMap && good, tag == TagLS, tag == TagDPVL, tag == TagVendor:
	case good:
		p.problem(n, 0, UnknownExt, "an extension block of an unknown kind")
	}
}

// checkCount compares the blocks there with those declared, by HDMI Forum's
// count where there is one.
func (p *parser) checkCount(have int) {
	want := p.Declared
	if p.CTA != nil && p.CTA.ExtensionCount != 0 {
		want = p.CTA.ExtensionCount
	}
	switch {
	case have < want:
		p.problem(0, 126, BadCount, "fewer extension blocks are there than declared")
	case have > want:
		p.problem(0, 126, BadCount, "more extension blocks are there than declared")
	}
}
