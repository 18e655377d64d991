package edid

import (
	"encoding/json"
	"math"
)

// MarshalJSON has the picture and its rate first, and of the signal the clock
// alone.
func (m Mode) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Width        int     `json:"width"`
		Height       int     `json:"height"`
		Hz           float64 `json:"hz"`
		Interlaced   bool    `json:"interlaced,omitempty"`
		Preferred    bool    `json:"preferred,omitempty"`
		Source       Source  `json:"source"`
		AspectWidth  int     `json:"aspect_width,omitempty"`
		AspectHeight int     `json:"aspect_height,omitempty"`
		Only420      bool    `json:"ycbcr420_only,omitempty"`
		Clock        int64   `json:"clock_hz"`
	}{
		m.HActive, m.VActive, math.Round(m.Refresh()*1000) / 1000, m.Interlaced, m.Preferred, m.Source,
		m.AspectWidth, m.AspectHeight, m.Only420, m.Clock,
	})
}
