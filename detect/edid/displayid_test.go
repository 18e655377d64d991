package edid

import (
	"testing"

	"attune/detect/edid/timing"

	"github.com/google/go-cmp/cmp"
)

// tileBytes is the left half of a 5K display in one enclosure.
var tileBytes = []byte{0x82, 0x10, 0x00, 0x00, 0xff, 0x09, 0x3f, 0x0b, 0, 0, 0, 0, 0, 'D', 'E', 'L', 0xd4, 0x40, 0x4c, 0x31, 0x30, 0x30}

func TestTile(t *testing.T) {
	got, ok := sound(t, with(base(), displayIDExt(0x12, 3, did(0x12, 0, tileBytes...)))).Tile()
	want := Tile{Group: TileGroup{"DEL", 0x40d4, 0x3030314c}, Columns: 2, Rows: 1, Width: 2560, Height: 2880, SingleEnclosure: true, Alone: 2}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Error(diff)
	}
	right := append([]byte{}, tileBytes...)
	right[2], right[0], right[8] = 0x10, 0xc2, 2
	copy(right[9:], []byte{1, 2, 3, 4})
	got, _ = sound(t, with(base(), displayIDExt(0x20, 4, did(0x28, 0, right...)))).Tile()
	if got.Column != 1 || got.Group.Vendor != "44-45-4C" || *got.Bezel != (Bezel{2, 4, 6, 8}) {
		t.Errorf("%+v %+v", got, got.Bezel)
	}
	if _, ok := sound(t, base()).Tile(); ok {
		t.Error("a plain display is a tile")
	}
}

func TestDisplayIDTimings(t *testing.T) {
	one := append([]byte{}, type1Bytes...)
	copy(one, []byte{0x07, 0xe8, 0x00}) // 594 MHz in steps of 10 kHz
	d := sound(t, with(base(),
		displayIDExt(0x13, 3,
			did(0x03, 0, one...),
			did(0x04, 0, 0x03, 0x3a, 0x00, 0x8c, 0xef, 0x22, 0x13, 0x37, 0x04, 0x2c, 0x34),
			did(0x05, 0, 0x94, 239, 59),
			did(0x06, 1, 0x52),
			did(0x07, 0, 0x09),
			did(0x11, 0, 0x90, 0, 0x7f, 0x07, 0x37, 0x04, 143)),
		displayIDExt(0x20, 0,
			did(0x22, 0, type1Bytes...),
			did(0x23, 0x48, 97, 0),
			did(0x24, 0, 0x02, 0x7f, 0x07, 0x37, 0x04, 59),
			did(0x2a, 0x10, 0x83, 0xff, 0x0e, 0x6f, 0x08, 0xef, 0x20)))).DisplayID
	uhd := timing.Mode{Clock: 594_000_000, HActive: 3840, HFront: 176, HSync: 88, HBack: 296, VActive: 2160, VFront: 8, VSync: 10, VBack: 72,
		HSyncPositive: true, VSyncPositive: true}
	fhd := timing.Mode{Clock: 148_520_000, HActive: 1920, HFront: 16, HSync: 32, HBack: 96, VActive: 1080, VFront: 4, VSync: 5, VBack: 36,
		HSyncPositive: true, VSyncPositive: true}
	var modes []timing.Mode
	for _, x := range d.Detailed {
		modes = append(modes, x.Mode)
		if !x.Preferred {
			t.Errorf("%v is not preferred", x)
		}
	}
	if diff := cmp.Diff([]timing.Mode{uhd, fhd, uhd}, modes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Formula{
		{Width: 1920, Height: 1080, Hz: 60, Kind: CVTReduced1, Preferred: true},
		{Width: 1920, Height: 1080, Hz: 144, Kind: CVTReduced2, Preferred: true, NTSC: true},
		{Width: 1920, Height: 1080, Hz: 60, Kind: CVTReduced2},
		{Width: 3840, Height: 2160, Hz: 240, Kind: CVTReduced3, YCbCr420: true, HBlank: 80, AddVBlank: 35, MinVBlank: 460},
	}, d.Formulas); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]TimingID{{ID: 0x52}, {ID: 1}, {ID: 4}, {Table: TableVIC, ID: 97}}, d.TimingIDs); diff != "" {
		t.Error(diff)
	}
}

// TestType6 has its clock to the kHz and its own image size.
func TestType6(t *testing.T) {
	x := []byte{0x13, 0x44, 0xc2, 0x7f, 0x87, 0x37, 0x84, 0x17, 0x57, 0x01, 0x2b, 0x2c, 0x03, 0x04, 152, 0x4f, 0x01}
	d := sound(t, with(base(), displayIDExt(0x13, 3, did(0x13, 0, x...)))).DisplayID.Detailed[0]
	want := timing.Mode{Clock: 148_500_000, HActive: 1920, HFront: 88, HSync: 44, HBack: 148, VActive: 1080, VFront: 4, VSync: 5, VBack: 36,
		HSyncPositive: true, VSyncPositive: true}
	if diff := cmp.Diff(want, d.Mode); diff != "" || d.WidthMM != 598 || d.HeightMM != 336 || !d.Preferred {
		t.Errorf("%s %+v", diff, d)
	}
}

