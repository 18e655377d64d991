package explain

import (
	"slices"
	"strings"

	"attune/detect"
)

// unreadable: a file that would tell the alias or the driver is there and
// cannot be read. To conclude anything from an alias that was not read would
// be a guess.
func unreadable(v *view, d *detect.Device) (Verdict, bool) {
	what := ""
	switch {
	case len(d.Unread) == 0:
		return Verdict{}, false
	case len(d.Modalias) == 0:
		what = "its alias"
	case slices.ContainsFunc(d.Unread, func(s string) bool { return strings.HasPrefix(s, "driver:") }):
		what = "whether a driver has it"
	default:
		return Verdict{}, false
	}
	return Verdict{Outcome: Unreadable, Why: what + " could not be read: " + strings.Join(d.Unread, ", "),
		Hint: "the kernel's log may say more; as another user than root, root may be able to"}, true
}
