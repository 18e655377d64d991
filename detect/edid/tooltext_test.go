package edid

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	toolBlock  = regexp.MustCompile(`^Block \d+, (.*):$`)
	toolHeader = regexp.MustCompile(`^  (\S.*):$`)
	toolVIC    = regexp.MustCompile(`^(?:Unknown \()?(VIC|HDMI VIC|DMT) +(\w+)`)
	toolMode   = regexp.MustCompile(`^(?:DTD|CVT|VTDB)[ \d]*: +(\d+)x(\d+)(i?) +([\d.]+) Hz +\S+ +[\d.]+ kHz +([\d.]+) MHz ?(.*)$`)
	toolH      = regexp.MustCompile(`^Hfront +(-?\d+) Hsync +(-?\d+) Hback +(-?\d+) Hpol ([PN])(?: Hborder (\d+))?`)
	toolV      = regexp.MustCompile(`^Vfront +(-?\d+) Vsync +(-?\d+) Vback +(-?\d+) Vpol ([PN])(?: Vborder (\d+))?`)
	toolOUI    = regexp.MustCompile(`OUI ([0-9A-F-]{8})$`)
)

// theirFacts reads edid-decode's text: blocks are set in by two columns, what
// is in them by four and more.
func theirFacts(text string) toolFacts {
	f := toolFacts{}
	extension, kind := "", ""
	first := map[string]bool{}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		words := strings.Join(strings.Fields(line), " ")
		if m := toolBlock.FindStringSubmatch(line); m != nil {
			first[extension] = true
			extension, kind = m[1], ""
			continue
		}
		if !strings.HasPrefix(extension, "CTA") && !strings.HasPrefix(extension, "DisplayID") {
			continue
		}
		if m := toolHeader.FindStringSubmatch(line); m != nil {
			kind = theirKind(m[1])
			theirVendor(f, m[1])
			continue
		}
		switch {
		case strings.HasPrefix(line, "Checksum"):
			kind = "-"
		case strings.HasPrefix(line, "    ") && kind != "":
			theirSentence(f, kind, words)
		case strings.HasPrefix(line, "  ") && !first[extension] && strings.HasPrefix(extension, "CTA"):
			f.add("cta", words)
		case strings.HasPrefix(line, "  Version: ") || strings.HasPrefix(line, "  Display Product"):
			if !first[extension] {
				f.add("displayid", words)
			}
		}
	}
	return f
}

// toolKinds are the data blocks which are compared, by the start of their
// header. Those without a kind are listed, and no more.
var toolKinds = []struct{ header, kind string }{
	{"Video Data Block", "video"}, {"YCbCr 4:2:0 Video Data Block", "video-420"}, {"YCbCr 4:2:0 Capability Map", "map-420"},
	{"Audio Data Block", "audio"}, {"Speaker Allocation", "speakers"}, {"Vendor-Specific Data Block (HDMI)", "hdmi"},
	{"Vendor-Specific Data Block (HDMI Forum)", "hdmi-forum"}, {"HDMI Forum Sink Capability", "hdmi-forum"},
	{"Vendor-Specific Data Block (Microsoft)", "microsoft"}, {"Video Capability", "video-capability"}, {"Colorimetry", "colorimetry"},
	{"HDR Static", "hdr-static"}, {"HDR Dynamic", "hdr-dynamic"}, {"Video Format Preference", "preferred"}, {"Native Video", "native"},
	{"HDMI Forum EDID Extension Override", "extension-count"}, {"Detailed Timing Descriptors", "timings"},
	{"Room Configuration", "room"}, {"Speaker Location", "speaker-locations"},
	{"DisplayID Type VIII", "type-8"}, {"DisplayID Type VII", "type-7"}, {"DisplayID Type X", "type-10"},

	{"Product Identification", "displayid-product"}, {"Display Parameters", "displayid-display"},
	{"Video Timing Modes Type 1 ", "displayid-timings"}, {"Video Timing Modes Type 2", "displayid-timings"},
	{"Video Timing Modes Type 6", "displayid-timings"}, {"Video Timing Modes Type 7", "displayid-timings"},
	{"Video Timing Modes Type 3", "displayid-formulas"}, {"Video Timing Modes Type 5", "displayid-formulas"},
	{"Video Timing Modes Type 9", "displayid-formulas"}, {"Video Timing Modes Type 10", "displayid-formulas"},
	{"Video Timing Modes Type 4", "displayid-ids"}, {"Video Timing Modes Type 8", "displayid-ids"},
	{"Supported Timing Modes", "displayid-ids"}, {"Video Timing Range", "displayid-ranges"},
	{"Dynamic Video Timing Range", "displayid-ranges"}, {"Tiled Display", "displayid-tile"},
	{"Display Interface", "displayid-interface"}, {"ContainerID", "displayid-container"},
	{"Adaptive Sync", "displayid-adaptive"}, {"Product Serial", "displayid-serial"}, {"GP ASCII", "displayid-texts"},
}

