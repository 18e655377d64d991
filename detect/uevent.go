package detect

import (
	"iter"
	"strings"
)

// uevent yields the KEY=VALUE lines of a uevent file. A value may hold
// anything but a line end, "=" included; a line without "=" is passed over.
func uevent(text string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for line := range strings.Lines(text) {
			key, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
			if ok && key != "" && !yield(key, value) {
				return
			}
		}
	}
}

// isModaliasKey knows MODALIAS and MODALIAS1, MODALIAS2 ... which devices with
// several aliases send.
func isModaliasKey(key string) bool {
	return key == "MODALIAS" || isNumbered(key, "MODALIAS")
}

// maxAlias is the longest alias believed: a page, the kernel's limit for an
// attribute. Longer ones come from broken captures.
const maxAlias = 4096

// aliases puts together what the modalias file and uevent say, without
// repeats. Nothing is trimmed but the line end: a DMI alias may end in a space
// and hold quotes, and an alias is compared byte by byte.
func aliases(file, ue string) []string {
	var all []string
	add := func(alias string) {
		if alias == "" || len(alias) > maxAlias {
			return
		}
		for _, have := range all {
			if have == alias {
				return
			}
		}
		all = append(all, alias)
	}
	for line := range strings.Lines(file) {
		add(strings.TrimSuffix(line, "\n"))
	}
	for key, value := range uevent(ue) {
		if isModaliasKey(key) {
			add(value)
		}
	}
	return all
}
