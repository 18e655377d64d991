package edid

// A Formula is a timing told by size and rate, to be computed.
type Formula struct {
	Width      int      `json:"width"`
	Height     int      `json:"height"`
	Hz         int      `json:"hz"`
	Kind       Blanking `json:"formula"`
	Interlaced bool     `json:"interlaced,omitempty"`
	Preferred  bool     `json:"preferred,omitempty"`
	NTSC       bool     `json:"ntsc,omitempty"` // the rate times 1000/1001 as well
	YCbCr420   bool     `json:"ycbcr420,omitempty"`
	HBlank     int      `json:"hblank,omitempty"` // type X, CVT-RB3: pixels instead of 80; 0 not told
	Stereo     Stereo   `json:"stereo,omitempty"`
}

// Blanking names a variant of CVT.
type Blanking uint8

// The variants, as DisplayID numbers them.
const (
	CVTStandard Blanking = iota
	CVTReduced1
	CVTReduced2
	CVTReduced3
)

var blankingNames = [...]string{"cvt", "cvt-rb", "cvt-rb2", "cvt-rb3"}

func (b Blanking) String() string { return nameOf(blankingNames[:], int(b)) }

// MarshalText gives the name.
func (b Blanking) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// A TimingID is a row of one of the tables.
type TimingID struct {
	Table     TimingTable `json:"table"`
	ID        uint16      `json:"id"`
	Preferred bool        `json:"preferred,omitempty"`
	YCbCr420  bool        `json:"ycbcr420,omitempty"`
}

// TimingTable is the table an ID is of.
type TimingTable uint8

// The tables, as DisplayID numbers them.
const (
	TableDMT TimingTable = iota
	TableVIC
	TableHDMIVIC
)

var timingTableNames = [...]string{"dmt", "vic", "hdmi-vic"}

func (t TimingTable) String() string { return nameOf(timingTableNames[:], int(t)) }

// MarshalText gives the name.
func (t TimingTable) MarshalText() ([]byte, error) { return []byte(t.String()), nil }
