package edid

// A Tile says which part of a larger picture a display is. DisplayID 1.3
// §4.14, 2.1a §4.9.
type Tile struct {
	Group           TileGroup `json:"group"`
	Columns         int       `json:"columns"` // of the whole
	Rows            int       `json:"rows"`
	Column          int       `json:"column"` // of this one, from 0 at the left
	Row             int       `json:"row"`    // from 0 at the top
	Width           int       `json:"width"`  // of this one, in pixels
	Height          int       `json:"height"`
	SingleEnclosure bool      `json:"single_enclosure,omitempty"`
	// Alone and Some say what one tile shows when it is the only one with a
	// picture, or when more but not all have one: see the standard's table.
	Alone uint8  `json:"alone,omitempty"`
	Some  uint8  `json:"some,omitempty"`
	Bezel *Bezel `json:"bezel,omitempty"`
}

// A TileGroup is the same for all tiles of one display.
type TileGroup struct {
	Vendor  string `json:"vendor"` // three letters (DisplayID 1.x), or an OUI in hexadecimal (2.x)
	Product uint16 `json:"product"`
	Serial  uint32 `json:"serial"`
}

// A Bezel is the frame around a tile, in tenths of a pixel.
type Bezel struct {
	Top    int `json:"top"`
	Bottom int `json:"bottom"`
	Right  int `json:"right"`
	Left   int `json:"left"`
}

// Tile is the display's part in a larger picture, false when it is whole.
func (e *EDID) Tile() (Tile, bool) {
	if e.DisplayID == nil || e.DisplayID.Tile == nil {
		return Tile{}, false
	}
	return *e.DisplayID.Tile, true
}

// parseTile reads the 22 bytes of the block; s is the same bytes to cut the
// vendor from.
func (d *DisplayID) parseTile(s string, tag byte, x []byte) bool {
	if len(x) < 22 || len(s) < 22 || d.Tile != nil {
		return len(x) >= 22
	}
	caps := x[0]
	t := &Tile{
		SingleEnclosure: caps&0x80 != 0, Alone: caps & 7, Some: caps >> 3 & 3,
		Columns: int(x[1]>>4|x[3]>>2&0x30) + 1, Rows: int(x[1]&0xf|x[3]&0x30) + 1,
		Column: int(x[2]>>4 | x[3]<<2&0x30), Row: int(x[2]&0xf | x[3]<<4&0x30),
		Width: le16(x[4:]) + 1, Height: le16(x[6:]) + 1,
		Group: TileGroup{Vendor: vendorName(s[13:16], tag >= 0x20), Product: uint16(le16(x[16:])), Serial: uint32(le32(x[18:]))},
	}
	if by := int(x[8]); caps&0x40 != 0 && by != 0 {
		t.Bezel = &Bezel{Top: by * int(x[9]), Bottom: by * int(x[10]), Right: by * int(x[11]), Left: by * int(x[12])}
	}
	d.Tile = t
	return true
}
