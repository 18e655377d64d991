package edid

import (
	"fmt"
	"strings"
)

// ourFacts says what Parse found in edid-decode's words.
func ourFacts(e *EDID) toolFacts {
	f := toolFacts{}
	if e.CTA != nil {
		f.cta(e.CTA)
	}
	if e.DisplayID != nil {
		f.displayID(e.DisplayID)
	}
	return f
}

// addIf adds sentences whose condition holds.
func (f toolFacts) addIf(kind string, pairs ...any) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i].(bool) {
			f.add(kind, pairs[i+1].(string))
		}
	}
}

func (f toolFacts) addf(kind, format string, args ...any) { f.add(kind, fmt.Sprintf(format, args...)) }

func (f toolFacts) cta(c *CTA) {
	if c.Revision > 0 {
		f.addf("cta", "Revision: %d", c.Revision)
		f.addIf("cta", c.Underscan, "Underscans IT Video Formats by default", c.BasicAudio, "Basic audio support",
			c.YCbCr444, "Supports YCbCr 4:4:4", c.YCbCr422, "Supports YCbCr 4:2:2")
		if c.Revision >= 2 {
			f.addf("cta", "Native detailed modes: %d", c.NativeDTDs)
		}
	}
	for _, v := range c.Video {
		f.vic("video", v)
		if v.Also420 {
			f.vic("map-420", SVD{VIC: v.VIC})
		}
	}
	for _, v := range c.Video420 {
		f.vic("video-420", v)
	}
	for _, a := range c.Audio {
		f.audio(a)
	}
	for _, name := range c.Speakers.Names() {
		f.add("speakers", name)
	}
	f.timings("timings", c.Detailed)
	f.timings("type-7", c.Type7)
	if c.HDMI != nil {
		f.hdmi(c)
	}
	if c.HDMIForum != nil {
		f.forum(c.HDMIForum)
	}
	f.small(c)
}

func (f toolFacts) vic(kind string, v SVD) {
	if v.VIC == 0 {
		return
	}
	s := fmt.Sprintf("VIC %d", v.VIC)
	if v.Native {
		s += " native"
	}
	f.add(kind, s)
}

var toolAudio = map[AudioFormat]string{1: "Linear PCM", 2: "AC-3", 3: "MPEG 1 (Layers 1 & 2)", 4: "MPEG 1 Layer 3 (MP3)",
	5: "MPEG2 (multichannel)", 6: "AAC LC", 7: "DTS", 8: "ATRAC", 9: "One Bit Audio", 10: "Enhanced AC-3 (DD+)",
	11: "DTS-HD", 12: "MAT (MLP)", 13: "DST", 14: "WMA Pro", MPEGH3D: "MPEG-H 3D Audio"}

func (f toolFacts) audio(a Audio) {
	f.add("audio", toolAudio[a.Format]+":")
	if a.Format == MPEGH3D {
		f.addf("audio", "MPEG-H 3D Audio Level: Level %d", a.Level)
	} else {
		f.addf("audio", "Max channels: %d", a.Channels)
	}
	f.add("audio", "Supported sample rates (kHz):"+backwards(audioRates[:], uint(a.Rates)))
	switch {
	case a.Format == LPCM:
		f.add("audio", "Supported sample sizes (bits):"+backwards([]string{"16", "20", "24"}, uint(a.Detail&7)))
	case a.Format <= 8:
		f.addf("audio", "Maximum bit rate: %d kb/s", int(a.Detail)*8)
	}
}

// backwards are the names of the bits from the highest on.
func backwards(names []string, bits uint) (s string) {
	for i := len(names) - 1; i >= 0; i-- {
		if bits>>i&1 != 0 {
			s += " " + names[i]
		}
	}
	return s
}

func (f toolFacts) timings(kind string, list []Detailed) {
	sign := func(positive bool) string {
		if positive {
			return "P"
		}
		return "N"
	}
	for _, d := range list {
		i, preferred := "", ""
		if d.Interlaced {
			i = "i"
		}
		if d.Preferred {
			preferred = " preferred"
		}
		border := func(n int) string {
			if d.HBorder == 0 && d.VBorder == 0 || n == 0 {
				return ""
			}
			return fmt.Sprintf(" %d", n)
		}
		f.addf(kind, "%dx%d%s %.6f%s %d %d %d %s%s %d %d %d %s%s", d.HActive, d.VActive, i, float64(d.Clock)/1e6, preferred,
			d.HFront, d.HSync, d.HBack, sign(d.HSyncPositive), border(d.HBorder),
			d.VFront, d.VSync, d.VBack, sign(d.VSyncPositive), border(d.VBorder))
	}
}

