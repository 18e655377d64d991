package detect

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// ScanInputs reads the machine's input devices. root is the machine's "/", ask
// what answers for /dev/input, nil for nobody. Sorted by what they are part
// of, those of one device in the order the kernel made them.
func ScanInputs(root fs.FS, ask NodeAsker) ([]Input, []Problem) {
	f := newFinder(root, ask)
	var raws []inputFiles
	for _, name := range f.class("input", "input") {
		at := resolve(root, "class/input/"+name)
		if at == "" {
			continue
		}
		if raw, ok := within(f, at, func(r *reader) inputFiles { return r.input(at) }); ok {
			raws = append(raws, raw)
		}
	}
	texts := make([]*capabilityText, len(raws))
	for i := range raws {
		texts[i] = &raws[i].caps
	}
	word := wordSize(texts)
	var all []Input
	for i := range raws {
		in, err := raws[i].input(word)
		if err != nil {
			f.problems = append(f.problems, Problem{raws[i].Path + "/capabilities", err.Error()})
		}
		if ask != nil && in.surface() && in.WidthMM == 0 && in.Node != "" {
			axes, _ := within(f, "dev/"+in.Node, func(r *reader) []Axis { return r.axes(in.Node) })
			in.WidthMM, in.HeightMM = axisMM(axes, absX, absMTX), axisMM(axes, absY, absMTY)
		}
		all = append(all, in)
	}
	slices.SortStableFunc(all, func(a, b Input) int {
		return cmp.Or(strings.Compare(path.Dir(a.Path), path.Dir(b.Path)), natural(path.Base(a.Path), path.Base(b.Path)))
	})
	return all, f.problems
}

// surface says whether a device has a surface whose size is of use. Others
// are not asked: opening a node can wake a device.
func (in Input) surface() bool {
	return in.Is(KindTouchscreen) || in.Is(KindTouchpad) || in.Is(KindTablet)
}

// inputFiles is what the files of one input device say.
type inputFiles struct {
	Input
	caps         capabilityText
	udev         map[string]string
	country      string
	usbRemovable string
}

func (r *reader) input(at string) (f inputFiles) {
	r.enter(at)
	f.Input = Input{
		Path: at, Name: r.words(at + "/name"), Phys: r.words(at + "/phys"), Uniq: r.words(at + "/uniq"),
		Bus: r.id(at, "bustype"), Vendor: r.id(at, "vendor"), Product: r.id(at, "product"), Version: r.id(at, "version"),
		Parent: r.parent(at),
	}
	f.caps = capabilityText{
		prop: r.line(at + "/properties"), ev: r.capability(at, "ev"), key: r.capability(at, "key"),
		rel: r.capability(at, "rel"), abs: r.capability(at, "abs"), sw: r.capability(at, "sw"),
		modalias: r.line(at + "/modalias"),
	}
	for _, name := range r.list(at) {
		if isNumbered(name, "event") {
			f.Node = "input/" + name
			f.udev = r.udev(r.line(at + "/" + name + "/dev"))
			break
		}
	}
	if f.udev["ID_INPUT"] == "" { // not yet, or a device without a node
		f.udev = r.udevRecord("+input:" + path.Base(at))
	}
	if hid := hidAbove(at); hid != "" {
		f.country = r.line(hid + "/country")
	}
	if usb := usbAbove(at); usb != "" {
		f.usbRemovable = r.usbRemovable(usb)
	}
	return f
}

// usbRemovable is what USB says of the way to a device: "fixed" when that is
// said of every port from the root hub on. What is soldered to the hub within a
// monitor has a fixed port, and goes away with the monitor.
func (r *reader) usbRemovable(usb string) (said string) {
	for ; usb != ""; usb = usbAbove(usb) {
		if said = r.line(usb + "/removable"); said != "fixed" {
			return said
		}
	}
	return said
}

func (r *reader) id(at, name string) uint16 { return uint16(hex(r.line(at+"/id/"+name), 16)) }

func (r *reader) capability(at, name string) string { return r.line(at + "/capabilities/" + name) }

// parent is the device an input device is part of: what may have other input
// devices, and a serial number. Buses between, such as HID, are passed by.
func (r *reader) parent(at string) string {
	if usb := usbAbove(at); usb != "" {
		return usb
	}
	for p := path.Dir(at); strings.Contains(p, "/"); p = path.Dir(p) {
		base, above := path.Base(p), path.Base(path.Dir(p))
		if isNumbered(base, "serio") || isNumbered(above, "i2c-") || isNumbered(above, "spi") {
			return p
		}
	}
	return r.link(at + "/device")
}

// usbAbove is the USB device (not the interface) that a path leads through
// last: "devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2.1".
func usbAbove(at string) string {
	for p := path.Dir(at); strings.Contains(p, "/"); p = path.Dir(p) {
		bus, port, ok := strings.Cut(path.Base(p), "-")
		if ok && bus != "" && port != "" && strings.Trim(bus, "0123456789") == "" && strings.Trim(port, "0123456789.") == "" &&
			strings.Contains(p, "/usb") {
			return p
		}
	}
	return ""
}

// hidAbove is the HID device above an input device, "0003:046D:C31C.0001".
func hidAbove(at string) string {
	for p := path.Dir(at); strings.Contains(p, "/"); p = path.Dir(p) {
		if b := path.Base(p); len(b) >= 19 && b[4] == ':' && b[9] == ':' && b[14] == '.' {
			return p
		}
	}
	return ""
}
