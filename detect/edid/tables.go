package edid

import "strconv"

// nameOf is a table's name for a number, or the number.
func nameOf(names []string, n int) string {
	if n >= 0 && n < len(names) && names[n] != "" {
		return names[n]
	}
	return strconv.Itoa(n)
}

// bitNames are the names of the bits set, from the lowest on.
func bitNames(names []string, bits uint) []string {
	var set []string
	for i := 0; bits != 0; i, bits = i+1, bits>>1 {
		if bits&1 != 0 {
			set = append(set, nameOf(names, i))
		}
	}
	return set
}

func le16(b []byte) int { return int(b[0]) | int(b[1])<<8 }
func le24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
func le32(b []byte) int { return le24(b) | int(b[3])<<24 }
