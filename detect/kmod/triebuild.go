package kmod

import "encoding/binary"

// A trieBuilder makes the bytes of a binary index, node for node as depmod
// would, so that a tree which carries only the text files is searched by the
// same code and gives the same answers.
type trieBuilder struct {
	root buildNode
}

type buildNode struct {
	prefix string
	kids   map[byte]*buildNode
	values []value
}

// add puts a value under key. depmod keeps equal priorities in reverse. Bytes
// beyond ASCII have no place in the format; such keys are left out.
func (b *trieBuilder) add(key string, v value) {
	if !isASCII(key) || !isASCII(v.text) {
		return
	}
	n := &b.root
	for {
		common := commonPrefix(n.prefix, key)
		if common < len(n.prefix) {
			n.split(common)
		}
		key = key[common:]
		if key == "" {
			n.insert(v)
			return
		}
		kid := n.kids[key[0]]
		if kid == nil {
			if n.kids == nil {
				n.kids = make(map[byte]*buildNode)
			}
			n.kids[key[0]] = &buildNode{prefix: key[1:], values: []value{v}}
			return
		}
		n, key = kid, key[1:]
	}
}

// split moves everything behind the first common bytes of the prefix into a
// child.
func (n *buildNode) split(common int) {
	rest := *n
	rest.prefix = n.prefix[common+1:]
	*n = buildNode{
		prefix: n.prefix[:common],
		kids:   map[byte]*buildNode{n.prefix[common]: &rest},
	}
}

func (n *buildNode) insert(v value) {
	at := 0
	for at < len(n.values) && n.values[at].priority < v.priority {
		at++
	}
	n.values = append(n.values, value{})
	copy(n.values[at+1:], n.values[at:])
	n.values[at] = v
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == 0 || s[i] > 127 {
			return false
		}
	}
	return true
}

// bytes writes the file.
func (b *trieBuilder) bytes() []byte {
	out := make([]byte, trieHeader)
	binary.BigEndian.PutUint32(out, trieMagic)
	binary.BigEndian.PutUint32(out[4:], trieVersion)
	out, root := b.root.write(out)
	binary.BigEndian.PutUint32(out[8:], root)
	return out
}

func (n *buildNode) write(out []byte) ([]byte, uint32) {
	first, last := 128, -1
	var refs [128]uint32
	for c := range refs {
		if kid := n.kids[byte(c)]; kid != nil {
			out, refs[c] = kid.write(out)
			first, last = min(first, c), c
		}
	}
	ref := uint32(len(out))
	if n.prefix != "" {
		ref |= nodePrefix
		out = append(append(out, n.prefix...), 0)
	}
	if last >= 0 {
		ref |= nodeChilds
		out = append(out, byte(first), byte(last))
		for _, kid := range refs[first : last+1] {
			out = binary.BigEndian.AppendUint32(out, kid)
		}
	}
	if len(n.values) > 0 {
		ref |= nodeValues
		out = binary.BigEndian.AppendUint32(out, uint32(len(n.values)))
		for _, v := range n.values {
			out = binary.BigEndian.AppendUint32(out, v.priority)
			out = append(append(out, v.text...), 0)
		}
	}
	return out, ref
}
