package edid

// RangeLimits is descriptor FD: what the display can follow. EDID 1.4 §3.10.3.3.
type RangeLimits struct {
	MinVHz   int `json:"min_v_hz"`
	MaxVHz   int `json:"max_v_hz"`
	MinHKHz  int `json:"min_h_khz"`
	MaxHKHz  int `json:"max_h_khz"`
	MaxClock int `json:"max_clock_mhz,omitempty"` // 0 when not given

	Formula RangeFormula `json:"formula"`
	GTF2    *GTF2        `json:"gtf2,omitempty"`
	CVT     *CVTLimits   `json:"cvt,omitempty"`
}

// RangeFormula says with what timings the ranges may be filled.
type RangeFormula uint8

// The formulas, byte 10 of the descriptor.
const (
	DefaultGTF RangeFormula = 0
	RangeOnly  RangeFormula = 1
	SecondGTF  RangeFormula = 2
	CVTFormula RangeFormula = 4
)

var rangeFormulaNames = [...]string{"default-gtf", "range-only", "secondary-gtf", "", "cvt"}

func (f RangeFormula) String() string { return nameOf(rangeFormulaNames[:], int(f)) }

// MarshalText gives the name.
func (f RangeFormula) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// GTF2 is the secondary curve: from StartKHz on, with these parameters.
type GTF2 struct {
	StartKHz int     `json:"start_khz"`
	C        float64 `json:"c"`
	M        int     `json:"m"`
	K        int     `json:"k"`
	J        float64 `json:"j"`
}

// CVTLimits is what a display says of the CVT timings it takes.
type CVTLimits struct {
	Version         string `json:"version"`
	ExtraClock      int    `json:"extra_clock_khz,omitempty"` // to subtract from MaxClock, in steps of 250 kHz
	MaxWidth        int    `json:"max_width,omitempty"`       // active pixels a line, 0 without a limit
	Aspects         uint8  `json:"aspects"`                   // bits 7 to 3: 4:3, 16:9, 16:10, 5:4, 15:9
	PreferredAspect string `json:"preferred_aspect"`
	Standard        bool   `json:"standard_blanking"`
	Reduced         bool   `json:"reduced_blanking"`
	Scaling         uint8  `json:"scaling"` // bits 7 to 4: horizontal shrink, stretch, vertical shrink, stretch
	PreferredHz     int    `json:"preferred_hz"`
}

var cvtAspects = [...]string{"4:3", "16:9", "16:10", "5:4", "15:9"}

func (e *EDID) parseRange(a *arena, b []byte, block, offset int) {
	b = b[:18]
	if e.RangeLimits != nil {
		return
	}
	r := &a.rangeLimits
	*r = RangeLimits{MinVHz: int(b[5]), MaxVHz: int(b[6]), MinHKHz: int(b[7]), MaxHKHz: int(b[8])}
	if e.Revision >= 4 { // offsets of 255: EDID 1.4 table 3.26
		if b[4]&2 != 0 {
			r.MaxVHz += 255
		}
		if b[4]&3 == 3 {
			r.MinVHz += 255
		}
		if b[4]&8 != 0 {
			r.MaxHKHz += 255
		}
		if b[4]&12 == 12 {
			r.MinHKHz += 255
		}
	}
	if b[9] != 0xff {
		r.MaxClock = int(b[9]) * 10
	}
	r.Formula = RangeFormula(b[10])
	switch r.Formula {
	case SecondGTF:
		r.GTF2 = &GTF2{StartKHz: int(b[12]) * 2, C: float64(b[13]) / 2,
			M: int(b[14]) | int(b[15])<<8, K: int(b[16]), J: float64(b[17]) / 2}
	case CVTFormula:
		r.CVT = cvtLimits(b)
	}
	e.RangeLimits = r
	if r.MinVHz > r.MaxVHz || r.MinHKHz > r.MaxHKHz {
		e.problem(block, offset, BadRange, "the range limits have their minimum above their maximum")
	}
}

func cvtLimits(b []byte) *CVTLimits {
	c := &CVTLimits{
		ExtraClock: int(b[12]>>2) * 250,
		MaxWidth:   (int(b[12]&3)<<8 | int(b[13])) * 8,
		Aspects:    b[14] & 0xf8,
		Standard:   b[15]&8 != 0, Reduced: b[15]&16 != 0,
		Scaling: b[16] & 0xf0, PreferredHz: int(b[17]),
	}
	c.Version = string([]byte{'0' + b[11]>>4, '.', '0' + b[11]&0xf})
	c.PreferredAspect = nameOf(cvtAspects[:], int(b[15]>>5))
	return c
}
