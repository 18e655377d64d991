package records

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"attune/detect"
	"attune/detect/edid"
	"attune/xconfig"
)

// Hardware is what records are compared with.
type Hardware struct {
	Inventory detect.Inventory
	Graphics  detect.Graphics
	Inputs    []detect.Input
	// Remembered are EDIDs of an earlier boot for displays that give none now, by
	// Card.ID + "/" + Connector.Name.
	Remembered map[string][]byte
}

// A place is a connector of a card.
type place struct{ card, connector string }

func (d Display) at() place { return place{d.Card, d.Connector} }

// Displays are the displays that are connected now, in the order of their
// places; where none shows itself, those of the boot before, which may be
// asleep. What the firmware left is no display of its own.
func (h Hardware) Displays() []Display {
	now := h.displays(func(c detect.Connector, _ []byte) bool { return c.Status == "connected" && !c.NonDesktop })
	if len(now) > 0 {
		return now
	}
	return h.displays(func(_ detect.Connector, earlier []byte) bool { return len(earlier) > 0 })
}

func (h Hardware) displays(there func(c detect.Connector, earlier []byte) bool) (all []Display) {
	for _, card := range h.Graphics.Cards {
		if card.Firmware {
			continue
		}
		for _, c := range card.Connectors {
			earlier := h.Remembered[card.ID+"/"+c.Name]
			if !there(c, earlier) {
				continue
			}
			data := c.EDID
			if len(data) == 0 {
				data = earlier
			}
			all = append(all, displayOf(card.ID, c.Name, data))
		}
	}
	slices.SortFunc(all, func(a, b Display) int {
		return cmp.Or(cmp.Compare(a.Card, b.Card), cmp.Compare(a.Connector, b.Connector))
	})
	return all
}

func displayOf(card, connector string, data []byte) Display {
	d := Display{Card: card, Connector: connector}
	e, err := edid.Parse(data)
	if len(data) == 0 || err != nil {
		return d
	}
	d.Vendor, d.Product = e.Vendor, fmt.Sprintf("%04x", e.Product)
	if d.Vendor == "" {
		d.Vendor = fmt.Sprintf("%04x", e.VendorID)
	}
	d.Serial = serialOf(e)
	return d
}

// serialOf is a hash of the serial numbers, so that a record may be shown
// around: it tells one display from another and not what stands on its back. Numbers
// that makers leave where there should be one are none.
func serialOf(e *edid.EDID) string {
	number := e.Serial
	if number == 0x01010101 || number == 1 || number == 0xffffffff {
		number = 0
	}
	if number == 0 && e.SerialString == "" {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "attune display %s %04x %08x %q", e.Vendor, e.Product, number, e.SerialString))
	return hex.EncodeToString(sum[:6])
}

func (d Display) String() string {
	if d.Vendor == "" {
		return d.Connector
	}
	return fmt.Sprintf("%s (%s %s)", d.Connector, xconfig.Printable(d.Vendor), xconfig.Printable(d.Product))
}

// model is what displays of one make have in common, "" of one that told
// nothing.
func (d Display) model() string {
	if d.Vendor == "" && d.Product == "" {
		return ""
	}
	return d.Vendor + "-" + d.Product
}

// IDOf is VID:PID of an input device as Device has it, "" of one without.
func IDOf(in detect.Input) string {
	if in.Vendor == 0 && in.Product == 0 {
		return ""
	}
	return fmt.Sprintf("%04x:%04x", in.Vendor, in.Product)
}

// find gives the input devices a Device is about.
func (h Hardware) find(d Device) (found []detect.Input) {
	for _, in := range h.Inputs {
		if IDOf(in) == d.ID && (d.Place == "" || d.Place == in.Phys) {
			found = append(found, in)
		}
	}
	return found
}
