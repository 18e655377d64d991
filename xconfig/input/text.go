package input

import (
	"cmp"
	"fmt"
	"strings"

	"attune/detect"
	"attune/xconfig"
)

// pick is those of a list that fit.
func pick[T any](list []T, fit func(T) bool) (out []T) {
	for _, x := range list {
		if fit(x) {
			out = append(out, x)
		}
	}
	return out
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// usbID is the vendor and product as X's MatchUSBID compares them. X takes
// them from the input device, so a device on I2C has them too.
func usbID(in detect.Input) string {
	if in.Vendor == 0 && in.Product == 0 {
		return ""
	}
	return fmt.Sprintf("%04x:%04x", in.Vendor, in.Product)
}

// inputName is a name for people: the device's own, of printable ASCII, or its
// ids.
func inputName(in detect.Input) string {
	return cmp.Or(strings.TrimSpace(xconfig.Printable(in.Name)), usbID(in), in.Path)
}

// safeName says whether a name may be compared with in a file: whitelisted
// characters only, none that X or udev read as a pattern.
func safeName(name string) bool {
	if name == "" || len(name) > 80 {
		return false
	}
	for _, c := range []byte(name) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte(" ._:+-", c) >= 0:
		default:
			return false
		}
	}
	return true
}
