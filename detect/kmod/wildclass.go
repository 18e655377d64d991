package kmod

// Brackets in keys, and the slow way for what else is rare in them.

// class goes on behind a `[`.
func (r *run) class(s spot, i int) {
	var buf [64]byte
	r.bracket(s, i, buf[:0])
}

// bracket goes on inside a bracket expression of which set has been read.
func (r *run) bracket(s spot, i int, set []byte) {
	r.down()
	defer func() { r.depth-- }()
	for s.in {
		c := r.trie.byteAt(s.p)
		s.p++
		if c == 0 {
			break
		}
		var more bool
		if set, more = r.classByte(s, i, set, c); !more {
			return
		}
	}
	if s.ref&nodeValues != 0 {
		r.odd = true // the key ends here and the bracket is open
	}
	f := r.trie.fanAt(s.ref, s.p)
	if f.table == 0 {
		return
	}
	r.step(int(f.last - f.first))
	for c := f.first; c <= f.last; c++ {
		if ref := r.trie.child(f, c); ref != 0 {
			next := r.enter(ref)
			if longer, more := r.classByte(next, i, set, c); more {
				r.bracket(next, i, longer)
			}
		}
	}
}

// classByte adds c, which led to s, to an open bracket expression. More is
// false when that ended it; then the search went on from there.
func (r *run) classByte(s spot, i int, set []byte, c byte) (longer []byte, more bool) {
	negated := len(set) > 0 && (set[0] == '!' || set[0] == '^')
	switch {
	case c == '\\' || c == '[' || len(set) >= maxClass:
		r.odd = true
		return set, false
	case c == ']' && len(set) > 0 && !(len(set) == 1 && negated):
		if i < len(r.name) && bracketHas(string(set), r.name[i]) {
			r.at(s, i+1)
		}
		return set, false
	}
	return append(set, c), true
}

// spell is the slow way: it puts every pattern below s together and asks
// Glob.
func (r *run) spell(s spot, pattern []byte, name string) {
	r.down()
	defer func() { r.depth-- }()
	for s.in {
		c := r.trie.byteAt(s.p)
		s.p++
		if c == 0 {
			break
		}
		pattern = append(pattern, c)
	}
	if len(pattern) > maxPath {
		panic(damage{"a key does not end"})
	}
	f := r.trie.fanAt(s.ref, s.p)
	if s.ref&nodeValues != 0 {
		r.step(1)
		if Glob(string(pattern), name) {
			r.hits = append(r.hits, f.end)
		}
	}
	if f.table == 0 {
		return
	}
	r.step(int(f.last - f.first))
	for c := f.first; c <= f.last; c++ {
		if ref := r.trie.child(f, c); ref != 0 {
			r.spell(r.enter(ref), append(pattern, c), name)
		}
	}
}
