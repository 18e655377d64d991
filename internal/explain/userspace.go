package explain

import (
	"slices"

	"attune/detect"
)

// A program drives these, through /dev/bus/usb or a raw node. Classes are
// those of a USB interface.
var inUserSpace = []struct {
	name        string
	class, mask uint32
	vendors     []uint16 // none: any
	why         string
	hint        string
	always      bool // even where a kernel driver exists: the program puts it aside
}{
	{name: "smart card reader", class: 0x0b0000, mask: 0xff0000,
		why: "it is a smart card reader; pcscd drives it", hint: "it needs pcscd and libccid"},
	{name: "still image", class: 0x060000, mask: 0xff0000,
		why: "it is a camera or player (PTP, MTP); programs read it through libgphoto2 or libmtp"},
	{name: "IPP over USB", class: 0x070104, mask: 0xffffff,
		why: "it prints by IPP over USB; ipp-usb drives it", hint: "it needs ipp-usb"},
	{name: "printer", class: 0x070000, mask: 0xff0000, always: true,
		why: "it is a printer; the print system drives it through libusb", hint: "it needs CUPS"},
	{name: "firmware upgrade", class: 0xfe0100, mask: 0xffff00,
		why: "it takes firmware upgrades (DFU); fwupd or dfu-util use it"},
	{name: "test and measurement, by program", class: 0xfe0300, mask: 0xffff00,
		why: "it is a measuring instrument (USBTMC); programs use it"},
	{name: "Android debugging", class: 0xff4201, mask: 0xffffff,
		why: "it is Android's debugging channel; adb uses it"},
	{name: "Android fastboot", class: 0xff4203, mask: 0xffffff,
		why: "it is Android's boot loader; fastboot uses it"},
	{name: "billboard", class: 0x110000, mask: 0xff0000,
		why: "it tells that a USB-C alternate mode failed; nothing drives it"},
	{name: "diagnostics", class: 0xdc0000, mask: 0xff0000,
		why: "it is for diagnosis; programs of its maker use it"},
	{name: "fingerprint reader", class: 0xff0000, mask: 0xff0000,
		vendors: []uint16{0x138a, 0x06cb, 0x27c6, 0x1c7a, 0x08ff, 0x147e},
		why:     "it is a fingerprint reader; fprintd drives it where libfprint knows it", hint: "it needs fprintd"},
	{name: "fingerprint reader, ELAN", class: 0xff0000, mask: 0xff0000, vendors: []uint16{0x04f3},
		why: "it is a fingerprint reader; fprintd drives it where libfprint knows it", hint: "it needs fprintd"},
	{name: "Broadcom fingerprint and card unit", class: 0xfe0000, mask: 0xff0000, vendors: []uint16{0x0a5c},
		why: "it is Broadcom's security unit (card and fingerprint reader); no Linux driver or program of others drives all of it"},
	{name: "Corsair, NZXT, Razer controls", class: 0xff0000, mask: 0xff0000, vendors: []uint16{0x1b1c, 0x1e71},
		why: "it is a control unit for lights and fans; programs such as liquidctl use it"},
}

// userSpace is asked when no module is wanted. A device alone on its class
// (always) is asked by the module rule before it says "not bound".
func userSpace(v *view, d *detect.Device) (Verdict, bool) {
	if w := v.asked(d); len(w.want)+len(w.builtin)+len(w.denied) > 0 {
		return Verdict{}, false
	}
	return byProgram(d, false)
}

func byProgram(d *detect.Device, only bool) (Verdict, bool) {
	if d.Subsystem != "usb" || d.Devtype == "usb_device" {
		return Verdict{}, false
	}
	for _, u := range inUserSpace {
		if d.Class&u.mask == u.class && (!only || u.always) &&
			(len(u.vendors) == 0 || slices.Contains(u.vendors, d.Vendor)) {
			return Verdict{Outcome: UserSpace, Why: u.why, Hint: u.hint}, true
		}
	}
	return Verdict{}, false
}
