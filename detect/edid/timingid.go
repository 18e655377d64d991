package edid

// A TimingID is a row of one of the tables.
type TimingID struct {
	Table    TimingTable `json:"table"`
	ID       uint16      `json:"id"`
	YCbCr420 bool        `json:"ycbcr420,omitempty"` // CTA type 8: in 4:2:0 as well
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

// addTimingIDs are types IV and VIII: the header's flags say which table, and
// whether two bytes make an ID. DisplayID 1.3 §4.4.4, 2.1a §4.4.
func addTimingIDs(list []TimingID, flags byte, x []byte) []TimingID {
	t := TimingID{Table: TimingTable(flags >> 6), YCbCr420: flags&0x20 != 0}
	if flags&8 == 0 {
		for _, v := range x {
			t.ID = uint16(v)
			list = append(list, t)
		}
		return list
	}
	for ; len(x) >= 2; x = x[2:] {
		t.ID = uint16(le16(x))
		list = append(list, t)
	}
	return list
}

// addBitmap are the supported timings of a table: bit 0 of the first byte is
// its row 1. DisplayID 1.3 §4.5 and §4.6.
func (d *DisplayID) addBitmap(table TimingTable, x []byte) {
	for i := range 8 * len(x) {
		if x[i/8]>>(i%8)&1 != 0 {
			d.TimingIDs = append(d.TimingIDs, TimingID{Table: table, ID: uint16(i + 1)})
		}
	}
}
