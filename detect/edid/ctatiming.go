package edid

// ctaType7 is a DisplayID type VII timing in a CTA data block. CTA-861-H §7.5.17.
func (p *parser) ctaType7(n, offset int, x []byte) bool {
	if len(x) < 21 {
		return false
	}
	p.addType1(&p.cta.Type7, x[1:21], n, offset+1, 1, x[0]&7)
	return true
}

// addType8 are codes of DMT. CTA-861-H §7.5.18.
func (c *CTA) addType8(x []byte) bool {
	if len(x) < 2 {
		return false
	}
	c.Type8 = addTimingIDs(c.Type8, x[0], x[1:])
	return true
}

// addType10 are formula timings. CTA-861-H §7.5.19.
func (c *CTA) addType10(x []byte) bool {
	if len(x) < 7 {
		return false
	}
	c.Type10 = addType10(c.Type10, x[0], x[1:])
	return true
}
