package kmod

// The glob over the edges of the tree, without brackets.

func special(c byte) bool { return c == '*' || c == '?' || c == '[' || c == '\\' }

// at goes on with the pattern at s and with name at i.
func (r *run) at(s spot, i int) {
	r.down()
	r.follow(s, i)
	r.depth--
}

func (r *run) follow(s spot, i int) {
	for s.in {
		c := r.trie.byteAt(s.p)
		s.p++
		switch c {
		case 0:
			s.in = false
			continue
		case '*':
			r.star(s, i)
			return
		case '[':
			r.class(s, i)
			return
		case '\\':
			r.odd = true
			return
		}
		if i >= len(r.name) || c != '?' && c != r.name[i] {
			return
		}
		i++
	}
	f := r.trie.fanAt(s.ref, s.p)
	if i == len(r.name) && s.ref&nodeValues != 0 {
		r.hits = append(r.hits, f.end)
	}
	if ref := r.trie.child(f, '*'); ref != 0 {
		r.star(r.enter(ref), i)
	}
	r.one(f, i)
}

// one follows the edges of f that take exactly one byte of name, at i.
func (r *run) one(f fan, i int) {
	if f.table == 0 {
		return
	}
	if r.trie.child(f, '\\') != 0 {
		r.odd = true
	}
	if ref := r.trie.child(f, '['); ref != 0 {
		r.class(r.enter(ref), i)
	}
	if i >= len(r.name) {
		return
	}
	if ref := r.trie.child(f, '?'); ref != 0 {
		r.at(r.enter(ref), i+1)
	}
	if c := r.name[i]; !special(c) {
		if ref := r.trie.child(f, c); ref != 0 {
			r.at(r.enter(ref), i+1)
		}
	}
}

// star goes on behind a `*`, which may take any number of bytes of name from
// i on. What lies between two stars has a fixed length, so the first arrival
// at a star is the leftmost one, and whatever a later one could match, that
// one has matched too: each star is worth one visit.
func (r *run) star(s spot, i int) {
	if !r.stars.add(s) {
		return
	}
	r.down()
	r.spread(s, i)
	r.depth--
}

func (r *run) spread(s spot, i int) {
	if s.in {
		c := r.trie.byteAt(s.p)
		if c != 0 {
			r.starPrefix(s, i, c)
			return
		}
		s.p++
	}
	f := r.trie.fanAt(s.ref, s.p)
	if s.ref&nodeValues != 0 {
		r.hits = append(r.hits, f.end)
	}
	if ref := r.trie.child(f, '*'); ref != 0 {
		r.star(r.enter(ref), i)
	}
	if f.table == 0 {
		return
	}
	r.step(len(r.name) - i)
	for ; i <= len(r.name); i++ {
		r.one(f, i)
	}
}

// starPrefix is star where byte c of the same prefix follows.
func (r *run) starPrefix(s spot, i int, c byte) {
	r.step(len(r.name) - i)
	for ; i <= len(r.name); i++ {
		if special(c) || i < len(r.name) && r.name[i] == c {
			r.at(s, i)
		}
	}
}
