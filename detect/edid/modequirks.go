package edid

// A quirk is what the kernel knows to be wrong with the modes of a display.
type quirk uint8

const (
	largest60      quirk = 1 << iota // the preferred mode is wrong: take the largest, closest to 60 Hz
	largest75                        // the same at 75 Hz
	clockTooHigh                     // the clock of 135 MHz is
	reducedTimings                   // detailed timings should be of reduced blanking
	syncPositive                     // both sync pulses are positive
	wrongDisplayID                   // the checksum within DisplayID is wrong, its timings are right; since 6.12
)

// The displays of the kernel's list whose modes it changes. The others there
// are about colour depth, size and headsets.
var quirks = [...]struct {
	vendor  string
	product uint16
	quirk   quirk
}{
	{"ACR", 44358, largest60},     // Acer AL1706
	{"API", 0x7602, largest60},    // Acer F51
	{"MAX", 1516, largest60},      // Belinea 10 15 55
	{"MAX", 0x77e, largest60},     // Belinea 10 15 55
	{"EPI", 59264, clockTooHigh},  // Envision EN-7100e
	{"EPI", 8232, largest60},      // Envision EN2028
	{"FCM", 13600, largest75},     // Funai PM36B
	{"SAM", 541, syncPositive},    // Samsung SyncMaster 205BW
	{"SAM", 596, largest60},       // Samsung SyncMaster 225BW
	{"SAM", 638, largest60},       // Samsung SyncMaster 226BW
	{"VSC", 5020, reducedTimings}, // ViewSonic VA2026w
	{"MED", 0x7b8, largest75},     // Medion MD 30217 PG
	{"CSO", 5142, wrongDisplayID}, // CSOT MNE007ZA1-5
}

// id is how bytes 8 to 11 name a display.
func id(vendor string, product uint16) string {
	v := uint16(vendor[0]-'@')<<10 | uint16(vendor[1]-'@')<<5 | uint16(vendor[2]-'@')
	return string([]byte{byte(v >> 8), byte(v), byte(product), byte(product >> 8)})
}

func quirkOf(raw string) quirk {
	for _, q := range quirks {
		if id(q.vendor, q.product) == raw[8:12] {
			return q.quirk
		}
	}
	return 0
}

// fixPreferred prefers the largest mode where the display's own choice is known
// to be wrong.
func (l *modeList) fixPreferred() {
	if l.quirk&(largest60|largest75) == 0 || len(l.modes) == 0 {
		return
	}
	hz := 60
	if l.quirk&largest75 != 0 {
		hz = 75
	}
	off := func(k *kmode) int { return max(k.hz()-hz, hz-k.hz()) }
	best := &l.modes[0]
	for i := range l.modes {
		k := &l.modes[i]
		k.preferred = false
		if k.area() > best.area() || k.area() == best.area() && off(k) < off(best) {
			best = k
		}
	}
	best.preferred = true
}
