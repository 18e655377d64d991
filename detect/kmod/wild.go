package kmod

import (
	"slices"
	"sync"
)

// Bounds of one search. Real files stay far below: the deepest is about as
// long as the alias, and a search takes a few thousand steps.
const (
	maxSteps = 1 << 20
	maxDepth = 1 << 14
	maxClass = 256
	maxPath  = 8192
)

// match gives the values of all keys which, taken as patterns, match name, in
// libkmod's order: ascending priority, and the one found later first among
// equals.
//
// A key is compared byte for byte up to its first wildcard and by Glob from
// there. Where libkmod rebuilds every pattern below a wildcard and runs
// fnmatch on each, this runs the glob over the edges of the tree, so only
// what can still match is visited.
func (t *trie) match(name string) (out []value, err error) {
	defer guard(&err)
	defer faults()()
	r := runs.Get().(*run)
	defer runs.Put(r)
	r.trie, r.name, r.steps, r.out = t, name, 0, nil
	r.literal()
	return r.out, nil
}

var runs = sync.Pool{New: func() any { return new(run) }}

// A run is one search.
type run struct {
	trie  *trie
	name  string
	out   []value
	steps int

	// one subtree below a wildcard
	hits  []hit
	stars starSet
	depth int
	odd   bool // met something only Glob understands: a `\`, a broken bracket
}

// A hit is a node whose values belong to the answer.
type hit struct {
	node   uint32
	values int
}

// A spot is a place in the tree between two bytes of a key.
type spot struct {
	ref uint32
	p   int
	in  bool // still inside the node's prefix
}

func (r *run) enter(ref uint32) spot {
	return spot{ref, r.trie.open(ref), ref&nodePrefix != 0}
}

// literal walks down the one path that name spells and starts a glob at
// every wildcard met on it. A `*` in name itself is both.
func (r *run) literal() {
	t, i := r.trie, 0
	for ref := t.root; ref&nodeOffset != 0; i++ {
		s := r.enter(ref)
		for ; s.in; s.p, i = s.p+1, i+1 {
			c := t.byteAt(s.p)
			if c == 0 {
				s.p++
				break
			}
			if c == '*' || c == '?' || c == '[' {
				r.below(s, i, "")
				return
			}
			if i >= len(r.name) || r.name[i] != c {
				return
			}
		}
		f := t.fanAt(ref, s.p)
		for _, c := range [...]byte{'*', '?', '['} {
			if ref := t.child(f, c); ref != 0 {
				r.below(r.enter(ref), i, string(rune(c)))
			}
		}
		if i >= len(r.name) {
			if ref&nodeValues != 0 {
				r.take(f.end)
			}
			return
		}
		ref = t.child(f, r.name[i])
	}
}

// below matches everything under spot s, reached over the edge wild (or none
// when the wildcard is the next byte of a prefix), against name[i:].
func (r *run) below(s spot, i int, wild string) {
	r.hits, r.depth, r.odd = r.hits[:0], 0, false
	r.stars.reset()
	switch wild {
	case "*":
		r.star(s, i)
	case "?":
		if i < len(r.name) {
			r.at(s, i+1)
		}
	case "[":
		r.class(s, i)
	default:
		r.at(s, i)
	}
	if r.odd {
		r.hits, r.depth = r.hits[:0], 0
		r.spell(s, []byte(wild), r.name[i:])
	}
	// File order is post-order, the order libkmod finds them in.
	slices.SortFunc(r.hits, func(a, b hit) int { return a.values - b.values })
	for _, h := range r.hits {
		r.take(h.values)
	}
}

// take puts the values at p into the answer: before the first one whose
// priority is not lower.
func (r *run) take(p int) {
	was := len(r.out)
	r.out = r.trie.values(p, r.out)
	r.step(len(r.out) - was)
	for k := was; k < len(r.out); k++ {
		v := r.out[k]
		at := k
		for at > 0 && r.out[at-1].priority >= v.priority {
			at--
		}
		copy(r.out[at+1:k+1], r.out[at:k])
		r.out[at] = v
	}
}

func (r *run) step(n int) {
	if r.steps += n; r.steps > maxSteps {
		panic(damage{"a search does not end"})
	}
}

func (r *run) down() {
	r.step(1)
	if r.depth++; r.depth > maxDepth {
		panic(damage{"the tree has no bottom"})
	}
}

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
		r.hit(s.ref, f.end)
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
		r.hit(s.ref, f.end)
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

func (r *run) hit(node uint32, values int) {
	r.hits = append(r.hits, hit{node, values})
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
			r.hit(s.ref, f.end)
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
