package identity

import "strings"

// ParseMAC reads an address of six bytes however it is written, with colons,
// dashes, full stops or nothing between, and gives it as Linux does.
func ParseMAC(s string) (string, bool) {
	digits := strings.ToLower(strings.NewReplacer(":", "", "-", "", ".", "").Replace(strings.TrimSpace(s)))
	if len(digits) != 12 || !isHex(digits) || badMAC(digits) {
		return "", false
	}
	var b strings.Builder
	for i := 0; i < 12; i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(digits[i : i+2])
	}
	return b.String(), true
}

// badMAC: nobody's (zero), everybody's (broadcast) or a group's.
func badMAC(digits string) bool {
	return strings.Trim(digits, "0") == "" || strings.IndexByte("13579bdf", digits[1]) >= 0
}

func isHex(s string) bool {
	return strings.Trim(s, "0123456789abcdef") == ""
}

// ParseUUID reads a UUID, with its dashes or without.
func ParseUUID(s string) (string, bool) {
	digits := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), "-", ""))
	if len(digits) != 32 || !isHex(digits) {
		return "", false
	}
	return digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:], true
}

// text writes a serial number or asset tag for comparing.
func text(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// Same says whether a value somebody wrote is the one a machine has.
func Same(kind Kind, written, have string) bool {
	switch kind {
	case MAC, BootMAC:
		mac, ok := ParseMAC(written)
		return ok && mac == have
	case UUID:
		uuid, ok := ParseUUID(written)
		return ok && uuid == have
	}
	return text(written) == have
}
