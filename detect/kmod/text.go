package kmod

import (
	"bytes"
	"iter"
	"strings"
)

// Readers of depmod's text files. Each puts into the builder what depmod
// puts into the binary file of the same name.

// readDepText reads "kernel/a/b.ko: kernel/c.ko kernel/d.ko" lines.
func readDepText(b *trieBuilder, text []byte) {
	n := uint32(0)
	for line := range lines(text) {
		if file, _, ok := strings.Cut(line, ":"); ok {
			b.add(ModuleName(file), value{n, line})
			n++
		}
	}
}

// readAliasText reads "alias PATTERN MODULE" lines, of modules.alias and of
// modules.symbols. depmod lists module after module in priority order.
func readAliasText(b *trieBuilder, text []byte) {
	n, last := uint32(0), ""
	for line := range lines(text) {
		rest, ok := strings.CutPrefix(line, "alias ")
		at := strings.LastIndexByte(rest, ' ')
		if !ok || at <= 0 {
			continue
		}
		pattern, module := rest[:at], rest[at+1:]
		if module != last {
			n, last = n+1, module
		}
		if pattern, err := normalize(pattern); err == nil {
			b.add(pattern, value{n, module})
		}
	}
}

// readBuiltinText reads modules.builtin, one file name a line.
func readBuiltinText(b *trieBuilder, text []byte) {
	for line := range lines(text) {
		b.add(ModuleName(line), value{})
	}
}

// readModinfoText reads the aliases out of modules.builtin.modinfo, which is
// "module.key=value" strings, each ended by a zero byte.
func readModinfoText(b *trieBuilder, text []byte) {
	for item := range bytes.SplitSeq(text, []byte{0}) {
		module, rest, _ := strings.Cut(string(item), ".")
		alias, ok := strings.CutPrefix(rest, "alias=")
		if !ok || module == "" || alias == "" {
			continue
		}
		if alias, err := normalize(alias); err == nil {
			b.add(alias, value{0, module})
		}
	}
}

// lines gives the lines of text which are neither empty nor a comment.
func lines(text []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range bytes.Lines(text) {
			s := strings.TrimSpace(string(line))
			if s != "" && s[0] != '#' && !yield(s) {
				return
			}
		}
	}
}
