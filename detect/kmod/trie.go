package kmod

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
)

// ErrCorrupt is what a damaged index file is reported by.
var ErrCorrupt = errors.New("damaged module index, run depmod")

// A trie is one of depmod's binary index files: a radix tree from keys to
// values. All numbers are big-endian 32 bit words.
//
//	file: magic, version, root
//	node: prefix NUL        when nodePrefix is set
//	      first, last byte, one reference for each of first..last   nodeChilds
//	      count, count times: priority, value NUL                   nodeValues
//
// A reference is a file offset with the node's flags in its top four bits;
// zero is no node. Keys are 7 bit ASCII. depmod writes children before their
// parent and in byte order, so file order is post-order.
type trie struct {
	data []byte
	root uint32
}

const (
	trieMagic   = 0xB007F457
	trieMajor   = 2
	trieVersion = trieMajor<<16 | 1
	trieHeader  = 12

	nodePrefix = 0x80000000
	nodeValues = 0x40000000
	nodeChilds = 0x20000000
	nodeOffset = 0x0FFFFFFF
)

// A value is what a key leads to.
type value struct {
	priority uint32
	text     string
}

func newTrie(data []byte) (*trie, error) {
	if len(data) < trieHeader {
		return nil, fmt.Errorf("%w: %d bytes are no header", ErrCorrupt, len(data))
	}
	if magic := binary.BigEndian.Uint32(data); magic != trieMagic {
		return nil, fmt.Errorf("%w: magic %#x, not %#x", ErrCorrupt, magic, trieMagic)
	}
	if v := binary.BigEndian.Uint32(data[4:]); v>>16 != trieMajor {
		return nil, fmt.Errorf("%w: format version %d.%d, not %d", ErrCorrupt, v>>16, v&0xffff, trieMajor)
	}
	return &trie{data: data, root: binary.BigEndian.Uint32(data[8:])}, nil
}

// damage is thrown by the readers below and caught by guard.
type damage struct{ text string }

// guard turns damage, and the fault of a mapped file that shrank, into an
// error. Anything else is a bug of ours and goes on.
func guard(err *error) {
	switch r := recover().(type) {
	case nil:
	case damage:
		*err = fmt.Errorf("%w: %s", ErrCorrupt, r.text)
	case runtime.Error:
		if _, fault := r.(interface{ Addr() uintptr }); !fault {
			panic(r)
		}
		*err = fmt.Errorf("%w: the file shrank while it was read", ErrCorrupt)
	default:
		panic(r)
	}
}

// faults makes a fault in mapped memory a panic that guard catches; the
// caller defers the call of what it gives.
func faults() func() {
	old := debug.SetPanicOnFault(true)
	return func() { debug.SetPanicOnFault(old) }
}

func (t *trie) byteAt(p int) byte {
	if uint(p) >= uint(len(t.data)) {
		panic(damage{"an offset points past the end"})
	}
	return t.data[p]
}

func (t *trie) wordAt(p int) uint32 {
	if p < 0 || p > len(t.data)-4 {
		panic(damage{"an offset points past the end"})
	}
	return binary.BigEndian.Uint32(t.data[p:])
}

// open gives the place where a node's bytes start. depmod writes no node that
// leads nowhere, and no prefix of nothing: a file with a stretch of zeros in it,
// as a torn write leaves one, shows here, in fanAt and in values.
func (t *trie) open(ref uint32) int {
	p := int(ref & nodeOffset)
	if p < trieHeader || p > len(t.data) {
		panic(damage{"a node lies outside the file"})
	}
	if ref&(nodeChilds|nodeValues) == 0 && ref != t.root {
		panic(damage{"a node has neither children nor values"})
	}
	if ref&nodePrefix != 0 && t.byteAt(p) == 0 {
		panic(damage{"a node's prefix is empty"})
	}
	return p
}

// A fan is a node's children: a table of references for first..last.
type fan struct {
	first, last byte
	table       int
	end         int // just behind: the values, when the node has any
}

// fanAt reads the children of node ref, whose prefix ends at p.
func (t *trie) fanAt(ref uint32, p int) fan {
	if ref&nodeChilds == 0 {
		return fan{first: 1, end: p}
	}
	f := fan{first: t.byteAt(p), last: t.byteAt(p + 1), table: p + 2}
	if f.first == 0 || f.last < f.first || f.last > 127 {
		panic(damage{"a node has an impossible range of children"})
	}
	f.end = f.table + 4*(int(f.last)-int(f.first)+1)
	if f.end > len(t.data) {
		panic(damage{"a node's children lie outside the file"})
	}
	if t.wordAt(f.table) == 0 || t.wordAt(f.end-4) == 0 {
		panic(damage{"a node's first or last child is missing"})
	}
	return f
}

// child gives the reference for byte c, 0 when there is none.
func (t *trie) child(f fan, c byte) uint32 {
	if c < f.first || c > f.last {
		return 0
	}
	ref := binary.BigEndian.Uint32(t.data[f.table+4*int(c-f.first):])
	if ref&nodeOffset == 0 {
		return 0
	}
	return ref
}

// values appends the values which start at p.
func (t *trie) values(p int, out []value) []value {
	count := t.wordAt(p)
	if count == 0 {
		panic(damage{"a node says it has values and has none"})
	}
	p += 4
	for ; count > 0; count-- {
		priority := t.wordAt(p)
		end := bytes.IndexByte(t.data[p+4:], 0)
		if end < 0 {
			panic(damage{"a value has no end"})
		}
		out = append(out, value{priority, string(t.data[p+4 : p+4+end])})
		p += 4 + end + 1
	}
	return out
}

// get gives the first value of key itself; nothing in the file is a pattern.
func (t *trie) get(key string) (text string, found bool, err error) {
	defer guard(&err)
	defer faults()()

	i := 0
	for ref := t.root; ref&nodeOffset != 0; i++ {
		p := t.open(ref)
		if ref&nodePrefix != 0 {
			for ; t.byteAt(p) != 0; p, i = p+1, i+1 {
				if i >= len(key) || key[i] != t.data[p] {
					return "", false, nil
				}
			}
			p++
		}
		f := t.fanAt(ref, p)
		if i >= len(key) {
			if ref&nodeValues == 0 {
				return "", false, nil
			}
			return t.first(f.end), true, nil
		}
		ref = t.child(f, key[i])
	}
	return "", false, nil
}

// first gives the first of the values which start at p.
func (t *trie) first(p int) string {
	if t.wordAt(p) == 0 {
		panic(damage{"a node says it has values and has none"})
	}
	p += 8
	if p > len(t.data) {
		panic(damage{"a value lies outside the file"})
	}
	end := bytes.IndexByte(t.data[p:], 0)
	if end < 0 {
		panic(damage{"a value has no end"})
	}
	return string(t.data[p : p+end])
}
