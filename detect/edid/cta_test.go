package edid

import (
	"testing"

	"attune/detect/edid/timing"

	"github.com/google/go-cmp/cmp"
)

func TestVideoBlocks(t *testing.T) {
	e := sound(t, with(base(), ctaExt([][]byte{
		block(2, 16|0x80, 4, 97, 193, 65|0x80), // 193 and above are codes, not native ones
		block(7, 15, 0x05),                     // in 4:2:0 as well: the first and the third
		block(7, 14, 96, 101),
		block(7, 13, 129, 16, 145),
		block(7, 8, 193, 0x81, 0x40, 0x06, 0xb0, 0x03),
	}, fullHD)))
	c := e.CTA
	if diff := cmp.Diff([]SVD{{VIC: 16, Native: true, Also420: true}, {VIC: 4}, {VIC: 97, Also420: true}, {VIC: 193}, {VIC: 193}}, c.Video); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]SVD{{VIC: 96}, {VIC: 101}}, c.Video420); diff != "" {
		t.Error(diff)
	}
	if p := c.Preferred; len(p) != 3 || p[0].DTD() != 1 || p[1].VIC() != 16 || p[2].VTDB() != 1 {
		t.Errorf("preferred: %v", p)
	}
	if diff := cmp.Diff(&NativeRes{193, 1600_000, 944_000}, c.Native); diff != "" {
		t.Error(diff)
	}
	if len(c.Detailed) != 1 || c.Detailed[0].HActive != 1920 || c.Detailed[0].Block != 1 {
		t.Errorf("detailed: %v", c.Detailed)
	}
	if len(c.Blocks) != 5 || c.Blocks[2].Name() != "ycbcr420-video" || c.NativeDTDs != 1 || !c.BasicAudio {
		t.Errorf("blocks %v of %+v", c.Blocks, c)
	}
}

func TestHDMI(t *testing.T) {
	c := sound(t, with(base(), ctaExt([][]byte{
		block(3, 0x03, 0x0c, 0x00, 0x21, 0x30, 0xb8, 60, 0xe8, 11, 21, 31, 41, 0xd0, 0x47, 1, 3, 0x01, 0x41, 0x00, 0x03, 0x28, 0x10, 0x16),
		block(3, 0xd8, 0x5d, 0xc4, 1, 120, 0xc9, 0x67, 0x12, 0x30, 0xc0|0x70, 0x83, 0x33, 0x0b),
	}))).CTA
	want := &HDMI{Address: 0x2130, AI: true, DC36: true, DC30: true, DCY444: true, MaxTMDSClock: 300, Game: true,
		Latency: &Latency{20, 40}, InterlacedLatency: &Latency{60, 80}, ImageSize: 2, VICs: VICs{1, 3},
		ThreeD: true, ThreeDAll: 0x141, ThreeDMask: 0x0003,
		ThreeDs: []ThreeD{{Format: 2, Structure: 8, Detail: 1}, {Format: 1, Structure: 6}}}
	if diff := cmp.Diff(want, c.HDMI); diff != "" {
		t.Error(diff)
	}
	if s := c.HDMI.Address.String(); s != "2.1.3.0" {
		t.Errorf("address %s", s)
	}
	forum := &HDMIForum{Version: 1, MaxTMDSClock: 600, SCDC: true, ReadRequest: true, Scramble340: true, OSD3D: true,
		MaxFRL: 6, DC48in420: true, DC36in420: true, DC30in420: true, CinemaVRR: true, ALLM: true,
		VRRMin: 48, VRRMax: 240, DSC: &DSC{BPC12: true, BPC10: true, MaxSlices: 4, SliceClock: 340, MaxFRL: 3, MaxChunkBytes: 12288}}
	if diff := cmp.Diff(forum, c.HDMIForum); diff != "" {
		t.Error(diff)
	}
}

// TestHDMICut: what ends early says what it had, and that it ended.
func TestHDMICut(t *testing.T) {
	e := parse(t, with(base(), ctaExt([][]byte{block(3, 0x03, 0x0c, 0x00, 0x10, 0, 0xb8, 60, 0x20), block(2, 16)})))
	if e.CTA.HDMI.MaxTMDSClock != 300 || len(e.CTA.Video) != 1 || len(e.Problems) != 1 || e.Problems[0].Code != BadBlock {
		t.Errorf("%+v %v", e.CTA.HDMI, e.Problems)
	}
}

