package kmod

import "strings"

// drives tells whether a device asks for a module by itself. What other
// modules need and what a processor's features ask for (ciphers, kvm) binds to
// nothing.
func (s Step) drives() bool {
	for _, w := range s.Why {
		processor := strings.HasPrefix(w.Alias, "cpu:") || strings.HasPrefix(w.Alias, "x86cpu:")
		if w.For == "" && !processor {
			return true
		}
	}
	return false
}
