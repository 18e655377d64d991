package detect

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// ScanGraphics reads what the machine can show a picture with. root is the
// machine's "/", inv what a scan of its sys/ found, ask what answers for
// /dev/dri, nil for nobody. It reads only: no monitor is asked, no mode is set,
// no connector probed; what the kernel last saw is what is given.
func ScanGraphics(root fs.FS, inv Inventory, ask NodeAsker) Graphics {
	f, kin := newFinder(root, ask), kinOf(root, inv)
	g := Graphics{Cards: []Card{}}
	for _, name := range f.class("drm", "card") {
		if at := resolve(root, "class/drm/"+name); at != "" {
			g.Cards = append(g.Cards, f.card(kin, at, inv.DMI))
		}
	}
	slices.SortStableFunc(g.Cards, func(a, b Card) int { return strings.Compare(a.ID, b.ID) })
	for _, name := range f.class("graphics", "fb") {
		fb, _ := within(f, "class/graphics/"+name, func(r *reader) Framebuffer { return r.framebuffer(name) })
		fb.Node = name
		g.Framebuffers = append(g.Framebuffers, fb)
	}
	g.Problems = f.problems
	return g
}

// card puts one card together. at is its Path.
func (f *finder) card(k kin, at string, dmi DMI) Card {
	name := path.Base(at)
	c := Card{Node: "dri/" + name, Device: resolve(f.root, at+"/device")}
	if c.Device == "" {
		c.Device = path.Dir(path.Dir(at)) // above the folder "drm"
	}
	k.describe(&c)
	own, _ := within(f, at, func(r *reader) cardFiles { return r.card(at) })
	c.Render, c.ID = own.render, own.id
	if c.ID == "" {
		c.ID = k.idPath(at)
	}
	facts, _ := within(f, "dev/"+c.Node, func(r *reader) []ConnectorFacts { return r.connectors(c.Node) })
	for _, dir := range own.connectors {
		con, ok := within(f, at+"/"+dir, func(r *reader) Connector { return r.connector(at + "/" + dir) })
		if !ok {
			con.Status = "unknown"
		}
		con.Name = strings.TrimPrefix(dir, name+"-")
		con.Type = connectorType(con.Name)
		for _, fact := range facts {
			if fact.Name == con.Name {
				con.learn(fact)
			}
		}
		con.Internal, con.InternalWhy = internalPanel(con, c, dmi)
		c.Connectors = append(c.Connectors, con)
	}
	sortConnectors(c.Connectors)
	return c
}

// cardFiles is what a card's own directory and udev say of it.
type cardFiles struct {
	id         string
	render     string
	connectors []string // directories: "card0-HDMI-A-1"
}

func (r *reader) card(at string) (own cardFiles) {
	name := path.Base(at)
	own.id = r.udev(r.line(at + "/dev"))["ID_PATH"]
	for _, n := range r.list(at) {
		if strings.HasPrefix(n, name+"-") {
			own.connectors = append(own.connectors, n)
		}
	}
	for _, n := range r.list(path.Dir(at)) {
		if isNumbered(n, "renderD") {
			own.render = "dri/" + n
		}
	}
	return own
}

// describe fills in what the hardware device and those around it say.
func (k kin) describe(c *Card) {
	d := k.device(c.Device)
	if d == nil {
		return
	}
	c.Driver = k.driver(d)
	c.Firmware = firmwareDrivers[c.Driver]
	c.External = k.external(c.Device)
	if d.Subsystem != "pci" {
		d = k.pciAbove(c.Device)
	}
	if d != nil {
		c.Vendor, c.Product, c.Class, c.BootVGA = d.Vendor, d.Product, d.Class, d.BootVGA
	}
}

// firmwareDrivers show the picture the firmware left, whatever card it is on:
// they go when its own driver comes, and set no mode. By the name of the bus'
// driver, and of the DRM driver.
var firmwareDrivers = map[string]bool{
	"simple-framebuffer": true, "simpledrm": true,
	"of-display": true, "ofdrm": true,
	"efi-framebuffer": true, "efidrm": true, // as a DRM driver since 6.16
	"vesa-framebuffer": true, "vesadrm": true,
}

// driver is the driver that makes the card. virtio's is one device below the
// one the card says it belongs to.
func (k kin) driver(d *Device) string {
	if !Between(d.Driver) {
		return d.Driver
	}
	names, _ := fs.ReadDir(k.root, "sys/"+d.Path)
	for _, e := range names {
		if !isNumbered(e.Name(), "virtio") {
			continue
		}
		if below := k.device(d.Path + "/" + e.Name()); below != nil && below.Driver != "" {
			return below.Driver
		}
	}
	return d.Driver
}

// pciAbove is the PCI device that a virtio or MFD child is part of. A USB
// device is not part of its host.
func (k kin) pciAbove(name string) *Device {
	for p := path.Dir(name); strings.Contains(p, "/"); p = path.Dir(p) {
		switch k.subsystem(p) {
		case "pci":
			return k.device(p)
		case "usb":
			return nil
		}
	}
	return nil
}

func (r *reader) framebuffer(name string) Framebuffer {
	at := "class/graphics/" + name
	fb := Framebuffer{Name: clean(r.line(at + "/name")), Size: r.line(at + "/virtual_size")}
	if dir := r.link(at); dir != "" {
		fb.Device = r.link(dir + "/device")
	}
	return fb
}
