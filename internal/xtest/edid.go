// Package xtest makes machines for the tests of xconfig's packages: EDIDs of
// displays that do not exist, cards they hang on, an image as Debian's; and gives
// the real displays of the corpus. It checks nothing.
package xtest

import "attune/detect/edid/timing"

// An EDID writes small EDIDs for tests, EDID 1.4 with what a test needs.
type EDID struct {
	Vendor            string
	Product           uint16
	Serial            uint32
	Name              string
	WidthMM, HeightMM int
	Modes             []timing.Mode // up to three; the first is the preferred one
	PlainDTD          bool          // the first mode is not marked preferred (EDID 1.3)
	DisplayID         []byte        // data blocks of a DisplayID extension
}

// Bytes is the EDID.
func (m EDID) Bytes() []byte {
	b := make([]byte, 128)
	copy(b, "\x00\xff\xff\xff\xff\xff\xff\x00")
	if m.Vendor == "" {
		m.Vendor = "ATU"
	}
	id := uint16(m.Vendor[0]-'@')<<10 | uint16(m.Vendor[1]-'@')<<5 | uint16(m.Vendor[2]-'@')
	b[8], b[9] = byte(id>>8), byte(id)
	b[10], b[11] = byte(m.Product), byte(m.Product>>8)
	for i := range 4 {
		b[12+i] = byte(m.Serial >> (8 * i))
	}
	b[16], b[17], b[18], b[19] = 1, 30, 1, 4
	b[20] = 0xa5
	b[21], b[22], b[23], b[24] = byte((m.WidthMM+5)/10), byte((m.HeightMM+5)/10), 120, 0x06
	if m.PlainDTD {
		b[19], b[20], b[24] = 3, 0x80, 0x04
	}
	for i := 38; i < 54; i++ {
		b[i] = 1
	}
	for i := range 4 {
		d := b[54+18*i : 72+18*i]
		switch {
		case i < len(m.Modes):
			m.detailed(d, m.Modes[i])
		case i == len(m.Modes) && m.Name != "":
			d[3] = 0xfc
			copy(d[5:], "             ")
			if n := copy(d[5:], m.Name); n < 13 {
				d[5+n] = '\n'
			}
		default:
			d[3] = 0x10
		}
	}
	if m.DisplayID != nil {
		b[126] = 1
		return append(checksum(b), m.extension()...)
	}
	return checksum(b)
}

func (m EDID) detailed(d []byte, t timing.Mode) {
	hb, vb := t.HFront+t.HSync+t.HBack, t.VFront+t.VSync+t.VBack
	v := t.VActive
	if t.Interlaced {
		v /= 2
		d[17] |= 0x80
	}
	clock := t.Clock / 10000
	d[0], d[1] = byte(clock), byte(clock>>8)
	d[2], d[3], d[4] = byte(t.HActive), byte(hb), byte(t.HActive>>8<<4|hb>>8)
	d[5], d[6], d[7] = byte(v), byte(vb), byte(v>>8<<4|vb>>8)
	d[8], d[9] = byte(t.HFront), byte(t.HSync)
	d[10] = byte(t.VFront&15<<4 | t.VSync&15)
	d[11] = byte(t.HFront>>8<<6 | t.HSync>>8<<4 | t.VFront>>4<<2 | t.VSync>>4)
	d[12], d[13], d[14] = byte(m.WidthMM), byte(m.HeightMM), byte(m.WidthMM>>8<<4|m.HeightMM>>8)
	d[17] |= 0x18
}

// extension is a DisplayID 1.3 block around the data blocks.
func (m EDID) extension() []byte {
	b := make([]byte, 128)
	b[0], b[1], b[2], b[3] = 0x70, 0x13, byte(len(m.DisplayID)), 0
	copy(b[5:], m.DisplayID)
	var s byte
	for _, v := range b[1 : 5+len(m.DisplayID)] {
		s += v
	}
	b[5+len(m.DisplayID)] = -s
	return checksum(b)
}

func checksum(b []byte) []byte {
	var s byte
	for _, v := range b[:127] {
		s += v
	}
	b[127] = -s
	return b
}

// TileBlock is DisplayID 1.3's tiled display topology block.
func TileBlock(columns, rows, column, row, w, h int, serial uint32) []byte {
	b := []byte{0x12, 0, 22, 0x82,
		byte((columns-1)&15<<4 | (rows-1)&15), byte(column&15<<4 | row&15), 0,
		byte(w - 1), byte((w - 1) >> 8), byte(h - 1), byte((h - 1) >> 8),
		0, 0, 0, 0, 0, 'A', 'T', 'U', 1, 0}
	for i := range 4 {
		b = append(b, byte(serial>>(8*i)))
	}
	return b
}

// CVT is a mode with reduced blanking.
func CVT(w, h int, hz float64) timing.Mode {
	m, err := timing.CVT(timing.CVTInput{Width: w, Height: h, Rate: hz, Reduced: 1})
	if err != nil {
		panic(err)
	}
	m.Clock -= m.Clock % 10000
	return m
}
