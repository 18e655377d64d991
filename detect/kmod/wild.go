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
	hits  []int // where the values of matching nodes start
	stars starSet
	depth int
	odd   bool // met something only Glob understands: a `\`, a broken bracket
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
	slices.Sort(r.hits)
	for _, p := range r.hits {
		r.take(p)
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
