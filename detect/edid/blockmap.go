package edid

// checkMaps holds the block maps next to the blocks there: the map in block 1
// lists the tags of blocks 2 to 127, that in 128 those of 129 to 254. It is
// optional since EDID 1.4, and nothing is read by it. EDID 1.4 §2.2.2.
func (p *parser) checkMaps(b []byte) {
	for n, x := range p.Extensions {
		if n++; x.Tag != TagBlockMap || n != 1 && n != 128 || x.Length < blockSize {
			continue
		}
		for i, tag := range b[n*blockSize+1 : n*blockSize+127] {
			at := n + 1 + i // the block, of which Extensions[at-1] tells
			if have := at <= len(p.Extensions); have && p.Extensions[at-1].Tag != Tag(tag) || !have && tag != 0 {
				p.problem(n, 1+i, BadMap, "the block map lists another kind of block than is there")
				break
			}
		}
	}
}
