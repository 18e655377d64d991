package timing

// Established is the mode of one bit of an EDID's established timings, nil for
// a bit without a meaning. Bits 0 to 23 are those of bytes 35 to 37, from the
// most significant of the first on; from 24 on those of the established timings
// III, descriptor F7. Modes are the table's own: not to be written to.
func Established(bit int) *Mode {
	if bit < 0 || bit >= len(established) {
		return nil
	}
	e := &established[bit]
	if d := DMTByID(e.dmt); d != nil {
		return &d.Mode
	}
	if e.own.Clock == 0 {
		return nil
	}
	return &e.own
}

// Some are older than DMT, and of IBM's or Apple's making.
var established = [24 + 44]struct {
	dmt uint8
	own Mode
}{
	0:  {own: Mode{Clock: 28320000, HActive: 720, HFront: 18, HSync: 108, HBack: 54, VActive: 400, VFront: 21, VSync: 2, VBack: 26, VSyncPositive: true}}, // IBM 720x400@70
	1:  {own: Mode{Clock: 35500000, HActive: 720, HFront: 18, HSync: 108, HBack: 54, VActive: 400, VFront: 12, VSync: 2, VBack: 35, VSyncPositive: true}}, // IBM 720x400@88
	2:  {dmt: 0x04},
	3:  {own: Mode{Clock: 30240000, HActive: 640, HFront: 64, HSync: 64, HBack: 96, VActive: 480, VFront: 3, VSync: 3, VBack: 39}}, // Apple 640x480@67
	4:  {dmt: 0x05},
	5:  {dmt: 0x06},
	6:  {dmt: 0x08},
	7:  {dmt: 0x09},
	8:  {dmt: 0x0a},
	9:  {dmt: 0x0b},
	10: {own: Mode{Clock: 57284000, HActive: 832, HFront: 32, HSync: 64, HBack: 224, VActive: 624, VFront: 1, VSync: 3, VBack: 39}}, // Apple 832x624@75
	11: {dmt: 0x0f},
	12: {dmt: 0x10},
	13: {dmt: 0x11},
	14: {dmt: 0x12},
	15: {dmt: 0x24},
	16: {own: Mode{Clock: 100000000, HActive: 1152, HFront: 48, HSync: 128, HBack: 128, VActive: 870, VFront: 3, VSync: 3, VBack: 39, HSyncPositive: true, VSyncPositive: true}}, // Apple 1152x870@75

	24: {dmt: 0x01}, {dmt: 0x02}, {dmt: 0x03}, {dmt: 0x07}, {dmt: 0x0e}, {dmt: 0x0c}, {dmt: 0x13}, {dmt: 0x15},
	32: {dmt: 0x16}, {dmt: 0x17}, {dmt: 0x18}, {dmt: 0x19}, {dmt: 0x20}, {dmt: 0x21}, {dmt: 0x23}, {dmt: 0x25},
	40: {dmt: 0x27}, {dmt: 0x2e}, {dmt: 0x2f}, {dmt: 0x30}, {dmt: 0x31}, {dmt: 0x29}, {dmt: 0x2a}, {dmt: 0x2b},
	48: {dmt: 0x2c}, {dmt: 0x39}, {dmt: 0x3a}, {dmt: 0x3b}, {dmt: 0x3c}, {dmt: 0x33}, {dmt: 0x34}, {dmt: 0x35},
	56: {dmt: 0x36}, {dmt: 0x37}, {dmt: 0x3e}, {dmt: 0x3f}, {dmt: 0x41}, {dmt: 0x42}, {dmt: 0x44}, {dmt: 0x45},
	64: {dmt: 0x46}, {dmt: 0x47}, {dmt: 0x49}, {dmt: 0x4a},
}
