package edid

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Numbers in two pieces: the rest of each stands in another byte, beside the
// rests of its neighbours, and few displays need it.

func TestVRRMax(t *testing.T) {
	for _, c := range []struct {
		name        string
		x, y        byte
		least, most int
	}{
		{"low bits alone", 0x30, 240, 48, 240},
		{"256 and more", 0x30 | 0x40, 44, 48, 300},
		{"512 and more", 0x30 | 0x80, 28, 48, 540},
		{"all there is room for", 0xff, 0xff, 63, 1023},
	} {
		f := sound(t, with(base(), ctaExt([][]byte{block(3, 0xd8, 0x5d, 0xc4, 1, 120, 0, 0, 0, c.x, c.y)}))).CTA.HDMIForum
		if f.VRRMin != c.least || f.VRRMax != c.most {
			t.Errorf("%s: %d to %d Hz, want %d to %d", c.name, f.VRRMin, f.VRRMax, c.least, c.most)
		}
	}
}

func TestTilePlace(t *testing.T) {
	for _, c := range []struct {
		name                       string
		count, place, rest         byte
		columns, rows, column, row int
	}{
		{"the low halves", 0x12, 0x34, 0, 2, 3, 3, 4},
		{"the rest of the columns", 0x12, 0x34, 0xc0, 50, 3, 3, 4},
		{"of the rows", 0x12, 0x34, 0x30, 2, 51, 3, 4},
		{"of the column", 0x12, 0x34, 0x0c, 2, 3, 51, 4},
		{"of the row", 0x12, 0x34, 0x03, 2, 3, 3, 52},
		{"of each another", 0x12, 0x34, 0x9e, 34, 19, 51, 36},
	} {
		x := append([]byte{}, tileBytes...)
		x[1], x[2], x[3] = c.count, c.place, c.rest
		got, ok := sound(t, with(base(), displayIDExt(0x12, 3, did(0x12, 0, x...)))).Tile()
		if !ok || [4]int{got.Columns, got.Rows, got.Column, got.Row} != [4]int{c.columns, c.rows, c.column, c.row} {
			t.Errorf("%s: %+v, want %dx%d at %d,%d", c.name, got, c.columns, c.rows, c.column, c.row)
		}
	}
}

// L-PCM 3D has up to 32 channels, counted by five bits in three places.
func TestAudioChannels(t *testing.T) {
	const format15, lpcm3D = 15 << 3, 13 << 3
	for _, c := range []struct {
		name    string
		x       [3]byte
		format  AudioFormat
		channel uint8
	}{
		{"three bits", [3]byte{format15 | 5, 7, lpcm3D}, LPCM3D, 6},
		{"the fourth", [3]byte{format15 | 0x80 | 3, 7, lpcm3D}, LPCM3D, 12},
		{"the fifth", [3]byte{format15 | 7, 0x80 | 7, lpcm3D}, LPCM3D, 24},
		{"all five", [3]byte{format15 | 0x80 | 7, 0x80 | 7, lpcm3D}, LPCM3D, 32},
		{"of plain LPCM they are reserved", [3]byte{1<<3 | 0x80 | 7, 0x80 | 7, 7}, LPCM, 8},
	} {
		got := sound(t, with(base(), ctaExt([][]byte{block(1, c.x[:]...)}))).CTA.Audio
		if diff := cmp.Diff([]Audio{{c.format, c.channel, 0, 7, c.x[2]}}, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestHDRDynamicVersions(t *testing.T) {
	got := sound(t, with(base(), ctaExt([][]byte{block(7, 7,
		3, 1, 0, 0xf2, // the high half is reserved
		2, 3, 0, // no version
		5, 2, 1, 4, 0, 0, // with what only its type knows
	)}))).CTA.HDRDynamic
	if diff := cmp.Diff([]HDRDynamic{{1, 2}, {3, 0}, {0x102, 4}}, got); diff != "" {
		t.Error(diff)
	}
}
