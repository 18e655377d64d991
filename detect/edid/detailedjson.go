package edid

import (
	"encoding/json"
	"math"
)

// MarshalJSON has the picture and its rate first, then the signal.
func (d Detailed) MarshalJSON() ([]byte, error) {
	type pulse struct {
		Front    int  `json:"front"`
		Sync     int  `json:"sync"`
		Back     int  `json:"back"`
		Border   int  `json:"border,omitempty"`
		Positive bool `json:"positive,omitempty"`
	}
	return json.Marshal(struct {
		Width      int      `json:"width"`
		Height     int      `json:"height"`
		Hz         float64  `json:"hz"`
		Interlaced bool     `json:"interlaced,omitempty"`
		Preferred  bool     `json:"preferred,omitempty"`
		Clock      int64    `json:"clock_hz"`
		H          pulse    `json:"h"`
		V          pulse    `json:"v"`
		WidthMM    int      `json:"width_mm,omitempty"`
		HeightMM   int      `json:"height_mm,omitempty"`
		Sync       SyncKind `json:"sync"`
		Stereo     *Stereo  `json:"stereo,omitempty"`
		YCbCr420   bool     `json:"ycbcr420,omitempty"`
		Block      uint8    `json:"block"`
		Offset     uint8    `json:"offset"`
	}{
		d.HActive, d.VActive, math.Round(d.Refresh()*1000) / 1000, d.Interlaced, d.Preferred, d.Clock,
		pulse{d.HFront, d.HSync, d.HBack, d.HBorder, d.HSyncPositive}, pulse{d.VFront, d.VSync, d.VBack, d.VBorder, d.VSyncPositive},
		d.WidthMM, d.HeightMM, d.Sync, stereoJSON(d.Stereo), d.YCbCr420, d.Block, d.Offset,
	})
}

// stereoJSON leaves no stereo out, which has a name otherwise.
func stereoJSON(s Stereo) *Stereo {
	if s == NoStereo {
		return nil
	}
	return &s
}
