package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// A foundEDID is the bytes of one EDID and the output it was told for.
type foundEDID struct {
	output string
	data   []byte
}

// edidHeader starts every EDID.
const edidHeader = "00ffffffffffff00"

var headerBytes, _ = hex.DecodeString(edidHeader)

// findEDIDs takes a file for EDIDs themselves or, where it is text, for a dump
// with EDIDs in hexadecimal: of xrandr --verbose, edid-decode, an X log, xxd,
// hexdump, or an array of C. Text without any is given as it is, for it is no
// EDID.
func findEDIDs(data []byte) []foundEDID {
	text := bytes.TrimPrefix(data, []byte("\ufeff"))
	if bytes.HasPrefix(data, headerBytes) || !isText(text) {
		return split(foundEDID{data: data})
	}
	d := dump{}
	for line := range strings.Lines(string(text)) {
		d.line(line)
	}
	d.end()
	if len(d.found) == 0 {
		return []foundEDID{{data: data}}
	}
	return d.found
}

// split cuts EDIDs that follow each other apart: where as many blocks as one
// announces are there, a header is the next one's.
func split(all foundEDID) (list []foundEDID) {
	const block = 128
	rest := all.data
	for len(rest) >= block {
		size := block * (1 + int(rest[block-2]))
		if size > len(rest) || !bytes.HasPrefix(rest[size:], headerBytes) {
			break
		}
		list, rest = append(list, foundEDID{all.output, rest[:size]}), rest[size:]
	}
	return append(list, foundEDID{all.output, rest})
}

func isText(data []byte) bool {
	for _, b := range data {
		if b < ' ' && b != '\n' && b != '\r' && b != '\t' || b > '~' {
			return false
		}
	}
	return true
}

// A dump is text with EDIDs being read.
type dump struct {
	output string // the last one named
	digits strings.Builder
	found  []foundEDID
}

// line takes the hexadecimal digits of a line, if it is one of an EDID: one that
// begins with its header, or one of digits alone after that. Blank lines
// stand between blocks.
func (d *dump) line(text string) {
	digits, isHex := hexDigits(text)
	switch {
	case isHex && strings.HasPrefix(digits, edidHeader) && d.startsAnother():
		d.end()
		d.digits.WriteString(digits)
	case isHex && d.digits.Len() > 0:
		d.digits.WriteString(digits)
	case digits != "" || strings.TrimSpace(text) != "":
		d.end()
		if fields := strings.Fields(text); len(fields) > 1 && (fields[1] == "connected" || fields[1] == "disconnected") {
			d.output = fields[0]
		}
	}
}

// startsAnother: within an EDID a header is that of a repeated base block until
// as many blocks as it announces are there.
func (d *dump) startsAnother() bool {
	const block = 2 * 128
	have := d.digits.String()
	if len(have) < block {
		return true
	}
	count, err := hex.DecodeString(have[block-4 : block-2])
	return err != nil || len(have) >= block*(1+int(count[0]))
}

func (d *dump) end() {
	if d.digits.Len() == 0 {
		return
	}
	if data, err := hex.DecodeString(d.digits.String()); err == nil {
		d.found = append(d.found, split(foundEDID{d.output, data})...)
	}
	d.digits.Reset()
}

// hexDigits is a line's bytes as one string of digits, and whether the line has
// nothing else but what dumps put around them: a log's "(II) modeset(0):", an
// offset in front, the bytes as characters behind.
func hexDigits(line string) (string, bool) {
	line = strings.TrimSpace(line)
	if i := strings.LastIndex(line, "): "); i >= 0 && strings.Contains(line[:i], "(II)") {
		line = strings.TrimSpace(line[i+3:])
	}
	line = strings.TrimSpace(withoutOffset(line))
	if strings.Contains(strings.ToLower(line), "0x") {
		return arrayDigits(line)
	}
	digits := strings.ToLower(strings.Join(strings.Fields(line), ""))
	if digits == "" || len(digits)%2 != 0 {
		return "", false
	}
	_, err := hex.DecodeString(digits)
	return digits, err == nil
}

// arrayDigits are the bytes of an array of C, "0x00, 0xff,", or of the part of
// one that stands on a line.
func arrayDigits(line string) (string, bool) {
	_, after, ok := strings.Cut(line, "{")
	if ok {
		line = after
	}
	line, _, _ = strings.Cut(line, "}")
	var digits strings.Builder
	for _, word := range strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		value, err := strconv.ParseUint(word, 0, 8)
		if err != nil || !strings.HasPrefix(word, "0x") {
			return "", false
		}
		fmt.Fprintf(&digits, "%02x", value)
	}
	return digits.String(), digits.Len() > 0
}

// withoutOffset cuts "00000010: ... ascii" of xxd and "00000010  ... |ascii|" of
// hexdump down to the bytes.
func withoutOffset(line string) string {
	at, rest, xxd := strings.Cut(line, ": ")
	if xxd && isOffset(at) {
		bytes, _, _ := strings.Cut(rest, "  ")
		return bytes
	}
	at, rest, hexdump := strings.Cut(line, "  ")
	if hexdump && isOffset(at) && len(at) == 8 {
		bytes, _, _ := strings.Cut(rest, "|")
		return bytes
	}
	return line
}

func isOffset(s string) bool {
	return len(s) >= 4 && len(s) <= 8 && strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}
