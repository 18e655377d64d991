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
	Container string         `json:"container,omitempty"` // container ID, 16 bytes as hexadecimal
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

// ProductKind is what kind of thing the display is: the product type of
// DisplayID 1.x, or the primary use case of 2.x.
type ProductKind struct {
	Version int   // 1 or 2
	Code    uint8 // 1.x: table 2.2; 2.x: table 2.3
}

// A ProductID says who made the display, apart from the base block's.
type ProductID struct {
	Vendor    string `json:"vendor,omitempty"` // three letters (1.x), or an OUI as six hexadecimal digits (2.x)
	Product   uint16 `json:"product"`
	Serial    uint32 `json:"serial,omitempty"`
	Week      int    `json:"week,omitempty"`
	Year      int    `json:"year,omitempty"`
	ModelYear int    `json:"model_year,omitempty"`
	Name      string `json:"name,omitempty"` // any bytes
}

// DisplayParams is the display parameters data block.
type DisplayParams struct {
	WidthUM  int `json:"width_um,omitempty"` // image size in micrometres, 0 unknown
	HeightUM int `json:"height_um,omitempty"`
	Width    int `json:"width,omitempty"` // native format in pixels, 0 unknown
	Height   int `json:"height,omitempty"`

	Aspect          float64 `json:"aspect,omitempty"`           // 1.x: long side by short
	Gamma           float64 `json:"gamma,omitempty"`            // 0 not given
	BitDepth        int     `json:"bit_depth,omitempty"`        // native, per colour; 0 not given
	Features        uint8   `json:"features"`                   // as it stands
	ScanOrientation uint8   `json:"scan_orientation,omitempty"` // 2.x

	MaxFull float64 `json:"max_full_cdm2,omitempty"` // 2.x luminances, 0 not given
	Max10   float64 `json:"max_10_percent_cdm2,omitempty"`
	Min     float64 `json:"min_cdm2,omitempty"`
}

// InterfaceInfo is the display interface block of 1.x, or the interface
// features of 2.x.
type InterfaceInfo struct {
	Version  int   `json:"version"`
	Type     uint8 `json:"type,omitempty"`            // 1.x: 0 analog, 1 LVDS, 2 TMDS, ... 9 proprietary
	Links    uint8 `json:"links,omitempty"`           // 1.x
	RGB      uint8 `json:"rgb_depths,omitempty"`      // bits 0 to 5: 6, 8, 10, 12, 14, 16 bits per colour
	YCbCr444 uint8 `json:"ycbcr444_depths,omitempty"` // the same bits
	YCbCr422 uint8 `json:"ycbcr422_depths,omitempty"` // bits 0 to 4: 8, 10, 12, 14, 16
	YCbCr420 uint8 `json:"ycbcr420_depths,omitempty"` // 2.x, the same bits as 4:2:2
}

// A TimingRange is a video timing range of 1.x, or a dynamic range of 2.x.
type TimingRange struct {
	MinClock int64 `json:"min_clock_hz"`
	MaxClock int64 `json:"max_clock_hz"`
	MinHKHz  int   `json:"min_h_khz,omitempty"`
	MaxHKHz  int   `json:"max_h_khz,omitempty"`
	MinVHz   int   `json:"min_v_hz"`
	MaxVHz   int   `json:"max_v_hz"`
	Seamless bool  `json:"seamless,omitempty"`
}

// An AdaptiveSync is one range of the adaptive-sync block of 2.x.
type AdaptiveSync struct {
	MinVHz int `json:"min_v_hz"`
	MaxVHz int `json:"max_v_hz"`
}
