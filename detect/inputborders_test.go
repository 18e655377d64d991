package detect_test

import (
	"fmt"
	"strings"
)

// borders are devices at which a rule of input_id ends: one ability more or
// less and they are something else. Chance makes too few of these.
func borders() (all []string) {
	row := span(1, 32) // ESC to D, which make a keyboard
	for key := range 32 {
		all = append(all, abilities{ev: []int{1}, key: without(span(0, 32), key)}.attributes())
	}
	buttons := span(0x110, 0x120) // all that a mouse may have
	finger, surface := []int{0x145, 0x14a}, []int{0, 1}
	for _, a := range []abilities{
		{ev: []int{1}, key: row},
		{ev: []int{1, 2}, key: append(span(0x110, 0x128), row...), rel: []int{0, 1}},
		{ev: []int{1, 2}, key: span(0x110, 0x128), rel: []int{0, 1, 8}}, // buttons which run on into the joysticks'
		{ev: []int{1, 2}, key: append(without(buttons, 0x11f), span(0x120, 0x128)...), rel: []int{0, 1, 8}},
		{ev: []int{1, 3}, key: finger, abs: surface},
		{ev: []int{1, 3}, key: finger, abs: surface, prop: []int{1}}, // a screen that knows fingers
		{ev: []int{1, 3}, key: finger, abs: []int{0x2f, 0x35, 0x36}},
		{ev: []int{1, 3}, key: finger, abs: []int{0x2f, 0x35, 0x36}, prop: []int{1}},
		{ev: []int{1, 3}, key: finger, abs: []int{0x2e, 0x2f, 0x35, 0x36}, prop: []int{1}}, // has every axis
		{ev: []int{1, 3}, key: append(finger, 0x140), abs: surface},
		{ev: []int{1}, key: []int{0xff}}, {ev: []int{1}, key: []int{0x15f}}, {ev: []int{1}, key: []int{0x160}},
		{ev: []int{1}, key: []int{0x21f}}, {ev: []int{1}, key: []int{0x224}}, {ev: []int{1}, key: []int{0x22f}},
		{ev: []int{1}, key: []int{0x230}}, {ev: []int{1}, key: []int{0x2bf}},
	} {
		all = append(all, a.attributes())
	}
	return all
}

// abilities are the numbers of what a device on USB can report.
type abilities struct{ ev, key, rel, abs, prop []int }

func (a abilities) attributes() string {
	return fmt.Sprintf("A: capabilities/ev=%s\nA: capabilities/key=%s\nA: capabilities/rel=%s\nA: capabilities/abs=%s\nA: capabilities/sw=0\nA: properties=%s\nA: id/bustype=0003\n",
		bitmap(a.ev), bitmap(a.key), bitmap(a.rel), bitmap(a.abs), bitmap(a.prop))
}

// bitmap writes numbers as the kernel does, in words of 64 bits.
func bitmap(numbers []int) string {
	var b [12]uint64
	for _, n := range numbers {
		b[n/64] |= 1 << (n % 64)
	}
	return bitmapText(b)
}

func bitmapText(b [12]uint64) string {
	var words []string
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] != 0 || len(words) > 0 || i == 0 {
			words = append(words, fmt.Sprintf("%x", b[i]))
		}
	}
	return strings.Join(words, " ")
}

func span(from, to int) (l []int) {
	for n := from; n < to; n++ {
		l = append(l, n)
	}
	return l
}

func without(l []int, number int) (rest []int) {
	for _, n := range l {
		if n != number {
			rest = append(rest, n)
		}
	}
	return rest
}
