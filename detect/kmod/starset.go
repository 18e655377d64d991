package kmod

// A starSet remembers which stars of the tree a search has been at. It is a
// hash table that is emptied in no time: a slot counts only when it carries
// the present round.
type starSet struct {
	slots []starSlot
	used  int
	round uint32
}

type starSlot struct {
	p     int
	round uint32
	in    bool
}

func (s *starSet) reset() {
	s.used = 0
	if s.round++; s.round == 0 || s.slots == nil {
		s.slots, s.round = make([]starSlot, 64), 1
	}
}

// add reports whether at was not there yet. A place in the file is told by
// its offset and by whether a prefix goes on there.
func (s *starSet) add(at spot) bool {
	if 2*s.used >= len(s.slots) {
		s.grow()
	}
	slot := s.find(at.p, at.in)
	if slot.round == s.round {
		return false
	}
	*slot = starSlot{at.p, s.round, at.in}
	s.used++
	return true
}

func (s *starSet) find(p int, in bool) *starSlot {
	mask := len(s.slots) - 1
	for k := p * 0x9E3779B1 >> 7; ; k++ {
		slot := &s.slots[k&mask]
		if slot.round != s.round || slot.p == p && slot.in == in {
			return slot
		}
	}
}

func (s *starSet) grow() {
	old := s.slots
	s.slots = make([]starSlot, 2*len(old))
	for _, slot := range old {
		if slot.round == s.round {
			*s.find(slot.p, slot.in) = slot
		}
	}
}
