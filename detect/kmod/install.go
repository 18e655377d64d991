package kmod

import (
	"slices"
	"strings"
)

// deniesInstall tells whether an install command is the usual way to say
// "never load this": a command which does nothing, with nothing after it.
func deniesInstall(command string) bool {
	command, _, _ = strings.Cut(command, "#")
	words := strings.Fields(command)
	if len(words) == 0 || strings.ContainsAny(command, ";&|`(") {
		return false
	}
	nothing := []string{"false", "true", ":", "/bin/false", "/bin/true", "/usr/bin/false", "/usr/bin/true"}
	return slices.Contains(nothing, words[0]) || slices.Equal(words, []string{"exit", "1"})
}
