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
	Native    []SVR      `json:"native,omitempty"`    // native video resource data block
	Detailed  []Detailed `json:"detailed,omitempty"`  // 18-byte timings behind the data blocks
	Type7     []Detailed `json:"type7,omitempty"`     // DisplayID type VII timings in a data block of their own
	Type8     []TimingID `json:"type8,omitempty"`     // DisplayID type VIII
	Type10    []Formula  `json:"type10,omitempty"`    // DisplayID type X

	Audio    []Audio  `json:"audio,omitempty"`
	Speakers Speakers `json:"speakers,omitempty"`

	HDMI        *HDMI            `json:"hdmi,omitempty"`
	HDMIForum   *HDMIForum       `json:"hdmi_forum,omitempty"`
	Microsoft   *Microsoft       `json:"microsoft,omitempty"`
	VideoCap    *VideoCapability `json:"video_capability,omitempty"`
	Colorimetry Colorimetry      `json:"colorimetry,omitempty"`
	HDR         *HDRStatic       `json:"hdr_static,omitempty"`
	HDRDynamic  []HDRDynamic     `json:"hdr_dynamic,omitempty"`

	// ExtensionCount is HDMI Forum's count of extension blocks, which overrides
	// the base block's byte 126; 0 where there is none.
	ExtensionCount int `json:"extension_count,omitempty"`

	Vendor []VendorBlock `json:"vendor,omitempty"` // vendor specific blocks of those not read here
	Blocks []DataBlock   `json:"blocks,omitempty"` // every data block, in order
}

// A DataBlock says where a data block is and what kind it is of.
type DataBlock struct {
	Block  int    `json:"block"`
	Offset int    `json:"offset"` // of its first byte within the extension block
	Length int    `json:"length"` // of what follows its header
	Tag    uint16 `json:"tag"`    // CTA: 7 in the high byte stands for an extended tag, which is the low one
	Name   string `json:"name"`   // "unknown" for a tag unknown here
}

// A VendorBlock is a vendor specific data block.
type VendorBlock struct {
	OUI  uint32 `json:"oui"`
	Kind string `json:"kind"` // "", "video" or "audio"
	Data string `json:"data"` // bytes after the OUI; any bytes
}