// toolIgnored starts sentences which are not compared: titles, what of a
// field's value or of the display's colours Parse does not read, and the
// absence of something said at length.
var toolIgnored = []string{"Extended HDMI video details", "VRRmin: 0", "VRRmax: 0", "Desired content max luminance: 0 ",
	"Desired content max frame-average luminance: 0 ", "Desired content min luminance: 0 ",
	"Audio Format Code dependent", "Supports only Dolby", "Supports Dolby", "Hash calculation", "Supports Joint", "Profile:", "Supports MPEG-H 3D",
	"Feature support flags", "Power management", "Fixed pixel", "Fixed timing", "Audio input", "Audio support", "Audio Speaker", "Support ACP", "De-interlacing", "Separate audio", "Dynamic bpc overall",
	"Scan Orientation", "Luminance Information", "Color Information", "Native Color Chromaticity", "Primary #", "White Point",
	"Display Device Technology", "Display Device Theme",
	"Interface Type", "Number of Links", "Interface Standard", "Supported Content Protection", "Spread Spectrum", "LVDS", "PDI",
	"Minimum pixel rate", "Supported audio cap", "Supported color space",
	"Descriptor #", "Fixed Average", "'Max Single", "Max Duration", "Supports Seamless",
	"Minimum Horizontal Blanking", "Minimum Vertical Blanking", "Supports Interlaced", "Supports CVT", "Discrete frequency",
	"Display Product Serial Number", "Display Product Name", "Dummy Descriptor", "Alphanumeric", "Empty Descriptor",
	"These timings support DSC", "Recalculated image size"}

func theirKind(header string) string {
	for _, k := range toolKinds {
		if strings.HasPrefix(header, k.header) {
			return k.kind
		}
	}
	return "-"
}

// theirVendor lists the vendor specific blocks nobody reads further.
func theirVendor(f toolFacts, header string) {
	m := toolOUI.FindStringSubmatch(header)
	if m != nil && strings.HasPrefix(header, "Product Identification") {
		f.add("displayid-product", "Vendor "+m[1])
	}
	if m == nil || theirKind(header) != "-" || !strings.HasPrefix(header, "Vendor-Specific") {
		return
	}
	kind := "vendor"
	if strings.Contains(header, "(0x7") {
		kind = "displayid-vendor"
	}
	what := ""
	if strings.HasPrefix(header, "Vendor-Specific Video") {
		what = " video"
	} else if strings.HasPrefix(header, "Vendor-Specific Audio") {
		what = " audio"
	}
	f.add(kind, m[1]+what)
}

// theirSentence adds a line of a data block, shortened to what is compared.
func theirSentence(f toolFacts, kind, s string) {
	if kind == "-" || slices.ContainsFunc(toolIgnored, func(start string) bool { return strings.HasPrefix(s, start) }) {
		return
	}
	if kind == "speakers" {
		s, _, _ = strings.Cut(s, " - ")
	}
	if m := toolMode.FindStringSubmatch(s); m != nil {
		if strings.HasSuffix(kind, "formulas") || kind == "type-10" {
			f.add(kind, m[1]+"x"+m[2]+preferredWord(m[6]))
			return
		}
		f.add(kind, fmt.Sprintf("%sx%s%s %s%s", m[1], m[2], m[3], m[5], preferredWord(m[6])))
		return
	}
	if m := toolH.FindStringSubmatch(s); m != nil {
		if kind != "displayid-formulas" && kind != "type-10" {
			f.extend(kind, m[1:])
		}
		return
	}
	if m := toolV.FindStringSubmatch(s); m != nil {
		if strings.HasSuffix(s, "Even Field") || kind == "displayid-formulas" || kind == "type-10" {
			return
		}
		f.extend(kind, m[1:])
		return
	}
	if m := toolVIC.FindStringSubmatch(s); m != nil && kind != "audio" {
		native := strings.Contains(s, "native")
		s = m[1] + " " + m[2]
		if native {
			s += " native"
		}
	}
	f.add(kind, s)
}

func preferredWord(tail string) string {
	if strings.Contains(tail, "preferred") {
		return " preferred"
	}
	return ""
}

// extend puts a timing's further numbers behind its first.
func (f toolFacts) extend(kind string, numbers []string) {
	if list := f[kind]; len(list) > 0 {
		list[len(list)-1] += " " + strings.Join(slices.DeleteFunc(slices.Clone(numbers), func(s string) bool { return s == "" }), " ")
	}
}
