package settings

import (
	"bytes"
	"encoding/base64"
	"io/fs"
	"strings"
)

// SMBIOS structures of type 11 are texts the maker, or the hypervisor, may put
// what it likes into. DSP0134 7.12.
const oemStringsType = 11

// dmiEntries is the kernel's directory of structures, by type and count;
// dmiTable all of them in one file, where the kernel has no such directory.
const (
	dmiEntries = "sys/firmware/dmi/entries"
	dmiTable   = "sys/firmware/dmi/tables/DMI"
)

// oemStrings reads them all. Only root may.
func oemStrings(root fs.FS) []string {
	raw, _ := fs.Glob(root, dmiEntries+"/11-*/raw")
	var all []string
	for _, name := range raw {
		if data, err := fs.ReadFile(root, name); err == nil {
			_, texts, _ := ParseStructure(data)
			all = append(all, texts...)
		}
	}
	if len(raw) > 0 {
		return all
	}
	table, err := fs.ReadFile(root, dmiTable)
	if err != nil {
		return nil
	}
	for len(table) > 0 {
		kind, texts, n := ParseStructure(table)
		if n == 0 {
			break
		}
		if kind == oemStringsType {
			all = append(all, texts...)
		}
		table = table[n:]
	}
	return all
}

// ParseStructure reads one SMBIOS structure: type u8, length u8 of what is
// formatted, handle u16, the formatted part, then texts that end with a zero
// byte each, and one more zero byte. n is how long it was, 0 when it is none.
// DSP0134 6.1.
func ParseStructure(b []byte) (kind int, texts []string, n int) {
	const head = 4
	if len(b) < head || int(b[1]) < head || int(b[1]) > len(b) {
		return 0, nil, 0
	}
	rest := b[b[1]:]
	for len(rest) > 0 && rest[0] != 0 {
		text, after, ok := bytes.Cut(rest, []byte{0})
		texts = append(texts, string(text))
		if rest = after; !ok { // cut short
			return int(b[0]), texts, len(b)
		}
	}
	n = len(b) - len(rest) + 1
	if texts == nil {
		n++ // no text at all is two zero bytes
	}
	return int(b[0]), texts, min(n, len(b))
}

// ParseOEMString reads io.systemd.credential:NAME=VALUE, and with .binary
// before the colon a value in base64; of one that is none the name alone.
// systemd.system-credentials(7).
func ParseOEMString(s string) (name string, value []byte, ok bool) {
	rest, ok := strings.CutPrefix(s, "io.systemd.credential")
	if !ok {
		return "", nil, false
	}
	rest, binary := strings.CutPrefix(rest, ".binary")
	rest, ok = strings.CutPrefix(rest, ":")
	name, text, found := strings.Cut(rest, "=")
	if !ok || !found || !credentialName(name) {
		return "", nil, false
	}
	if !binary {
		return name, []byte(text), true
	}
	value, err := base64.StdEncoding.DecodeString(text)
	return name, value, err == nil
}

// credentialName: what systemd takes for one, a file name of plain letters.
func credentialName(s string) bool {
	return s != "" && len(s) < 256 && s[0] != '.' &&
		!strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '/' })
}
