package records

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sync"
)

// A Match says which hardware a record is about. An empty one is about any.
type Match struct {
	// Machine is the kind of machine by its DMI fields, "sys_vendor",
	// "product_name" and so on, * and ? being wildcards; of a machine that has none
	// "parts" is a hash of what it is built of. With displays or a device it is asked
	// only where those say no serial number.
	Machine  map[string]string `json:"machine,omitempty"`
	Displays []Display         `json:"displays,omitempty"` // all that are connected, no more and no fewer
	Device   Device            `json:"device,omitzero"`
}

// A Display is a display on a connector, as a record knows it again.
type Display struct {
	Card      string `json:"card,omitempty"`      // detect.Card.ID
	Connector string `json:"connector,omitempty"` // the kernel's name
	Vendor    string `json:"vendor,omitempty"`    // "DEL", of the EDID; "" when it told nothing
	Product   string `json:"product,omitempty"`   // four hex digits
	Serial    string `json:"serial,omitempty"`    // hash of the serial numbers, "" when it has none
}

// A Device is an input device.
type Device struct {
	ID    string `json:"id,omitempty"`    // "0eef:0001", VID:PID in hex
	Place string `json:"place,omitempty"` // where it is plugged in, "usb-0000:00:14.0-2/input0"; "" wherever it is
}

// Limits on what a match may be, far beyond any machine.
const (
	maxDisplays = 32
	maxText     = 256
)

var deviceID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9a-f]{4}:[0-9a-f]{4}$`) })

func (m Match) check() error {
	if len(m.Displays) > maxDisplays {
		return fmt.Errorf("%d displays: want no more than %d", len(m.Displays), maxDisplays)
	}
	var texts []string
	seen := map[[2]string]bool{}
	for _, d := range m.Displays {
		at := [2]string{d.Card, d.Connector}
		if d.Connector == "" || seen[at] {
			return fmt.Errorf("connector %q: want one, and each once", d.Connector)
		}
		seen[at] = true
		texts = append(texts, d.Card, d.Connector, d.Vendor, d.Product, d.Serial)
	}
	for field, value := range m.Machine {
		if !slices.Contains(machineFields, field) {
			return fmt.Errorf("machine: there is no field %q: want one of %s", field, words(machineFields))
		}
		texts = append(texts, value)
	}
	if m.Device != (Device{}) && !deviceID().MatchString(m.Device.ID) {
		return fmt.Errorf("device id %q: want VID:PID in hex", m.Device.ID)
	}
	for _, t := range append(texts, m.Device.Place) {
		if len(t) > maxText {
			return fmt.Errorf("a text of %d bytes: want no more than %d", len(t), maxText)
		}
	}
	return nil
}

// hash is 12 hex digits for what a record is about. Values that tell records of
// one match apart have a key.
func (m Match) hash(v Value) string {
	text, err := json.Marshal(m) // keys of maps come sorted
	if err != nil {
		panic("records: a match is always JSON: " + err.Error())
	}
	h := sha256.New()
	h.Write(text)
	if k, ok := v.(interface{ key() string }); ok {
		fmt.Fprintf(h, "\n%s", k.key())
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}
