package edid

// addTypes1 are types I and VII: 20 bytes each, with the clock in steps of
// 10 kHz and of 1 kHz. DisplayID 1.3 §4.4.1, 2.1a §4.3.
func (p *parser) addTypes1(n, offset int, tag, revision byte, x []byte) bool {
	unit := int64(10_000)
	if tag == 0x22 {
		unit = 1000
	} else {
		revision = 0
	}
	for ; len(x) >= 20; x, offset = x[20:], offset+20 {
		p.addType1(&p.DisplayID.Detailed, x[:20], n, offset, unit/1000, revision)
	}
	return len(x) == 0
}

// addType1 reads one of them; from revision 2 of type VII on the bit for the
// preferred timing tells of 4:2:0 instead.
func (p *parser) addType1(list *[]Detailed, x []byte, n, offset int, khz int64, revision byte) {
	x = x[:20]
	d := Detailed{Block: uint8(n), Offset: uint8(offset), Sync: DigitalSeparate}
	if revision >= 2 {
		d.YCbCr420 = x[3]&0x80 != 0
	} else {
		d.Preferred = x[3]&0x80 != 0
	}
	d.Stereo = displayIDStereo(x[3])
	d.Clock = int64(le24(x)+1) * khz * 1000
	d.HActive, d.VActive = le16(x[4:])+1, le16(x[12:])+1
	d.HFront, d.VFront = le16(x[8:])&0x7fff+1, le16(x[16:])&0x7fff+1
	d.HSync, d.VSync = le16(x[10:])+1, le16(x[18:])+1
	d.HSyncPositive, d.VSyncPositive = x[9]&0x80 != 0, x[17]&0x80 != 0
	p.finish(list, &d, le16(x[6:])+1, le16(x[14:])+1, x[3]&0x10 != 0)
}

// displayIDStereo is bits 6 and 5: none, stereo, as the user likes.
func displayIDStereo(v byte) Stereo {
	return [4]Stereo{NoStereo, FieldRightFirst, StereoByUser, NoStereo}[v>>5&3]
}

// finish adds a timing with its blanks. The vertical ones of an interlaced
// timing are those of the frame there.
func (p *parser) finish(list *[]Detailed, d *Detailed, hblank, vblank int, interlaced bool) {
	d.HBack, d.VBack = hblank-d.HFront-d.HSync, vblank-d.VFront-d.VSync
	if interlaced {
		d.Interlaced = true
		d.VFront, d.VSync, d.VBack = d.VFront/2, d.VSync/2, d.VBack/2
	}
	if d.HBack < 0 || d.VBack < 0 {
		p.problem(int(d.Block), int(d.Offset), BadTiming, "a timing whose sync pulse ends after the blank part")
	}
	*list = append(*list, *d)
}

// addTypes2 are type II: 11 bytes each, columns in eights. DisplayID 1.3 §4.4.2.
func (p *parser) addTypes2(n, offset int, x []byte) bool {
	for ; len(x) >= 11; x, offset = x[11:], offset+11 {
		d := Detailed{Block: uint8(n), Offset: uint8(offset), Sync: DigitalSeparate,
			Preferred: x[3]&0x80 != 0, Stereo: displayIDStereo(x[3])}
		d.Clock = int64(le24(x)+1) * 10_000
		d.HActive, d.VActive = (le16(x[4:])&0x1ff+1)*8, le16(x[7:])&0xfff+1
		d.HFront, d.VFront = (int(x[6]>>4)+1)*8, int(x[10]>>4)+1
		d.HSync, d.VSync = (int(x[6]&0xf)+1)*8, int(x[10]&0xf)+1
		d.HSyncPositive, d.VSyncPositive = x[3]&8 != 0, x[3]&4 != 0
		p.finish(&p.DisplayID.Detailed, &d, (int(x[5]>>1)+1)*8, int(x[9])+1, x[3]&0x10 != 0)
	}
	return len(x) == 0
}

// addTypes6 are type VI: 14 bytes, and 3 more with the size. DisplayID 1.3 §4.4.6.
func (p *parser) addTypes6(n, offset int, x []byte) bool {
	for len(x) >= 14 {
		size := 14
		if x[2]&0x40 != 0 {
			size = 17
		}
		if len(x) < size {
			return false
		}
		d := Detailed{Block: uint8(n), Offset: uint8(offset), Sync: DigitalSeparate,
			Preferred: x[2]&0x80 != 0, Stereo: displayIDStereo(x[13])}
		d.Clock = int64(le24(x)&0x3fffff+1) * 1000
		d.HActive, d.VActive = le16(x[3:])&0x3fff+1, le16(x[5:])&0x3fff+1
		d.HFront, d.VFront = (int(x[8])|int(x[9]&0xf0)<<4)+1, int(x[12])+1
		d.HSync, d.VSync = int(x[10])+1, int(x[13]&0xf)+1
		d.HSyncPositive, d.VSyncPositive = x[4]&0x80 != 0, x[6]&0x80 != 0
		if size == 17 {
			height := (int(x[16]>>4) + 1) * (le16(x[15:])&0xfff + 1)
			d.WidthMM, d.HeightMM = height*int(x[14])*3/256, height
		}
		p.finish(&p.DisplayID.Detailed, &d, (int(x[7])|int(x[9]&0xf)<<8)+1, int(x[11])+1, x[13]&0x80 != 0)
		x, offset = x[size:], offset+size
	}
	return len(x) == 0
}
