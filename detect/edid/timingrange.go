package edid

// A TimingRange is a video timing range of DisplayID 1.x, or a dynamic range
// of 2.x.
type TimingRange struct {
	MinClock int64 `json:"min_clock_hz"`
	MaxClock int64 `json:"max_clock_hz"`
	MinHKHz  int   `json:"min_h_khz,omitempty"` // 1.x
	MaxHKHz  int   `json:"max_h_khz,omitempty"`
	MinVHz   int   `json:"min_v_hz"`
	MaxVHz   int   `json:"max_v_hz"`
	Seamless bool  `json:"seamless,omitempty"` // 2.x: the rate may change from frame to frame
}

// addRange1 is DisplayID 1.3 §4.8.
func (d *DisplayID) addRange1(x []byte) bool {
	if len(x) < 15 {
		return false
	}
	d.Ranges = append(d.Ranges, TimingRange{
		MinClock: int64(le24(x)) * 10_000, MaxClock: int64(le24(x[3:])) * 10_000,
		MinHKHz: int(x[6]), MaxHKHz: int(x[7]), MinVHz: int(x[10]), MaxVHz: int(x[11]),
	})
	return true
}

// addRange2 is DisplayID 2.1a §4.6.
func (d *DisplayID) addRange2(flags byte, x []byte) bool {
	if len(x) < 9 {
		return false
	}
	r := TimingRange{
		MinClock: int64(le24(x)+1) * 1000, MaxClock: int64(le24(x[3:])+1) * 1000,
		MinVHz: int(x[6]), MaxVHz: int(x[7]), Seamless: x[8]&0x80 != 0,
	}
	if flags&7 != 0 {
		r.MaxVHz |= int(x[8]&3) << 8
	}
	d.Ranges = append(d.Ranges, r)
	return true
}

// An AdaptiveSync is one range of the adaptive-sync block of DisplayID 2.x.
type AdaptiveSync struct {
	Native bool `json:"native,omitempty"` // of the panel itself
	MinVHz int  `json:"min_v_hz"`
	MaxVHz int  `json:"max_v_hz"`
}

// addAdaptive is DisplayID 2.1a §4.15.
func (d *DisplayID) addAdaptive(flags byte, x []byte) bool {
	size := 6 + int(flags>>4&7)
	for ; len(x) >= size; x = x[size:] {
		d.Adaptive = append(d.Adaptive, AdaptiveSync{
			Native: x[0]&1 != 0, MinVHz: int(x[2]), MaxVHz: 1 + int(x[3]) + int(x[4]&3)<<8,
		})
	}
	return len(x) == 0
}
