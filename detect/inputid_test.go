package detect

import (
	"fmt"
	"slices"
	"testing"
)

// Devices at which a rule ends. What udev says of these and more is in
// TestClassifyAsUdevNow; this is the same where there is no udev.
func TestClassify(t *testing.T) {
	set := func(b *bits, from, to int) {
		for n := from; n < to; n++ {
			b[n/64] |= 1 << (n % 64)
		}
	}
	type caps = capabilities
	keys := func(from, to int) func(*caps) {
		return func(c *caps) { set(&c.ev, evKey, evKey+1); set(&c.key, from, to) }
	}
	moves := func(c *caps) { set(&c.ev, evRel, evRel+1); set(&c.rel, relX, relY+1) }
	surface := func(c *caps) { set(&c.ev, evAbs, evAbs+1); set(&c.abs, absX, absY+1) }
	fingers := func(c *caps) { set(&c.ev, evAbs, evAbs+1); set(&c.abs, absMTSlot, absMTY+1) }
	direct := func(c *caps) { set(&c.prop, propDirect, propDirect+1) }
	type does = []func(*caps)
	keyboard, key, none := []InputKind{KindKeyboard}, []InputKind{KindKey}, []InputKind(nil)
	rows := []struct {
		name string
		can  does
		want []InputKind
	}{
		{"a keyboard", does{keys(1, 32)}, keyboard},
		{"KEY_RESERVED makes no difference", does{keys(0, 32)}, keyboard},
		{"the first row alone", does{keys(1, 15)}, key},
		{"the last key before the buttons", does{keys(0xff, 0x100)}, key},
		{"a button is no key", does{keys(0x15f, 0x160)}, none},
		{"the first key behind the buttons", does{keys(keyOK, keyOK+1)}, key},
		{"a mouse", does{keys(btnMouse, 0x113), moves}, []InputKind{KindMouse}},
		{"one with so many buttons that some are a joystick's", does{keys(btnMouse, 0x128), moves}, []InputKind{KindMouse}},
		{"a joystick's buttons without all of a mouse's", does{keys(btnJoystick, 0x128)}, []InputKind{KindJoystick}},
		{"a touchpad", does{keys(btnToolFinger, btnToolFinger+1), surface}, []InputKind{KindTouchpad}},
		{"a screen which tells fingers", does{keys(btnToolFinger, btnToolFinger+1), surface, direct}, []InputKind{KindTouchscreen}},
		{"the same for several fingers", does{keys(btnToolFinger, btnToolFinger+1), fingers, direct}, []InputKind{KindTouchscreen}},
	}
	for missing := 1; missing < 32; missing++ {
		rows = append(rows, struct {
			name string
			can  does
			want []InputKind
		}{fmt.Sprintf("a keyboard without key %d", missing), does{keys(1, missing), keys(missing+1, 32)}, key})
	}
	for _, row := range rows {
		var c capabilities
		for _, can := range row.can {
			can(&c)
		}
		if got := classify(&c, busUSB); !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v (keys %x)", row.name, got, row.want, c.key)
		}
	}
}
