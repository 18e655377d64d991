package detect

import "slices"

// Numbers of linux/input-event-codes.h.
const (
	evKey, evRel, evAbs, evSw = 0x01, 0x02, 0x03, 0x05

	propPointer, propDirect, propButtonpad, propSemiMT = 0x00, 0x01, 0x02, 0x03
	propTopButtonpad, propPointingStick, propAccel     = 0x04, 0x05, 0x06

	relX, relY, relHWheel, relWheel = 0x00, 0x01, 0x06, 0x08

	absX, absY, absZ, absRX, absPressure = 0x00, 0x01, 0x02, 0x03, 0x18
	absMTSlot, absMTX, absMTY            = 0x2f, 0x35, 0x36

	keyLeftCtrl, keyCapsLock, keyNumLock, keyInsert, keyMute = 29, 58, 69, 110, 113
	keyCalc, keyFile, keyMail, keyPlayPause, keyBrightDown   = 140, 144, 155, 164, 224
	keyOK, keyALSToggle                                      = 0x160, 0x230

	btnMisc, btn0, btn1, btnMouse, btnJoystick = 0x100, 0x100, 0x101, 0x110, 0x120
	btnDigi, btnToolPen, btnToolFinger         = 0x140, 0x140, 0x145
	btnTouch, btnStylus                        = 0x14a, 0x14b
	btnDpadUp, btnDpadRight                    = 0x220, 0x223
	btnTriggerHappy1, btnTriggerHappy40        = 0x2c0, 0x2e7

	swLid, swTabletMode = 0x00, 0x01

	busUSB, busBluetooth, busI8042, busI2C, busHost, busSPI, busRMI = 0x03, 0x05, 0x11, 0x18, 0x19, 0x1c, 0x1d
)

// classify says what a device is from what it can report: the rules of udev's
// builtin input_id, which every display server is used to. The verdicts of
// udev's hwdb are not in it, see inputtable.go.
func classify(c *capabilities, bus uint16) []InputKind {
	var l []InputKind
	pointers := pointerKinds(c, bus)
	l = append(l, pointers...)
	switch key, full := keyKinds(c); {
	case full:
		l = append(l, KindKeyboard)
	case key:
		l = append(l, KindKey)
	case len(pointers) == 0 && c.ev.has(evRel) && (c.rel.has(relWheel) || c.rel.has(relHWheel)):
		l = append(l, KindKey) // a wheel alone
	}
	if c.ev.has(evSw) {
		l = append(l, KindSwitch)
	}
	slices.Sort(l)
	return slices.Compact(l)
}

// keyKinds: any key that is no button, and the whole first row of a keyboard
// with what is before and after it (ESC to D).
func keyKinds(c *capabilities) (key, full bool) {
	if !c.ev.has(evKey) {
		return false, false
	}
	const firstRow = 0xfffffffe // without KEY_RESERVED
	key = c.key.any(0, btnMisc) || c.key.any(keyOK, btnDpadUp) || c.key.any(keyALSToggle, btnTriggerHappy1)
	return key, c.key[0]&firstRow == firstRow
}

// A pointer is what the rules ask of a device that points.
type pointer struct {
	*capabilities
	xy, mt        bool // coordinates: of one thing, of several
	rel           bool
	pen, stylus   bool
	finger, touch bool
	direct        bool
	mouseButton   bool
	padButtons    bool
	wheel         bool
	joyButtons    int
	joyAxes       int
}

func asPointer(c *capabilities) pointer {
	p := pointer{
		capabilities: c,
		xy:           c.abs.has(absX) && c.abs.has(absY),
		// A device with every axis there is has none that means anything.
		mt:          c.abs.has(absMTX) && c.abs.has(absMTY) && !(c.abs.has(absMTSlot) && c.abs.has(absMTSlot-1)),
		rel:         c.ev.has(evRel) && c.rel.has(relX) && c.rel.has(relY),
		pen:         c.key.has(btnToolPen),
		stylus:      c.key.has(btnStylus),
		finger:      c.key.has(btnToolFinger) && !c.key.has(btnToolPen),
		touch:       c.key.has(btnTouch),
		direct:      c.prop.has(propDirect),
		mouseButton: c.key.any(btnMouse, btnJoystick),
		padButtons:  c.key.has(btn0) && c.key.has(btn1) && !c.key.has(btnToolPen),
		wheel:       c.ev.has(evRel) && (c.rel.has(relWheel) || c.rel.has(relHWheel)),
		joyAxes:     c.abs.count(absRX, absPressure),
	}
	// A mouse with more than sixteen buttons has some in the range of joysticks.
	if !c.key.has(btnJoystick - 1) {
		p.joyButtons = c.key.count(btnJoystick, btnDigi) +
			c.key.count(btnTriggerHappy1, btnTriggerHappy40+1) + c.key.count(btnDpadUp, btnDpadRight+1)
	}
	return p
}

func pointerKinds(c *capabilities, bus uint16) (l []InputKind) {
	p := asPointer(c)
	if c.prop.has(propAccel) || !c.ev.has(evKey) && p.xy && c.abs.has(absZ) {
		return []InputKind{KindAccelerometer}
	}
	is := map[InputKind]bool{KindPointingStick: c.prop.has(propPointingStick)}
	if k := p.single(); k != "" {
		is[k] = true
	}
	if k := p.surface(); p.mt && k != "" {
		is[k] = true
	}
	is[KindTabletPad] = is[KindTablet] && p.padButtons
	if p.padButtons && p.wheel && !p.rel {
		is[KindTablet], is[KindTabletPad] = true, true
	}
	if !is[KindTablet] && !is[KindTouchpad] && !is[KindJoystick] && p.mouseButton && (p.rel || !p.xy) {
		is[KindMouse] = true
		if bus == busI2C { // nobody solders a mouse in
			is[KindPointingStick] = true
		}
	}
	if is[KindJoystick] && p.noJoystick() {
		is[KindJoystick] = false
	}
	for k, yes := range is {
		if yes {
			l = append(l, k)
		}
	}
	return l
}

// surface is what a device with coordinates on a surface is.
func (p *pointer) surface() InputKind {
	switch {
	case p.stylus || p.pen:
		return KindTablet
	case p.finger && !p.direct:
		return KindTouchpad
	case p.touch || p.direct:
		return KindTouchscreen
	}
	return ""
}

// single is the same for the coordinates of one thing, where more is possible.
func (p *pointer) single() InputKind {
	joystick := p.joyButtons > 0 || p.joyAxes > 0
	switch k := p.surface(); {
	case !p.xy && joystick:
		return KindJoystick
	case !p.xy:
		return ""
	case k == KindTablet || k == KindTouchpad:
		return k
	case p.mouseButton:
		return KindMouse // that of a virtual machine: absolute, and nothing touches
	case k != "":
		return k
	case joystick:
		return KindJoystick
	}
	return ""
}

// keyboardKeys are one of each group of a keyboard's keys. A joystick may have
// one of them, a keyboard with stray joystick buttons has many.
var keyboardKeys = []int{keyLeftCtrl, keyCapsLock, keyNumLock, keyInsert, keyMute, keyCalc, keyFile, keyMail, keyPlayPause, keyBrightDown}

func (p *pointer) noJoystick() bool {
	keys := 0
	for _, k := range keyboardKeys {
		if p.ev.has(evKey) && p.key.has(k) {
			keys++
		}
	}
	return keys >= 4 || p.joyButtons+p.joyAxes < 2 || p.wheel && p.padButtons
}
