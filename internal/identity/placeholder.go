package identity

import (
	"slices"
	"strings"

	"attune/detect"
)

// sharedUUIDs are on whole series of boards, and so nobody's.
var sharedUUIDs = []string{
	"03000200-0400-0500-0006-000700080009", // sample value of AMI's firmware, on boards of Gigabyte and many more; osquery#4374, oshi#2417
	"00020003-0004-0005-0006-000700080009", // the same with the bytes as SMBIOS before 2.6 had them
	"12345678-1234-5678-90ab-cddeefaabbcc", // boards never programmed
	"11111111-2222-3333-4444-555555555555",
	"10000000-0000-8000-0040-000000000000", // osquery#4374
	"4c4c4544-0000-2010-8020-80c04f202020", // a Dell whose service tag is seven blanks
	"8a95d198-7f46-11e5-bf8b-08002704d48e", // written into firmware of Arm boards; SolidRun/lx2160a_uefi#4
	"deadbeef-dead-beef-dead-beefdeadbeef",
}

// left are words makers leave in serial numbers and asset tags, besides those
// detect knows; in lower case without blanks, dashes and full stops.
var left = []string{
	"enterserial", "systemserialnumber", "baseboardserialnumber", "chassisserialnumber", "boardserialnumber", "boardassettag", "productserialnumber",
	"serialnumber", "serial", "mbserialnumber", "noserial", "noserialnumber", "sernum0", "sn", "eval",
	"assettag", "noassettag", "noassetinformation", "chassisassettag", "systemassettag", "baseboardassettag", "noasset",
	"tobefilledbyoem", "oemassettag", "asset", "tag", "notset", "notsettled", "tbd", "todo", "test", "standard",
}

// Shared says why a value is no identity: many machines have it. It is "" for
// one that may be. Comparing is without regard to case and blanks.
func Shared(kind Kind, value string) string {
	switch kind {
	case MAC, BootMAC:
		if _, ok := ParseMAC(value); !ok {
			return "no address of one card"
		}
		return ""
	case UUID:
		return sharedUUID(value)
	}
	return sharedText(value)
}

func sharedUUID(value string) string {
	uuid, ok := ParseUUID(value)
	digits := strings.ReplaceAll(uuid, "-", "")
	switch {
	case !ok:
		return "no UUID"
	case slices.Contains(sharedUUIDs, uuid), detect.IsPlaceholder(uuid):
		return "many boards have it"
	case repeats(digits, 1), repeats(digits, 2), repeats(digits, 4):
		return "one byte over and over"
	case strings.HasSuffix(uuid, "-ffff-ffff-ffff-ffffffffffff"):
		return "never programmed"
	case counts(digits):
		return "bytes that count"
	case strings.Contains(strings.Repeat("0123456789abcdef", 3), digits), strings.Contains(strings.Repeat("1234567890", 5), digits):
		return "digits that count"
	}
	return ""
}

func sharedText(value string) string {
	plain := strings.ToLower(strings.NewReplacer(" ", "", "\t", "", "-", "", "_", "", ".", "").Replace(value))
	switch {
	case plain == "":
		return "empty"
	case len(plain) < 3:
		return "too short to tell machines apart"
	case repeats(plain, 1):
		return "one character over and over"
	case slices.Contains(left, untyped(plain)), detect.IsPlaceholder(value):
		return "a word the maker left there"
	case sequence(strings.TrimLeft(plain, "abcdefghijklmnopqrstuvwxyz")):
		return "digits that count"
	case len(plain) >= 6 && len(strings.TrimLeft(plain, "0")) == 1:
		return "the first of all numbers"
	case strings.Contains(plain, "filledby"), strings.Contains(plain, "defaultstring"):
		return "a word the maker left there"
	}
	return ""
}

// untyped is a text without the SMBIOS structure it is in, as Insyde's firmware
// begins those that were never filled in: "Type2 - Board Serial Number".
func untyped(plain string) string {
	rest, ok := strings.CutPrefix(plain, "type")
	if ok && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		return rest[1:]
	}
	return plain
}

// repeats: a text is its first n characters over and over.
func repeats(s string, n int) bool {
	return len(s) > n && strings.Repeat(s[:n], len(s)/n) == s
}

// sequence: 0123456789, 1234567890123, as someone's sample value counts.
func sequence(digits string) bool {
	return len(digits) >= 6 && strings.Contains("0123456789012345678901234567890123456789", digits)
}

// counts: the bytes 00 01 02 .. 0f in whatever order SMBIOS put them, or from 01 on.
func counts(digits string) bool {
	var bytes []string
	for i := 0; i+2 <= len(digits); i += 2 {
		bytes = append(bytes, digits[i:i+2])
	}
	slices.Sort(bytes)
	in := strings.Join(bytes, "")
	return in == "000102030405060708090a0b0c0d0e0f" || in == "0102030405060708090a0b0c0d0e0f10"
}