func (f toolFacts) hdmi(c *CTA) {
	const k = "hdmi"
	h := c.HDMI
	f.add(k, "Source physical address: "+h.Address.String())
	f.addIf(k, h.AI, "Supports_AI", h.DC48, "DC_48bit", h.DC36, "DC_36bit", h.DC30, "DC_30bit", h.DCY444, "DC_Y444", h.DualDVI, "DVI_Dual")
	if h.MaxTMDSClock != 0 {
		f.addf(k, "Maximum TMDS clock: %d MHz", h.MaxTMDSClock)
	}
	f.addIf(k, h.Graphics || h.Photo || h.Cinema || h.Game, "Supported Content Types:",
		h.Graphics, "Graphics", h.Photo, "Photo", h.Cinema, "Cinema", h.Game, "Game")
	f.latency("", "Video", h.Latency)
	f.latency("Interlaced ", "video", h.InterlacedLatency)
	f.hdmiVideo(c)
}

func (f toolFacts) latency(before, video string, l *Latency) {
	if l == nil {
		return
	}
	show := func(ms int, what string) string {
		switch {
		case ms == -2:
			return what + " not supported"
		case ms == -1:
			return "Unknown"
		}
		return fmt.Sprintf("%d ms", ms)
	}
	audio := strings.ToLower("Audio")
	if before == "" {
		audio = "Audio"
	}
	f.addf("hdmi", "%s%s latency: %s", before, video, show(l.Video, "Video"))
	f.addf("hdmi", "%s%s latency: %s", before, audio, show(l.Audio, "Audio"))
}

func (f toolFacts) hdmiVideo(c *CTA) {
	const k = "hdmi"
	h := c.HDMI
	f.addIf(k, h.ThreeD, "3D present", h.ThreeDMask == 0xffff, "All advertised VICs are 3D-capable",
		h.ThreeDMask != 0xffff && h.ThreeDMask != 0, "3D-capable-VIC mask present",
		h.ImageSize == 1, "Base EDID image size is aspect ratio", h.ImageSize == 2, "Base EDID image size is in units of 1 cm",
		h.ImageSize == 3, "Base EDID image size is in units of 5 cm")
	f.addIf(k, len(h.VICs) > 0, "HDMI VICs:")
	for _, v := range h.VICs {
		f.addf(k, "HDMI VIC %d", v)
	}
	for _, s := range []struct {
		bit  uint
		name string
	}{{15, "Side-by-side (half, quincunx)"}, {8, "Side-by-side (half, horizontal)"}, {6, "Top-and-bottom"}, {5, "L + depth + gfx + gfx-depth"},
		{4, "L + depth"}, {3, "Side-by-side (full)"}, {2, "Line-alternative"}, {1, "Field-alternative"}, {0, "Frame-packing"}} {
		f.addIf(k, h.ThreeDAll>>s.bit&1 != 0, "3D: "+s.name)
	}
	if h.ThreeDMask != 0xffff && h.ThreeDMask != 0 {
		f.add(k, "3D VIC indices that support these capabilities:")
		for i := range 16 {
			if h.ThreeDMask>>i&1 != 0 && i < len(c.Video) {
				f.addf(k, "VIC %d", c.Video[i].VIC)
			}
		}
	}
	f.addIf(k, len(h.ThreeDs) > 0, "3D VIC indices with specific capabilities:")
	for _, d := range h.ThreeDs {
		if int(d.Format) < len(c.Video) {
			f.addf(k, "VIC %d", c.Video[d.Format].VIC)
		}
	}
}

var toolFRL = [16]string{1: "3 Gbps per lane on 3 lanes", 2: "3 and 6 Gbps per lane on 3 lanes",
	3: "3 and 6 Gbps per lane on 3 lanes, 6 Gbps on 4 lanes", 4: "3 and 6 Gbps per lane on 3 lanes, 6 and 8 Gbps on 4 lanes",
	5: "3 and 6 Gbps per lane on 3 lanes, 6, 8 and 10 Gbps on 4 lanes", 6: "3 and 6 Gbps per lane on 3 lanes, 6, 8, 10 and 12 Gbps on 4 lanes"}

func (f toolFacts) forum(h *HDMIForum) {
	const k = "hdmi-forum"
	f.addf(k, "Version: %d", h.Version)
	if h.MaxTMDSClock != 0 {
		f.addf(k, "Maximum TMDS Character Rate: %d MHz", h.MaxTMDSClock)
	}
	f.addIf(k, h.SCDC, "SCDC Present", h.ReadRequest, "SCDC Read Request Capable", h.CableStatus, "Supports Cable Status",
		h.CCBPCI, "Supports Color Content Bits Per Component Indication", h.Scramble340, "Supports scrambling for <= 340 Mcsc",
		h.Independent3D, "Supports 3D Independent View signaling", h.Dual3D, "Supports 3D Dual View signaling", h.OSD3D, "Supports 3D OSD Disparity signaling",
		h.MaxFRL != 0, "Max Fixed Rate Link: "+toolFRL[h.MaxFRL], h.UHDVIC, "Supports UHD VIC",
		h.DC48in420, "Supports 16-bits/component Deep Color 4:2:0 Pixel Encoding", h.DC36in420, "Supports 12-bits/component Deep Color 4:2:0 Pixel Encoding",
		h.DC30in420, "Supports 10-bits/component Deep Color 4:2:0 Pixel Encoding",
		h.FAPAEndExtended, "Supports FAPA End Extended", h.QMS, "Supports QMS", h.MDelta, "Supports Mdelta",
		h.CinemaVRR, "Supports media rates below VRRmin (CinemaVRR)", h.NegativeMVRR, "Supports negative Mvrr values",
		h.FVA, "Supports Fast Vactive", h.ALLM, "Supports Auto Low-Latency Mode", h.FAPAStart, "Supports a FAPA in blanking after first active video line")
	if h.VRRMin != 0 {
		f.addf(k, "VRRmin: %d Hz", h.VRRMin)
	}
	if h.VRRMax != 0 {
		f.addf(k, "VRRmax: %d Hz", h.VRRMax)
	}
	if h.DSC != nil {
		f.dsc(h.DSC)
	}
}

