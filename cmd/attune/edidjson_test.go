package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"attune/detect/edid"
	"attune/internal/xtest"
)

// attune edid --json is JSON, without a control character as such, of every
// display there is and of displays whose texts are noise; and the texts are
// what the displays sent.
func TestEDIDJSONOfCorpus(t *testing.T) {
	t.Parallel()
	all := xtest.EDIDs(t)
	usable := 29206
	if raceDetector { // takes minutes with it, and has one goroutine
		all = all[:1000]
		usable = 1000
	}
	r := rand.New(rand.NewPCG(7, 0xed1d))
	noisy := make([][]byte, 0, 3000)
	for len(noisy) < cap(noisy) {
		if b := slices.Clone(all[r.IntN(len(all))]); len(b) >= 128 {
			noisy = append(noisy, noiseInTexts(r, b))
		}
	}
	all = append(all, noisy...)
	shown, odd := 0, 0
	for part := range slices.Chunk(all, 4000) { // a dump may have 16 MB
		n, o := checkEDIDJSON(t, part)
		shown, odd = shown+n, odd+o
	}
	t.Logf("%d of %d EDIDs shown, %d with a text that is not plain ASCII", shown, len(all), odd)
	if shown != usable+3000 || odd < 3000 {
		t.Errorf("%d shown, want all but the three empty ones; %d odd, want all the noisy ones", shown, odd)
	}
}

// checkEDIDJSON shows EDIDs as one dump, in the form of xrandr --verbose.
func checkEDIDJSON(t *testing.T, all [][]byte) (shown, odd int) {
	t.Helper()
	var dump, out, errs bytes.Buffer
	for i, b := range all {
		fmt.Fprintf(&dump, "DP-%d connected\n\tEDID:\n\t\t%x\n", i, b)
	}
	if status := run([]string{"edid", "--json", "-"}, &dump, &out, &errs); status == exitFailed && errs.Len() == 0 {
		t.Fatalf("status %d", status)
	}
	if i := slices.IndexFunc(out.Bytes(), func(c byte) bool { return c < ' ' && c != '\n' || c == 0x7f }); i >= 0 {
		t.Errorf("a control character in %q", around(out.Bytes(), i))
	}
	if i := bytes.IndexFunc(out.Bytes(), func(c rune) bool { return c >= 0x80 && c < 0xa0 }); i >= 0 || !utf8.Valid(out.Bytes()) {
		t.Errorf("a C1 character, or no UTF-8: %q", around(out.Bytes(), max(i, 0)))
	}
	var got []struct {
		File   string   `json:"file"`
		Name   string   `json:"name"`
		Serial string   `json:"serial_string"`
		Texts  []string `json:"texts"`
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("decoding: %v", err)
	}
	texts := map[string]string{}
	for _, s := range got {
		if _, have := texts[s.File]; !have { // further ones are what follows the announced blocks
			texts[s.File] = fmt.Sprintf("%q", append([]string{s.Name, s.Serial}, s.Texts...))
		}
	}
	for i, b := range all {
		e, err := edid.Parse(b)
		if err != nil {
			continue
		}
		want := []string{e.Name, e.SerialString}
		want = append(want, e.Texts...)
		if strings.ContainsFunc(strings.Join(want, ""), func(c rune) bool { return c < ' ' || c >= 0x7f }) {
			odd++
		}
		for i, s := range want {
			want[i] = string([]rune(s)) // bytes that are no UTF-8 have no form in JSON
		}
		if have, is := texts[fmt.Sprintf("standard input, DP-%d", i)], fmt.Sprintf("%q", want); have != is {
			t.Errorf("%s, want %s of %x", have, is, b)
		}
		shown++
	}
	return shown, odd
}

func around(b []byte, i int) []byte { return b[max(0, i-40):min(len(b), i+40)] }

// noiseInTexts gives a display a name, a serial number and a text of any bytes,
// at times of such control characters as are UTF-8.
func noiseInTexts(r *rand.Rand, b []byte) []byte {
	for n, tag := range []byte{0xfc, 0xff, 0xfe} {
		d := b[72+18*n:][:18]
		copy(d, []byte{0, 0, 0, tag, 0})
		for i := 5; i < 18; i++ {
			d[i] = byte(r.Uint32())
		}
		if r.IntN(2) == 0 {
			copy(d[6:], []string{"a\x7fb", "\u009b31m", "\x1b]0;x\x07", "\u202ex", "\u0085\x00\x01x", "q\"\\</"}[r.IntN(6)])
		}
		d[5] = 0xc9 // whatever else: not ASCII, and not cut off at once
	}
	return b
}
