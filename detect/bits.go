package detect

import (
	"strconv"
	"strings"
)

// bits is a bitmap of the input layer: KEY, the largest, has 768.
type bits [12]uint64

func (b *bits) has(n int) bool { return b[n/64]>>(n%64)&1 != 0 }

// any says whether one of [from, to) is set.
func (b *bits) any(from, to int) bool { return b.count(from, to) > 0 }

func (b *bits) count(from, to int) (n int) {
	for i := from; i < to; i++ {
		if b.has(i) {
			n++
		}
	}
	return n
}

// last is the highest bit set, -1 when there is none.
func (b *bits) last() int {
	for i := len(b)*64 - 1; i >= 0; i-- {
		if b.has(i) {
			return i
		}
	}
	return -1
}

// parseBits reads a bitmap as the kernel writes it: words in hexadecimal, the
// highest first, without zeros in front. A word is a long of the kernel, or of
// the process that asks: 64 or 32 bits, which the text need not tell.
func parseBits(text string, word int) (b bits, ok bool) {
	words := strings.Fields(text)
	for i, w := range words {
		v, err := strconv.ParseUint(w, 16, word)
		if err != nil {
			return bits{}, false
		}
		at := (len(words) - 1 - i) * word
		if at/64 >= len(b) {
			if v != 0 {
				return bits{}, false
			}
			continue
		}
		b[at/64] |= v << (at % 64)
	}
	return b, true
}

// capabilities are what an input device can report, by type of event: the
// files in capabilities/, and properties.
type capabilities struct {
	prop, ev, key, rel, abs, sw bits
}

// capabilityText is the same as sysfs has it.
type capabilityText struct {
	prop, ev, key, rel, abs, sw string
	modalias                    string // the same bits once more, each with its number
}

func (t *capabilityText) decode(word int) (c capabilities, ok bool) {
	ok = true
	for _, one := range []struct {
		to   *bits
		text string
	}{{&c.prop, t.prop}, {&c.ev, t.ev}, {&c.key, t.key}, {&c.rel, t.rel}, {&c.abs, t.abs}, {&c.sw, t.sw}} {
		b, good := parseBits(one.text, word)
		*one.to, ok = b, ok && good
	}
	return c, ok
}

// wordSize finds out how wide the words of a machine's bitmaps are. A word of
// more than eight digits has 64 bits, and one such word decides for all
// devices; else the numbers in the aliases tell which reading is right.
func wordSize(all []*capabilityText) int {
	for _, t := range all {
		for _, text := range []string{t.prop, t.ev, t.key, t.rel, t.abs, t.sw} {
			for w := range strings.FieldsSeq(text) {
				if len(w) > 8 {
					return 64
				}
			}
		}
	}
	for _, t := range all {
		wide, okWide := t.decode(64)
		narrow, okNarrow := t.decode(32)
		switch {
		case okWide != okNarrow:
			if okWide {
				return 64
			}
			return 32
		case !okWide || wide == narrow:
		case t.agrees(&wide):
			return 64
		case t.agrees(&narrow):
			return 32
		}
	}
	return 64
}

// agrees compares the highest bit of each bitmap with the alias: of the keys
// that has only those from KEY_MUTE on (KEY_MIN_INTERESTING of
// linux/mod_devicetable.h), of the rest all.
func (t *capabilityText) agrees(c *capabilities) bool {
	for _, one := range []struct {
		letter byte
		bits   *bits
		from   int
	}{{'e', &c.ev, 0}, {'k', &c.key, keyMute}, {'r', &c.rel, 0}, {'a', &c.abs, 0}, {'w', &c.sw, 0}} {
		last, ok := aliasLast(t.modalias, one.letter)
		if have := one.bits.last(); ok && have >= one.from && have != last {
			return false
		}
	}
	return true
}

// aliasLast is the highest number in one section of an input alias:
// "input:b0019v0000p0001e0000-e0,1,k74,ramlsfw" has 1 in section e and 0x74 in
// k. -1 is an empty section.
func aliasLast(alias string, letter byte) (int, bool) {
	_, sections, ok := strings.Cut(alias, "-")
	i := strings.IndexByte(sections, letter)
	if !ok || i < 0 {
		return 0, false
	}
	list := sections[i+1:]
	if end := strings.IndexAny(list, "ekramlsfw"); end >= 0 {
		list = list[:end]
	}
	last := -1
	for number := range strings.SplitSeq(list, ",") {
		if n, err := strconv.ParseUint(number, 16, 16); err == nil {
			last = max(last, int(n))
		}
	}
	return last, true
}
