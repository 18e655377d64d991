package edid

// DI is the display information extension. VESA DI-EXT.
type DI struct {
	Version int `json:"version"`
}
