package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// block is something with an EDID's header, n extensions announced.
func block(n byte) []byte {
	b, _ := hex.DecodeString(edidHeader)
	b = append(b, bytes.Repeat([]byte{0x4d, 0x21}, 60)...)
	b[126] = n
	return b
}

func TestFindEDIDs(t *testing.T) {
	one, two := block(0), append(block(1), block(1)...)
	digits := hex.EncodeToString
	spaced := func(b []byte) string {
		var s strings.Builder
		for i, v := range b {
			s.WriteString(digits([]byte{v}))
			s.WriteByte(" \n"[(i+1)/16*16/(i+1)])
		}
		return s.String()
	}
	array := func(b []byte) string {
		var s strings.Builder
		for i, v := range b {
			fmt.Fprintf(&s, "0x%02x, ", v)
			if i%12 == 11 {
				s.WriteByte('\n')
			}
		}
		return s.String()
	}
	for _, c := range []struct {
		name string
		text string
		want []foundEDID
	}{
		{"binary", string(one), []foundEDID{{"", one}}},
		{"one line", digits(one), []foundEDID{{"", one}}},
		{"capitals", strings.ToUpper(digits(one)), []foundEDID{{"", one}}},
		{"edid-decode", "edid-decode (hex):\n\n" + spaced(two[:128]) + "\n" + spaced(two[128:]) + "\n----------------\n\nBlock 0, Base EDID:\n", []foundEDID{{"", two}}},
		{"xrandr", "HDMI-1 connected 1920x1080+0+0\n\tEDID: \n\t\t" + digits(one[:64]) + "\n\t\t" + digits(one[64:]) + "\n\tlink: Good\nDP-1 disconnected\nDP-2 connected\n\t\t" + digits(two) + "\n",
			[]foundEDID{{"HDMI-1", one}, {"DP-2", two}}},
		{"a log of X", "[ 5.1] (II) modeset(0): EDID (in hex):\n[ 5.1] (II) modeset(0): \t" + digits(one[:64]) + "\n[ 5.1] (II) modeset(0): \t" + digits(one[64:]) + "\n", []foundEDID{{"", one}}},
		{"a base block twice, as announced", digits(two[:128]) + "\n" + digits(two[128:]), []foundEDID{{"", two}}},
		{"two displays, line by line", digits(one) + "\n" + digits(one), []foundEDID{{"", one}, {"", one}}},
		{"the same on one line", digits(one) + digits(one), []foundEDID{{"", one}, {"", one}}},
		{"the same, binary", string(one) + string(one), []foundEDID{{"", one}, {"", one}}},
		{"a base block twice, as announced, on one line", digits(two), []foundEDID{{"", two}}},
		{"a base block twice, as announced, binary", string(two), []foundEDID{{"", two}}},
		{"more than announced, but no header", digits(append(block(0), two[8:]...)), []foundEDID{{"", append(block(0), two[8:]...)}}},
		{"an array of C", "static const unsigned char edid[] = {\n" + array(one) + "};\n", []foundEDID{{"", one}}},
		{"the same on one line", "unsigned char edid[128] = { " + strings.ReplaceAll(array(one), "\n", "") + " };", []foundEDID{{"", one}}},
		{"an array without its braces", strings.ReplaceAll(strings.ToUpper(array(one)), ", ", ","), []foundEDID{{"", one}}},
		{"an array of something else", "int x[] = { 0x1234, 5 };\n", []foundEDID{{"", []byte("int x[] = { 0x1234, 5 };\n")}}},
		{"a byte order mark", "\xef\xbb\xbf" + digits(one) + "\r\n", []foundEDID{{"", one}}},
		{"text", "hello\n", []foundEDID{{"", []byte("hello\n")}}},
		{"nothing", "", []foundEDID{{"", nil}}},
	} {
		got := findEDIDs([]byte(c.text))
		if len(got) != len(c.want) {
			t.Errorf("%s: %d EDIDs, want %d: %v", c.name, len(got), len(c.want), got)
			continue
		}
		for i, w := range c.want {
			if got[i].output != w.output || !bytes.Equal(got[i].data, w.data) {
				t.Errorf("%s: %q %x", c.name, got[i].output, got[i].data)
			}
		}
	}
}

// FuzzFindEDIDs: any text gives something, and no more bytes than it has.
func FuzzFindEDIDs(f *testing.F) {
	f.Add([]byte(hex.EncodeToString(block(1))))
	f.Add([]byte("00000000: 00ff ffff ffff ff00 4d21 4d21 4d21 4d21  ........M!M!M!M!\n"))
	f.Add([]byte("00000000  00 ff ff ff ff ff ff 00  4d 21 4d 21 4d 21 4d 21  |........M!M!M!M!|\n"))
	f.Add([]byte("(II) x(0): 00ffffffffffff00\nDP-1 connected\n(II) ): "))
	f.Add([]byte("\xef\xbb\xbfunsigned char e[] = { 0x00, 0xff,0xFF, 0xff, 0xff, 0xff, 0xff, 0x0, 0x4d };\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		total := 0
		found := findEDIDs(data)
		for _, e := range found {
			total += len(e.data)
		}
		if len(found) == 0 || total > len(data) {
			t.Errorf("%d EDIDs with %d bytes of %d", len(found), total, len(data))
		}
	})
}