func (f toolFacts) dsc(d *DSC) {
	const k = "hdmi-forum"
	slices := "slices"
	if d.MaxSlices == 1 {
		slices = "slice"
	}
	f.addIf(k, true, "Supports VESA DSC 1.2a compression", d.Native420, "Supports Compressed Video Transport for 4:2:0 Pixel Encoding",
		d.AllBPP, "Supports Compressed Video Transport at any valid 1/16th bit bpp", d.BPC16, "Supports 16 bpc Compressed Video Transport",
		d.BPC12, "Supports 12 bpc Compressed Video Transport", d.BPC10, "Supports 10 bpc Compressed Video Transport",
		d.MaxSlices != 0, fmt.Sprintf("DSC Max Slices: up to %d %s and up to (%d MHz/Ksliceadjust) pixel clock per slice", d.MaxSlices, slices, d.SliceClock),
		d.MaxFRL != 0, "DSC Max Fixed Rate Link: "+toolFRL[d.MaxFRL&15],
		d.MaxChunkBytes != 0, fmt.Sprintf("Maximum number of bytes in a line of chunks: %d", d.MaxChunkBytes))
}

// small are the blocks of a few bytes.
func (f toolFacts) small(c *CTA) {
	if v := c.VideoCap; v != nil {
		quant := map[bool]string{false: "No Data"}
		quant[true] = "Selectable (via AVI YQ)"
		f.add("video-capability", "YCbCr quantization: "+quant[v.SelectableYCC])
		quant[true] = "Selectable (via AVI Q)"
		f.add("video-capability", "RGB quantization: "+quant[v.SelectableRGB])
		scan := func(what, none string, s Scan) {
			f.add("video-capability", what+" scan behavior: "+[]string{none, "Always Overscanned", "Always Underscanned", "Supports both over- and underscan"}[s])
		}
		scan("PT", "No Data", v.PT)
		scan("IT", "IT video formats not supported", v.IT)
		scan("CE", "CE video formats not supported", v.CE)
	}
	for i := range 16 {
		if c.Colorimetry>>i&1 != 0 {
			name := colorimetryNames[i]
			switch {
			case name == "":
				name = fmt.Sprintf("Reserved MD%d", i-8)
			case name == "DCI-P3":
				name = "ST2113RGB" // by its standard
			}
			f.add("colorimetry", name)
		}
	}
	if c.HDR != nil {
		f.hdr(c.HDR)
	}
	for _, d := range c.HDRDynamic {
		f.addf("hdr-dynamic", "HDR Dynamic Metadata Type %d", d.Type)
		f.addf("hdr-dynamic", "Version: %d", d.Version)
	}
	for _, r := range c.Preferred {
		f.add("preferred", r.String())
	}
	if c.ExtensionCount != 0 {
		f.addf("extension-count", "EDID Extension Block Count: %d", c.ExtensionCount)
	}
	for _, v := range c.Vendor {
		f.add("vendor", strings.TrimSpace(v.OUI.String()+" "+v.Kind))
	}
	if m := c.Microsoft; m != nil {
		f.addf("microsoft", "Version: %d", m.Version)
	}
}

func (f toolFacts) hdr(h *HDRStatic) {
	const k = "hdr-static"
	f.add(k, "Electro optical transfer functions:")
	for i, name := range []string{"Traditional gamma - SDR luminance range", "Traditional gamma - HDR luminance range", "SMPTE ST2084", "Hybrid Log-Gamma"} {
		f.addIf(k, h.EOTFs>>i&1 != 0, name)
	}
	f.add(k, "Supported static metadata descriptors:")
	for i := range 8 {
		f.addIf(k, h.Descriptors>>i&1 != 0, fmt.Sprintf("Static metadata type %d", i+1))
	}
	f.addIf(k, h.Max != 0, fmt.Sprintf("Desired content max luminance: %d (%.3f cd/m^2)", h.Max, h.MaxLuminance()),
		h.MaxFrameMean != 0, fmt.Sprintf("Desired content max frame-average luminance: %d (%.3f cd/m^2)", h.MaxFrameMean, h.MaxFrameMeanLuminance()),
		h.Min != 0, fmt.Sprintf("Desired content min luminance: %d (%.3f cd/m^2)", h.Min, h.MinLuminance()))
}
