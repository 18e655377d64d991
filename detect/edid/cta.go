package edid

// CTA is what all CTA-861 extension blocks say together, and the CTA blocks
// within DisplayID. CTA-861-H §7.3 to §7.5.
type CTA struct {
	Revision   int  `json:"revision"` // of the first block
	Underscan  bool `json:"underscan,omitempty"`
	BasicAudio bool `json:"basic_audio,omitempty"`
	YCbCr444   bool `json:"ycbcr444,omitempty"`
	YCbCr422   bool `json:"ycbcr422,omitempty"`
	NativeDTDs int  `json:"native_dtds,omitempty"` // how many of the detailed timings, from the base block's first on, are native

	Video     []SVD      `json:"video,omitempty"`     // video data blocks, in order
	Video420  []SVD      `json:"video_420,omitempty"` // 4:2:0 video data block: shown in 4:2:0 alone
	Preferred []SVR      `json:"preferred,omitempty"` // video format preference data block, best first
	Native    *NativeRes `json:"native,omitempty"`    // native video resource data block
	Detailed  []Detailed `json:"detailed,omitempty"`  // 18-byte timings behind the data blocks
	Type7     []Detailed `json:"type7,omitempty"`     // DisplayID type VII timings in a data block of their own
	Type8     []TimingID `json:"type8,omitempty"`     // DisplayID type VIII
	Type10    []Formula  `json:"type10,omitempty"`    // DisplayID type X

	Audio            []Audio  `json:"audio,omitempty"`
	Speakers         Speakers `json:"speakers,omitempty"`
	SpeakerLocations int      `json:"speaker_locations,omitempty"` // how many the speaker location block has
	RoomSpeakers     int      `json:"room_speakers,omitempty"`     // speaker count of the room configuration block

	HDMI        *HDMI            `json:"hdmi,omitempty"`
	HDMIForum   *HDMIForum       `json:"hdmi_forum,omitempty"`
	Microsoft   *Microsoft       `json:"microsoft,omitempty"`
	VideoCap    *VideoCapability `json:"video_capability,omitempty"`
	Colorimetry Colorimetry      `json:"colorimetry,omitempty"`
	HDR         *HDRStatic       `json:"hdr_static,omitempty"`
	HDRDynamic  []HDRDynamic     `json:"hdr_dynamic,omitempty"`

	// ExtensionCount is HDMI Forum's count of extension blocks, which overrides
	// the base block's byte 126; 0 where there is none. HDMI 2.1b §10.3.6.
	ExtensionCount int `json:"extension_count,omitempty"`

	Vendor []VendorBlock `json:"vendor,omitempty"` // vendor specific blocks of those not read here
	Blocks []DataBlock   `json:"blocks,omitempty"` // every data block, in order
}

// A ctaArena is a CTA with room for what most have.
type ctaArena struct {
	CTA
	video    [18]SVD
	audio    [3]Audio
	detailed [4]Detailed
	blocks   [8]DataBlock
	hdmi     HDMI
	videoCap VideoCapability
	hdr      HDRStatic
	has420   bool   // there is a 4:2:0 capability map
	map420   string // its bits
}

func (p *parser) newCTA() *ctaArena {
	if p.cta == nil {
		c := new(ctaArena)
		c.Video, c.Audio, c.Detailed, c.Blocks = c.video[:0], c.audio[:0], c.detailed[:0], c.blocks[:0]
		p.cta, p.CTA = c, &c.CTA
	}
	return p.cta
}

// parseCTA reads block n. CTA-861-H §7.3.
func (p *parser) parseCTA(n int, b []byte) {
	first := p.cta == nil
	c := p.newCTA()
	revision, end := int(b[1]), int(b[2])
	if first || c.Revision == 0 {
		c.Revision = revision
		if revision >= 2 {
			c.Underscan, c.BasicAudio = b[3]&0x80 != 0, b[3]&0x40 != 0
			c.YCbCr444, c.YCbCr422 = b[3]&0x20 != 0, b[3]&0x10 != 0
			c.NativeDTDs = int(b[3] & 0xf)
		}
	}
	switch {
	case end == 0: // neither data blocks nor timings
		return
	case end < 4 || end > 127:
		p.problem(n, 2, BadLength, "the offset of the detailed timings is out of the block")
		return
	}
	if revision >= 3 {
		p.ctaBlocks(n, 4, b[4:end])
	}
	for i := end; i+18 <= 127; i += 18 {
		if x := b[i : i+18]; x[0] != 0 || x[1] != 0 {
			p.addDetailed(&c.Detailed, x, n, i)
		} else if x[3] == 0 { // padding, unlike the serial numbers and names some have here
			return
		} else {
			p.descriptor(p.arena, x, n, i)
		}
	}
}

// ctaBlocks reads a collection of data blocks, which starts at an offset of
// extension block n.
func (p *parser) ctaBlocks(n, offset int, b []byte) {
	for len(b) > 0 {
		length := int(b[0] & 0x1f)
		if length+1 > len(b) {
			p.problem(n, offset, Overrun, "a CTA data block reaches beyond the collection")
			return
		}
		if b[0] != 0 { // a 0 is met as padding
			p.ctaBlock(n, offset, b[0]>>5, b[1:1+length])
		}
		b = b[1+length:]
		offset += 1 + length
	}
}

// finishCTA does what needs every block to have been read.
func (p *parser) finishCTA() {
	c := p.cta
	if c == nil || !c.has420 {
		return
	}
	for i := range c.Video {
		if len(c.map420) == 0 || i/8 < len(c.map420) && c.map420[i/8]>>(i%8)&1 != 0 {
			c.Video[i].Also420 = true
		}
	}
}
