package records

import "slices"

// same says how closely displays are those of a match, and where each of the
// match is now. From the surest:
//
//	3  the same displays on the same connectors, told by serial number
//	2  the same displays, told by serial number, on other connectors
//	1  displays of the same models, or such as tell nothing, on the same
//	   connectors of the same kind of machine: the lab PC beside it
//	0  others
//
// One display more, one fewer or one of another model, and it is another set.
func same(want, have []Display, sameMachine bool) (int, map[place]place) {
	if len(want) != len(have) || len(want) == 0 {
		return 0, nil
	}
	bySerial, all := pair(want, have, func(w, h Display) bool {
		return w.Serial != "" && w.Serial == h.Serial && w.model() == h.model() && w.Connector == h.Connector
	})
	if all {
		return 3, bySerial
	}
	if told(want) {
		moved, all := pair(want, have, func(w, h Display) bool { return w.Serial == h.Serial && w.model() == h.model() })
		if all {
			return 2, moved
		}
	}
	byModel, all := pair(want, have, func(w, h Display) bool { return w.where(h) && w.model() == h.model() })
	if all && sameMachine {
		return 1, byModel
	}
	return 0, nil
}

// told says whether each display has a serial number and none has another's.
func told(all []Display) bool {
	seen := map[string]bool{}
	for _, d := range all {
		if d.Serial == "" || seen[d.Serial] {
			return false
		}
		seen[d.Serial] = true
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
