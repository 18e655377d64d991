package timing

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func dmtLine(d *DMT) string {
	var notes []string
	if d.Reduced != 0 {
		notes = append(notes, "RB")
	}
	if d.Std != 0 {
		notes = append(notes, fmt.Sprintf("STD: 0x%02x 0x%02x", d.Std>>8, d.Std&0xff))
	}
	if d.CVT != 0 {
		notes = append(notes, fmt.Sprintf("CVT: 0x%02x 0x%02x 0x%02x", d.CVT>>16, d.CVT>>8&0xff, d.CVT&0xff))
	}
	s := fmt.Sprintf("DMT 0x%02x: %s", d.ID, summary(d.Mode, fmt.Sprintf("%d:%d", d.AspectWidth, d.AspectHeight)))
	if notes != nil {
		s += " (" + strings.Join(notes, ", ") + ")"
	}
	return s
}

func vicLine(kind string, v *VIC) string {
	return fmt.Sprintf("%s %d: %s", kind, v.VIC, summary(v.Mode, fmt.Sprintf("%d:%d", v.AspectWidth, v.AspectHeight)))
}

// Every row of every table, first as edid-decode lists them, then one by one,
// where it prints the blanking too.
func TestTablesAreEDIDDecodes(t *testing.T) {
	needEDIDDecode(t)
	type row struct{ option, id, line, blanking string }
	var rows []row
	lists := map[string]*strings.Builder{"--list-dmts": {}, "--list-vics": {}, "--list-hdmi-vics": {}}
	add := func(list, option, id, line string, m Mode) {
		fmt.Fprintln(lists[list], line)
		rows = append(rows, row{option, id, line, blanking(m)})
	}
	for i := range DMTs {
		d := &DMTs[i]
		add("--list-dmts", "--dmt", fmt.Sprint(d.ID), dmtLine(d), d.Mode)
	}
	for i := range VICs {
		if v := &VICs[i]; v.VIC != 0 {
			add("--list-vics", "--vic", fmt.Sprint(v.VIC), vicLine("VIC", v), v.Mode)
		}
	}
	for i := range HDMIVICs {
		if v := &HDMIVICs[i]; v.VIC != 0 {
			add("--list-hdmi-vics", "--hdmi-vic", fmt.Sprint(v.VIC), vicLine("HDMI VIC", v), v.Mode)
		}
	}
	if len(rows) != 88+154+4 {
		t.Errorf("the tables have %d rows", len(rows))
	}
	for option, list := range lists {
		if got, want := sorted(list.String()), sorted(spaced(edidDecode(t, option))); got != want {
			t.Errorf("%s: %s", option, firstDifference(got, want))
		}
	}
	parallel(len(rows), func(i int) {
		r := rows[i]
		_, want, _ := strings.Cut(spaced(edidDecode(t, r.option, r.id)), "\n")
		if r.blanking != want {
			t.Errorf("%s:\nhave %s\nwant %s", r.line, r.blanking, want)
		}
	})
}

// The list names each bit by its place; whose timing it is does not matter.
func TestEstablishedTimingsAreEDIDDecodes(t *testing.T) {
	needEDIDDecode(t)
	line := regexp.MustCompile(`^Byte 0x(\w+), Bit (\d): .*?: (\d+x\d+i? .* Hz) \S+ (.* MHz)`)
	seen := map[int]bool{}
	for l := range strings.Lines(spaced(edidDecode(t, "--list-established-timings"))) {
		f := line.FindStringSubmatch(l)
		if f == nil {
			continue
		}
		at, _ := strconv.ParseInt(f[1], 16, 0)
		bit := int(at)*8 + 7 - int(f[2][0]-'0')
		if at >= 0x23 {
			bit -= 0x23 * 8
		} else {
			bit += 24 - 6*8
		}
		seen[bit] = true
		m := Established(bit)
		if m == nil || aspectRatio.ReplaceAllString(summary(*m, "1:1"), "Hz ") != f[3]+" "+f[4] {
			t.Errorf("bit %d is %v, want %s", bit, m, l)
		}
	}
	if len(seen) != 17+44 {
		t.Errorf("edid-decode has %d", len(seen))
	}
	for bit := -1; bit < 300; bit++ {
		if (Established(bit) != nil) != seen[bit] {
			t.Errorf("bit %d: %v", bit, Established(bit))
		}
	}
}

// sorted is for the DMT rows, which edid-decode lists in the order of size.
func sorted(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d is %q, want %q", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

func TestEveryRowIsFoundByItsCodes(t *testing.T) {
	for i := range DMTs {
		d := &DMTs[i]
		if got := DMTByID(d.ID); got != d {
			t.Errorf("DMT 0x%02x by its ID is %v", d.ID, got)
		}
		if d.Std != 0 && DMTByStd(byte(d.Std>>8), byte(d.Std)) != d {
			t.Errorf("DMT 0x%02x is not found by its standard timing", d.ID)
		}
		if d.CVT != 0 && DMTByCVT(byte(d.CVT>>16), byte(d.CVT>>8), byte(d.CVT)) != d {
			t.Errorf("DMT 0x%02x is not found by its CVT code", d.ID)
		}
		// Two sizes have a second row at 60 Hz, or nearly.
		second := d.ID == 0x56 || d.ID == 0x58
		if got := DMTBySize(d.HActive, d.VActive, int(d.Refresh()+0.5), d.Reduced != 0); got != d && !d.Interlaced && !second {
			t.Errorf("DMT 0x%02x by its size is %+v", d.ID, got)
		}
	}
	for i := range 256 {
		vic := uint8(i)
		known := vic >= 1 && vic <= 127 || vic >= 193 && vic <= 219
		if v := ByVIC(vic); (v != nil) != known || v != nil && v.VIC != vic {
			t.Errorf("VIC %d is %+v", vic, v)
		}
		if v := ByHDMIVIC(vic); (v != nil) != (vic >= 1 && vic <= 4) || v != nil && v.VIC != vic {
			t.Errorf("HDMI VIC %d is %+v", vic, v)
		}
	}
}

func TestUnknownCodesAreNoRows(t *testing.T) {
	for _, d := range []*DMT{DMTByID(0), DMTByID(0x59), DMTByID(255), DMTByStd(0, 0), DMTByStd(1, 1), DMTByStd(0xff, 0xff),
		DMTByCVT(0, 0, 0), DMTByCVT(0xff, 0xff, 0xff), DMTBySize(0, 0, 0, false), DMTBySize(1024, 768, 87, false)} {
		if d != nil {
			t.Errorf("found %+v", d)
		}
	}
}

func TestLookupsAllocateNothing(t *testing.T) {
	n := testing.AllocsPerRun(100, func() {
		_ = DMTByStd(0xd1, 0xc0)
		_ = DMTByCVT(0x57, 0x28, 0x28)
		_ = DMTBySize(1920, 1200, 60, true)
		_ = ByVIC(16)
		_ = ByHDMIVIC(4)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}
