package edid

import "fmt"

// ProductKind is what kind of thing the display is: the product type of
// DisplayID 1.x, or the primary use case of 2.x.
type ProductKind struct {
	Version uint8 // 1 or 2
	Code    uint8 // DisplayID 1.3 table 2.3, 2.1a table 2.3
}

var (
	productTypes = [...]string{"extension", "test", "panel", "standalone", "television", "repeater", "direct-drive"}
	useCases     = [...]string{"extension", "test", "generic", "television", "desktop", "gaming", "presentation",
		"virtual-reality", "augmented-reality"}
)

func (k ProductKind) String() string {
	if k.Version < 2 {
		return nameOf(productTypes[:], int(k.Code))
	}
	return nameOf(useCases[:], int(k.Code))
}

// MarshalText gives the name.
func (k ProductKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// headMounted is use case 7 (VR) and 8 (AR) of DisplayID 2.x; 1.x has none.
func (k ProductKind) headMounted() bool { return k.Version == 2 && (k.Code == 7 || k.Code == 8) }

// A ProductID says who made the display, apart from the base block's.
type ProductID struct {
	Vendor    string `json:"vendor,omitempty"` // three letters (1.x; any bytes), or an OUI (2.x)
	Product   uint16 `json:"product"`
	Serial    uint32 `json:"serial,omitempty"`
	Week      int    `json:"week,omitempty"`
	Year      int    `json:"year,omitempty"`
	ModelYear int    `json:"model_year,omitempty"`
	Name      string `json:"name,omitempty"` // any bytes
}

// parseProductID is DisplayID 1.3 §4.1, 2.1a §4.1.
func (p *parser) parseProductID(n, offset int, tag byte, x []byte) bool {
	if len(x) < 12 || p.DisplayID.Product != nil {
		return len(x) >= 12
	}
	id := &ProductID{
		Vendor:  vendorName(p.at(n, offset, 3), tag >= 0x20),
		Product: uint16(le16(x[3:])), Serial: uint32(le32(x[5:])),
		Name: trim(p.at(n, offset+12, min(int(x[11]), len(x)-12))),
	}
	switch year := 2000 + int(x[10]); {
	case x[9] == 0xff:
		id.ModelYear = year
	case x[9] <= 54:
		id.Week, id.Year = int(x[9]), year
	default:
		id.Year = year
	}
	p.DisplayID.Product = id
	return true
}

// vendorName is three bytes: letters, or from DisplayID 2.0 on an OUI.
func vendorName(s string, oui bool) string {
	if !oui || len(s) < 3 {
		return s
	}
	return fmt.Sprint(OUI(s[0])<<16 | OUI(s[1])<<8 | OUI(s[2]))
}
