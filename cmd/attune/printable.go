package main

import (
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// printable is a writer for terminals. Much of what attune prints comes from
// devices, file names and captures of strangers; a control character in it
// must not move the cursor or retitle a window. Such bytes come out as \x1b.
type printable struct {
	to   io.Writer
	part []byte // the beginning of a character, until its rest is written
	err  error  // the first failure, told again at the end
}

func (p *printable) Write(data []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	text := append(p.part, data...)
	out := make([]byte, 0, len(text))
	for len(text) > 0 && utf8.FullRune(text) {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1, unicode.IsControl(r) && r != '\n' && r != '\t':
			for _, b := range text[:size] {
				out = fmt.Appendf(out, `\x%02x`, b)
			}
		default:
			out = append(out, text[:size]...)
		}
		text = text[size:]
	}
	p.part = append([]byte(nil), text...)
	if _, p.err = p.to.Write(out); p.err != nil {
		return 0, p.err
	}
	return len(data), nil
}

// flush writes what never became a whole character.
func (p *printable) flush() error {
	for _, b := range p.part {
		if p.err == nil {
			_, p.err = fmt.Fprintf(p.to, `\x%02x`, b)
		}
	}
	p.part = nil
	return p.err
}