func TestOtherBlocks(t *testing.T) {
	e := sound(t, with(base(), ctaExt([][]byte{
		block(7, 120, 1), // HDMI Forum's count
		block(1, 0x0f, 0x7f, 0x07, 0x7a, 0x04, 0x5b),
		block(4, 0x0f, 0x08, 0),
		block(7, 0, 0xe1),
		block(7, 5, 0xe0, 0x80),
		block(7, 6, 0x0d, 1, 96, 0, 64),
		block(7, 7, 3, 1, 0, 1),
		block(7, 19, 0x45, 0, 0, 0),
		block(7, 20, 0x20, 1, 0x41, 1, 0, 0, 0),
		block(3, 0x1a, 0, 0, 9, 8),
		block(7, 17, 0x46, 0xd0, 0, 1),
		block(7, 99, 1, 2, 3),
	})))
	c := e.CTA
	if diff := cmp.Diff([]Audio{{LPCM, 8, 0, 0x7f, 7}, {MPEGH3D, 0, 2, 4, 0x5b}}, c.Audio); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"FL/FR", "LFE1", "FC", "BL/BR", "LS/RS"}, c.Speakers.Names()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(&VideoCapability{true, true, ScanUnder, ScanUnknown, ScanOver}, c.VideoCap); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"BT2020cYCC", "BT2020YCC", "BT2020RGB", "DCI-P3"}, c.Colorimetry.Names()); diff != "" {
		t.Error(diff)
	}
	if h := c.HDR; h.MaxLuminance() != 400 || h.MaxFrameMeanLuminance() != 0 || len(h.Names()) != 3 || h.Names()[1] != "pq" {
		t.Errorf("HDR: %+v %v", h, h.Names())
	}
	if diff := cmp.Diff([]HDRDynamic{{1, 1}}, c.HDRDynamic); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]VendorBlock{{0x1a, "", "\x09\x08"}, {0xd046, "audio", "\x01"}}, c.Vendor); diff != "" {
		t.Error(diff)
	}
	if c.ExtensionCount != 1 || c.RoomSpeakers != 6 || c.SpeakerLocations != 2 || c.Blocks[11].Name() != "unknown" {
		t.Errorf("%+v", c)
	}
}

// TestExtensionCount: HDMI Forum's count is right where byte 126 has to say 1.
func TestExtensionCount(t *testing.T) {
	b := with(base(), ctaExt([][]byte{block(7, 120, 2)}), ctaExt([][]byte{block(2, 16)}))
	b[126] = 1
	b[127]++
	if e := sound(t, b); len(e.CTA.Video) != 1 || e.Declared != 1 {
		t.Errorf("%+v", e.CTA)
	}
}

func TestCTATimings(t *testing.T) {
	c := sound(t, with(base(), ctaExt([][]byte{
		append([]byte{7<<5 | 22, 34, 2}, type1Bytes...),
		block(7, 35, 0x28, 0x52, 0x00, 0x04, 0x00),
		block(7, 42, 0x10, 0x13, 0x7f, 0x07, 0x37, 0x04, 59, 0x04),
	}))).CTA
	want := timing.Mode{Clock: 594_000_000, HActive: 3840, HFront: 176, HSync: 88, HBack: 296, VActive: 2160, VFront: 8, VSync: 10, VBack: 72,
		HSyncPositive: true, VSyncPositive: true}
	if len(c.Type7) != 1 {
		t.Fatalf("type 7: %v", c.Type7)
	}
	if diff := cmp.Diff(want, c.Type7[0].Mode); diff != "" || !c.Type7[0].YCbCr420 || c.Type7[0].Preferred {
		t.Errorf("%s %+v", diff, c.Type7[0])
	}
	if diff := cmp.Diff([]TimingID{{TableDMT, 0x52, true}, {TableDMT, 4, true}}, c.Type8); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Formula{{Width: 1920, Height: 1080, Hz: 60, Kind: CVTReduced3, HBlank: 168, MinVBlank: 460}}, c.Type10); diff != "" {
		t.Error(diff)
	}
}

// type1Bytes is 3840x2160 at 60 Hz as types VII (in kHz) and, but for the
// clock, I write it, bit 7 of the flags set.
var type1Bytes = []byte{0x4f, 0x10, 0x09, 0x84, 0xff, 0x0e, 0x2f, 0x02, 0xaf, 0x80, 0x57, 0x00, 0x6f, 0x08, 0x59, 0x00, 0x07, 0x80, 0x09, 0x00}
