package records

import "slices"

// same says how closely displays are those of a match, and where each of the
// match is now. From the surest:
//
//	3  the same displays on the same connectors
//	2  the same displays, some on other connectors
//	1  displays of the same models on the same connectors of the same kind of
//	   machine: the lab PC beside it
//	0  others
//
// A display is the same by its serial number. One that has none, as most panels,
// or tells nothing at all, is when its model is on that connector of that kind of
// machine. One display more, one fewer or one of another model, and it is another
// set.
func same(want, have []Display, sameMachine bool) (int, map[place]place) {
	if len(want) != len(have) || len(want) == 0 {
		return 0, nil
	}
	here := func(w, h Display) bool { return sameMachine && w.where(h) }
	is := func(w, h Display) bool { return w.Serial == h.Serial && (w.Serial != "" || here(w, h)) }
	for _, way := range []struct {
		fit int
		is  func(w, h Display) bool
	}{
		{3, func(w, h Display) bool { return is(w, h) && w.Connector == h.Connector }},
		{2, func(w, h Display) bool { return is(w, h) && distinct(want) }},
		{1, here},
	} {
		if at, all := pair(want, have, func(w, h Display) bool { return w.model() == h.model() && way.is(w, h) }); all {
			return way.fit, at
		}
	}
	return 0, nil
}

// distinct says whether no display has another's serial number.
func distinct(all []Display) bool {
	seen := map[string]bool{}
	for _, d := range all {
		if seen[d.Serial] {
			return false
		}
		seen[d.Serial] = d.Serial != ""
	}
	return true
}

// pair finds for each display wanted its own there, the one on its card first.
func pair(want, have []Display, is func(w, h Display) bool) (map[place]place, bool) {
	at := map[place]place{}
	free := slices.Clone(have)
	for _, w := range want {
		i := slices.IndexFunc(free, func(h Display) bool { return is(w, h) && w.Card == h.Card })
		if i < 0 {
			i = slices.IndexFunc(free, func(h Display) bool { return is(w, h) })
		}
		if i < 0 {
			return nil, false
		}
		at[w.at()] = free[i].at()
		free = slices.Delete(free, i, i+1)
	}
	return at, true
}

// where says whether a display is where the record has it. One written by hand
// need not name the card.
func (d Display) where(h Display) bool {
	return d.Connector == h.Connector && (d.Card == "" || d.Card == h.Card)
}
