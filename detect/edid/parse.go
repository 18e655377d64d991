package edid

import (
	"encoding/binary"
	"fmt"
)

const blockSize = 128

// An arena is an EDID with room for what most have, so that one allocation
// serves; a longer list grows out of it by itself.
type arena struct {
	EDID
	digital     DigitalInput
	rangeLimits RangeLimits
	established [16]Established
	standard    [8]Standard
	detailed    [2]Detailed
	extensions  [1]Extension
}

// A parser is the arena of an EDID being read and of its extensions.
type parser struct {
	*arena
	cta *ctaArena
}

// Parse decodes an EDID with its extensions. It answers an error (ErrNotEDID)
// only where nothing can be used; all else that is wrong is in Problems.
// b is not kept.
func Parse(b []byte) (*EDID, error) {
	if !isEDID(b) {
		return nil, fmt.Errorf("decoding %d bytes of EDID: %w", len(b), ErrNotEDID)
	}
	a := new(arena)
	e := &a.EDID
	e.Established, e.Standard = a.established[:0], a.standard[:0]
	e.Detailed, e.Extensions = a.detailed[:0], a.extensions[:0]
	if headerErrors(b) > 0 {
		e.problem(0, 0, BadHeader, "the header is damaged")
	}
	e.keep(b)
	if len(b) < blockSize {
		e.problem(0, len(b), BadLength, "the base block is cut off")
		b = append(b[:len(b):len(b)], make([]byte, blockSize-len(b))...)
	} else if sum(b[:blockSize]) != 0 {
		e.problem(0, 127, BadChecksum, "the base block's checksum is wrong")
	}
	e.parseBase(a, b[:blockSize])
	p := parser{arena: a}
	p.parseExtensions(b)
	return e, nil
}

// The least that is of use says who made it and how large it is (bytes 8 to
// 22).
const minSize = 23

// isEDID also knows one with a damaged header. Of two bytes wrong, as erased
// memory has them, something else must look like an EDID too; of up to four,
// the version and one thing more.
func isEDID(b []byte) bool {
	if len(b) < minSize {
		return false
	}
	wrong := headerErrors(b)
	if wrong <= 1 || wrong > 4 {
		return wrong <= 1
	}
	version := b[18] == 1 && b[19] <= 4
	_, vendor := letters(vendorID(b))
	other := vendor || len(b) >= blockSize && sum(b[:blockSize]) == 0
	return version && other || wrong == 2 && (version || other)
}

const header = "\x00\xff\xff\xff\xff\xff\xff\x00"

func headerErrors(b []byte) int {
	if len(b) >= len(header) && string(b[:len(header)]) == header {
		return 0
	}
	wrong := 0
	for i := 0; i < len(header) && i < len(b); i++ {
		if b[i] != header[i] {
			wrong++
		}
	}
	return wrong
}

// sum adds bytes, eight at a time: every second one in four sums of 16 bits
// each, which 128 bytes do not overflow.
func sum(b []byte) byte {
	const every2nd = 0x00ff00ff00ff00ff
	var even, odd uint64
	for ; len(b) >= 8; b = b[8:] {
		v := binary.LittleEndian.Uint64(b)
		even += v & every2nd
		odd += v >> 8 & every2nd
	}
	s := byte(0)
	for _, v := range b {
		s += v
	}
	even += odd
	even += even >> 32
	return s + byte(even+even>>16)
}

// keep copies the bytes into one string which all texts are cut from.
func (e *EDID) keep(b []byte) {
	e.VendorID = vendorID(b)
	e.raw = string(b)
	if l, ok := letters(e.VendorID); ok {
		e.Vendor = string(l[:])
	} else {
		e.problem(0, 8, BadVendor, "the vendor's letters are out of A to Z")
	}
}

func vendorID(b []byte) uint16 { return uint16(b[8])<<8 | uint16(b[9]) }

// letters are those of a vendor, false when one is out of A to Z.
func letters(id uint16) (l [3]byte, ok bool) {
	l = [3]byte{letter(id >> 10), letter(id >> 5), letter(id)}
	for _, c := range l {
		if c < 'A' || c > 'Z' {
			return l, false
		}
	}
	return l, true
}

func letter(v uint16) byte { return byte(v&0x1f) + '@' }

func (e *EDID) parseBase(a *arena, b []byte) {
	e.Version, e.Revision = int(b[18]), int(b[19])
	if e.Version != 1 || e.Revision > 4 {
		e.problem(0, 18, BadVersion, "an EDID version nobody has defined")
	}
	e.Product = uint16(b[10]) | uint16(b[11])<<8
	e.Serial = uint32(b[12]) | uint32(b[13])<<8 | uint32(b[14])<<16 | uint32(b[15])<<24
	e.parseDate(b[16], b[17])
	e.parseInput(a, b[20])
	e.parseSize(b[21], b[22])
	e.Gamma = gamma(b[23])
	e.parseFeatures(b[24])
	e.parseColor(b[25:35])
	e.addEstablished(0, b[35:38])
	e.Standard = e.addStandard(e.Standard, b[38:54])
	for offset := 54; offset < 126; offset += 18 {
		if x := b[offset : offset+18]; x[0] != 0 || x[1] != 0 {
			e.addDetailed(&e.Detailed, x, 0, offset)
		} else {
			e.descriptor(a, x, 0, offset)
		}
	}
	e.Declared = int(b[126])
}

// parseDate is EDID 1.4 §3.4.4: week FFh makes it the model's year.
func (e *EDID) parseDate(week, year byte) {
	switch {
	case week == 0xff:
		e.ModelYear = 1990 + int(year)
		return
	case week <= 54:
		e.Week = int(week)
	}
	e.Year = 1990 + int(year)
}

// parseSize is EDID 1.4 §3.6.2: both bytes are a size, one alone an aspect
// ratio since 1.4 (and a mistake before).
func (e *EDID) parseSize(w, h byte) {
	switch {
	case w != 0 && h != 0:
		e.WidthMM, e.HeightMM = int(w)*10, int(h)*10
	case w == 0 && h == 0:
	case e.Revision < 4:
		e.problem(0, 21, BadSize, "a width without a height, or a height without a width")
	case h == 0:
		e.Aspect = float64(int(w)+99) / 100
	default:
		e.Aspect = 100 / float64(int(h)+99)
	}
}
