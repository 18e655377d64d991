package detect

import "fmt"

// ReaderIDs are the USB ids of the barcode scanners and card readers that are
// known by them, "05f9:*" where all of a vendor's keyboards are readers. In the
// order of the table: the same at every call.
func ReaderIDs() []string {
	ids := make([]string, len(typists))
	for i, t := range typists {
		ids[i] = fmt.Sprintf("%04x:%04x", t.vendor, uint16(t.product))
		if t.product == anyProduct {
			ids[i] = fmt.Sprintf("%04x:*", t.vendor)
		}
	}
	return ids
}
