package report

import (
	"cmp"

	"attune/internal/status/timeline"
)

// A step is one link of a chain, in words, or several short ones as one.
type step struct {
	Name, Kind, Why, Err string
	At, MS               int64
	Folded               int // how many links this stands for, 0 for one by itself
}

// told is how many links of a chain are told each by itself.
const told = 10

// steps tells a chain: its ends, what took longest of it, and the rest by
// number.
func steps(c timeline.Chain) (all []step) {
	least := shortest(c)
	for i, l := range c {
		if i > 0 && i < len(c)-1 && l.MS() < least && l.Err == "" {
			n := len(all)
			if n == 0 || all[n-1].Folded == 0 {
				all = append(all, step{})
				n++
			}
			all[n-1].Folded++
			all[n-1].MS += l.MS()
			continue
		}
		one := step{Name: l.Name, Kind: kindNames[l.Kind], Why: cmp.Or(l.By, l.Why), At: l.Begin, MS: l.MS(), Err: l.Err}
		if l.Kind == timeline.Wait { // its end is what the next one goes back to
			one.At = l.End
		}
		all = append(all, one)
	}
	return all
}

// shortest is how long a link must last to be told by itself.
func shortest(c timeline.Chain) int64 {
	least := int64(0)
	for n := len(c); n > told; least++ {
		n = 0
		for _, l := range c {
			if l.MS() >= least+1 {
				n++
			}
		}
	}
	return least
}