func TestDisplayIDFacts(t *testing.T) {
	d := sound(t, with(base(), displayIDExt(0x20, 7,
		did(0x20, 0, 0x3a, 0x02, 0x92, 0x34, 0x12, 1, 0, 0, 0, 10, 22, 3, 'V', 'R', '1'),
		did(0x21, 0x80, append([]byte{0x56, 2, 0x50, 1, 0, 15, 0x70, 8, 5}, append(make([]byte, 12), 0x00, 0x5c, 0, 0x60, 0, 0x2c, 0x02, 120)...)...),
		did(0x26, 0, 6, 2, 1, 1, 0, 0, 0, 0, 0),
		did(0x25, 1, 0x57, 0x62, 0, 0x4f, 0x10, 0x09, 48, 44, 0x81),
		did(0x2b, 0, 1, 0, 48, 143, 0, 0),
		did(0x7e, 0, 0x3a, 0x02, 0x92, 1, 2),
	))).DisplayID
	want := &DisplayID{Version: 2, Kind: ProductKind{2, 7},
		Product: &ProductID{Vendor: "3A-02-92", Product: 0x1234, Serial: 1, Week: 10, Year: 2022, Name: "VR1"},
		Display: &DisplayParams{WidthUM: 598_000, HeightUM: 336_000, Width: 3840, Height: 2160, Features: 5, ScanOrientation: 5,
			MaxFull: 256, Max10: 512, Min: 0.0625, BitDepth: 10, Gamma: 2.2},
		Interface: &InterfaceInfo{RGB: 6, YCbCr444: 2, YCbCr422: 2, YCbCr420: 2},
		Ranges:    []TimingRange{{MinClock: 25_176_000, MaxClock: 594_000_000, MinVHz: 48, MaxVHz: 300, Seamless: true}},
		Adaptive:  []AdaptiveSync{{true, 48, 144}},
		Vendor:    []VendorBlock{{0x3a0292, "", "\x01\x02"}},
	}
	blocks := d.Blocks
	d.Blocks = nil
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	if len(blocks) != 6 || blocks[1].Name() != "display-parameters" {
		t.Errorf("%v", blocks)
	}
}

// TestDisplayIDChecksum: one right checksum of two is enough, none is not.
func TestDisplayIDChecksum(t *testing.T) {
	good := displayIDExt(0x12, 3, did(0x12, 0, tileBytes...))
	for _, c := range []struct {
		name         string
		inner, outer byte
		want         bool
	}{{"both right", 0, 0, true}, {"the section's wrong", 1, 255, true}, {"the block's wrong", 0, 1, true}, {"both wrong", 1, 1, false}} {
		b := append([]byte{}, good...)
		b[5+25] += c.inner
		b[127] += c.outer
		e := parse(t, with(base(), b))
		if _, ok := e.Tile(); ok != c.want || (len(e.Problems) == 0) != (c.inner|c.outer == 0) {
			t.Errorf("%s: tile %v, problems %v", c.name, ok, e.Problems)
		}
	}
}

func TestCTAInDisplayID(t *testing.T) {
	e := sound(t, with(base(), displayIDExt(0x20, 4, did(0x81, 0, append(block(2, 16), block(7, 6, 5, 1)...)...))))
	if e.CTA == nil || len(e.CTA.Video) != 1 || e.CTA.HDR == nil {
		t.Errorf("%+v", e.CTA)
	}
}

func TestVTBAndDI(t *testing.T) {
	vtb, di := make([]byte, 128), make([]byte, 128)
	copy(vtb, []byte{0x10, 1, 1, 1, 1})
	copy(vtb[5:], fullHD)
	copy(vtb[23:], []byte{0x1b, 0x24, 0x28, 0xd1, 0xc0})
	copy(di, []byte{0x40, 1, 5})
	copy(di[14:], []byte{1, 2, 2, 31, 31, 0x8a})
	di[26] = 0x60
	e := sound(t, with(base(), seal(vtb), seal(di)))
	if v := e.VTB; len(v.Detailed) != 1 || v.CVT[0].Width != 1920 || v.Standard[0].Height != 1080 {
		t.Errorf("%+v", v)
	}
	if d := e.DI; d.Interface.String() != "DVI consumer" || d.HPitch != 310 || !d.FixedPixels || !d.Portrait || d.Use != 2 || !d.DDCCI {
		t.Errorf("%+v", d)
	}
}
