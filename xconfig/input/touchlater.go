package input

import (
	"cmp"
	"slices"
	"strings"

	"attune/detect"
	"attune/xconfig"
)

// later adds the rules for devices a setting names that may come some day. Only
// ids tell X and udev beforehand which those are. Of settings the first counts
// for a device, of these rules the last: so their order is the other way round.
func (t *touchMap) later(out []xconfig.InputClass) []xconfig.InputClass {
	var rules []xconfig.TouchRule
	for i, rule := range t.prefs.Touch {
		if t.comesLater(i) {
			rules = append(rules, rule)
		}
	}
	for _, rule := range slices.Backward(rules) {
		p := placedTouch{target: t.bySetting(rule, detect.Input{Name: rule.Device})}
		p.matrix = t.matrix(p.target)
		for _, kind := range []string{"touchscreen", "tablet"} {
			reached := reaching(out, kind, deviceID(rule))
			c := t.class(p, reached != nil)
			c.Match = xconfig.InputMatch{Kind: kind, USBID: deviceID(rule)}
			if !saysNothing(c, reached) {
				out = append(out, c)
			}
		}
	}
	return out
}

// comesLater says whether a setting needs a rule of its own: no earlier one has
// all of its devices, and it is not of one device that is there.
func (t *touchMap) comesLater(i int) bool {
	rule := t.prefs.Touch[i]
	id, here := deviceID(rule), t.isHere(rule)
	if !isUSBID(id) {
		if !here {
			t.notes = append(t.notes, xconfig.Remark(cmp.Or(rule.Source, "touch"), "no such device is here: %q; X can be told beforehand only of ids, so a name is followed from the boot on that finds its device", rule.Device))
		}
		return false
	}
	for _, earlier := range t.prefs.Touch[:i] {
		if isUSBID(deviceID(earlier)) && xconfig.Like(deviceID(earlier), id) {
			return false
		}
	}
	return !here || strings.HasSuffix(id, "*")
}

func (t *touchMap) isHere(rule xconfig.TouchRule) bool {
	return slices.ContainsFunc(t.facts.Inputs, func(in detect.Input) bool { return matchesDevice(rule.Device, in) })
}

func deviceID(rule xconfig.TouchRule) string { return strings.ToLower(rule.Device) }

// isUSBID: four hex digits, a colon, four hex digits or *.
func isUSBID(s string) bool {
	vendor, product, ok := strings.Cut(s, ":")
	hex := func(s string) bool { return len(s) == 4 && strings.Trim(s, "0123456789abcdef") == "" }
	return ok && hex(vendor) && (hex(product) || product == "*")
}
