package timing

import "sort"

// A codeIndex finds a DMT row by a code: a table sorted by code, as it is asked
// for every timing of every EDID.
type codeIndex []struct {
	code uint32
	id   uint8
}

var (
	stdIndex = newCodeIndex(func(d *DMT) uint32 { return uint32(d.Std) })
	cvtIndex = newCodeIndex(func(d *DMT) uint32 { return d.CVT })
)

func newCodeIndex(code func(*DMT) uint32) codeIndex {
	var x codeIndex
	for i := range DMTs {
		d := &DMTs[i]
		if c := code(d); c != 0 {
			x = append(x, struct {
				code uint32
				id   uint8
			}{c, d.ID})
		}
	}
	sort.Slice(x, func(i, j int) bool { return x[i].code < x[j].code })
	return x
}

// find gives the row's ID, 0 for none.
func (x codeIndex) find(code uint32) uint8 {
	lo, hi := 0, len(x)
	for lo < hi {
		mid := (lo + hi) / 2
		if x[mid].code < code {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(x) && x[lo].code == code {
		return x[lo].id
	}
	return 0
}
