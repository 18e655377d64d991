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
