package vm

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"attune/detect/edid"
	"attune/internal/vm/job"
)

// edidMachine has a card with memory for every mode an EDID can name, but for
// those wider than the driver allows.
var edidMachine = Machine{
	Name: "q35-edid", Board: "q35", Why: "one bochs card, which takes any EDID",
	Devices: []string{"VGA,vgamem_mb=256"},
	// Without a console on it, a card is bound in a few milliseconds. The log
	// tells the modes which this driver would not have.
	Append: "drm_kms_helper.fbdev_emulation=0 drm.debug=4 log_buf_len=4M",
}

// askKernel has a real kernel make modes of EDIDs.
func askKernel(t *testing.T, suite string, edids [][]byte) []job.Shown {
	t.Helper()
	tool, err := buildTool("./internal/vm/edidmodes")
	if err != nil {
		t.Fatal(err)
	}
	var file []byte
	for _, e := range edids {
		file = binary.LittleEndian.AppendUint16(file, uint16(len(e)))
		file = append(file, e...)
	}
	list := filepath.Join(t.TempDir(), "edids")
	if err := os.WriteFile(list, file, 0o644); err != nil {
		t.Fatal(err)
	}
	r := bootOK(t, Guest{
		Kernel: kernel(t, suite), Machine: edidMachine, Payload: map[string]string{"edidmodes": tool, "edids": list},
		Job: job.Job{Steps: []job.Step{
			{Do: job.Exec, Name: "driver", Argv: []string{"modprobe", "bochs"}},
			{Do: job.Exec, Name: "modes", Argv: []string{"edidmodes", "/run/vm/edids"}, Seconds: 600},
		}}, Deadline: 11 * time.Minute,
	})
	said := step(t, r, "modes")
	if said.Exit != 0 {
		t.Fatalf("edidmodes: exit status %d: %s", said.Exit, said.Stderr)
	}
	t.Logf("%s: %d EDIDs in %.0f s", r.Release, len(edids), said.Seconds())
	var all []job.Shown
	for dec := json.NewDecoder(strings.NewReader(said.Stdout)); ; {
		var s job.Shown
		if err := dec.Decode(&s); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if len(all) != len(edids) {
		t.Fatalf("%d answers for %d EDIDs", len(all), len(edids))
	}
	return all
}

// drmText is a mode in every number the kernel tells, ours and its own alike.
type drmText string

func textOf(m job.DRMMode) drmText {
	flag := func(bit uint32, yes, no string) string {
		if m.Flags&bit != 0 {
			return yes
		}
		return no
	}
	return drmText(fmt.Sprintf("%dx%d%s %d kHz %d %d %d %d %d %d %sh%sv%s ar%d", m.HDisplay, m.VDisplay, flag(job.ModeInterlace, "i", ""),
		m.Clock, m.HSyncStart, m.HSyncEnd, m.HTotal, m.VSyncStart, m.VSyncEnd, m.VTotal,
		flag(job.ModePHSync, "+", "-"), flag(job.ModePVSync, "+", "-"), map[bool]string{true: " preferred"}[m.Type&job.ModePreferred != 0],
		m.Flags>>job.ModeAspect&15))
}

// drmOf gives one of our modes the kernel's form.
func drmOf(m edid.Mode) job.DRMMode {
	d := job.DRMMode{Clock: uint32(m.Clock / 1000)}
	d.HDisplay, d.HTotal = uint16(m.HActive), uint16(m.HTotal())
	d.HSyncStart = d.HDisplay + uint16(m.HFront)
	d.HSyncEnd = d.HSyncStart + uint16(m.HSync)
	d.VDisplay, d.VTotal = uint16(m.VActive), uint16(m.VTotal())
	d.VSyncStart = d.VDisplay + uint16(m.VFront)
	d.VSyncEnd = d.VSyncStart + uint16(m.VSync)
	if m.Interlaced { // fields become frames
		d.VSyncStart = d.VDisplay + 2*uint16(m.VFront)
		d.VSyncEnd = d.VSyncStart + 2*uint16(m.VSync)
		d.Flags |= job.ModeInterlace
	}
	if m.HSyncPositive {
		d.Flags |= job.ModePHSync
	}
	if m.VSyncPositive {
		d.Flags |= job.ModePVSync
	}
	d.Flags |= map[int]uint32{4: 1, 16: 2, 64: 3, 256: 4}[m.AspectWidth] << job.ModeAspect
	if m.Preferred {
		d.Type |= job.ModePreferred
	}
	return d
}

// rejectedModes are modes of an EDID which the driver would not have, for its
// own reasons: they are on the kernel's list nevertheless. Their aspect ratio is
// not told.
func rejectedModes(t *testing.T, s job.Shown) (texts []drmText) {
	for _, line := range s.Rejected {
		var m job.DRMMode
		var name, why string
		var hz int
		_, err := fmt.Sscanf(line, "%q: %d %d %d %d %d %d %d %d %d %d 0x%x 0x%x (%s", &name, &hz, &m.Clock,
			&m.HDisplay, &m.HSyncStart, &m.HSyncEnd, &m.HTotal, &m.VDisplay, &m.VSyncStart, &m.VSyncEnd, &m.VTotal, &m.Type, &m.Flags, &why)
		if err != nil {
			t.Fatalf("reading %q: %v", line, err)
		}
		switch strings.TrimRight(why, ")") {
		case "NO_INTERLACE", "NO_420", "MEM", "VIRTUAL_X", "VIRTUAL_Y":
			if m.Flags&job.Mode3D == 0 {
				texts = append(texts, textOf(wholeFieldLines(m)))
			}
		case "NO_STEREO", "H_ILLEGAL", "V_ILLEGAL", "CLOCK_LOW":
		default:
			t.Errorf("rejected for another reason: %s", line)
		}
	}
	slices.Sort(texts)
	return texts
}

// wholeFieldLines leaves half lines out of an interlaced mode: some displays
// give the frame's porch and pulse in odd numbers of lines, which the kernel
// takes as they are, while our modes count the lines of a field.
func wholeFieldLines(m job.DRMMode) job.DRMMode {
	if m.Flags&job.ModeInterlace != 0 {
		front, sync := (m.VSyncStart-m.VDisplay)/2, (m.VSyncEnd-m.VSyncStart)/2
		m.VSyncStart = m.VDisplay + 2*front
		m.VSyncEnd = m.VSyncStart + 2*sync
	}
	return m
}

// bochsTakes is what the driver leaves of the modes: it has no interlaced ones,
// no 4:2:0, and 8192 pixels and half its memory for a picture at most.
func bochsTakes(m edid.Mode) bool {
	return !m.Interlaced && !m.Only420 && m.HActive <= 8192 && m.VActive <= 8192 && m.HActive*m.VActive*4 <= 128<<20
}

func kernelModes(t *testing.T, s job.Shown) []drmText {
	modes := make([]job.DRMMode, len(s.Modes)/binary.Size(job.DRMMode{}))
	if err := binary.Read(bytes.NewReader(s.Modes), binary.LittleEndian, modes); err != nil {
		t.Fatal(err)
	}
	var texts []drmText
	for _, m := range modes {
		texts = append(texts, textOf(m))
	}
	return texts
}

// modeScore counts how often we agree with a kernel.
type modeScore struct{ compared, cut, refused, defaults, first, preferred, whole, rejected int }

// compareModes holds our modes of each EDID against the kernel's.
func compareModes(t *testing.T, kernel edid.Kernel, edids [][]byte, shown []job.Shown) (n modeScore) {
	t.Helper()
	for i, s := range shown {
		if s.Err != "" {
			t.Errorf("EDID %d: %s", i, s.Err)
			continue
		}
		if len(s.EDID) < 128 || !bytes.Equal(s.EDID[:126], edids[i][:126]) {
			t.Logf("EDID %d: refused: %x", i, edids[i])
			n.refused++
			continue
		}
		if len(s.EDID) < len(edids[i]) {
			n.cut++ // it left out blocks whose checksum is wrong, and so do we
		}
		e, err := edid.Parse(edids[i])
		if err != nil {
			t.Errorf("EDID %d: the kernel took it: %v", i, err)
			continue
		}
		if m, ok := e.PreferredOf(kernel); ok && m.Source == edid.FromDefault {
			n.defaults++ // where bochs has a list of its own, longer than other drivers'
			continue
		}
		n.compared++
		n.add(t, kernel, fmt.Sprintf("EDID %d, %s %#x", i, e.Vendor, e.Product), e, kernelModes(t, s), rejectedModes(t, s))
	}
	return n
}

func (n *modeScore) add(t *testing.T, kernel edid.Kernel, name string, e *edid.EDID, want, wantRejected []drmText) {
	t.Helper()
	var got, rejected []drmText
	for _, m := range e.ModesOf(kernel) {
		if bochsTakes(m) {
			got = append(got, textOf(drmOf(m)))
		} else {
			m.AspectWidth = 0
			rejected = append(rejected, textOf(drmOf(m)))
		}
	}
	slices.Sort(rejected)
	n.rejected += len(wantRejected)
	if slices.Equal(got, want) && slices.Equal(rejected, wantRejected) {
		n.whole++
	} else {
		t.Logf("%s: has %v, wants %v; besides %v, wants %v", name, without(got, want), without(want, got), rejected, wantRejected)
	}
	first := func(list []drmText) string { return fmt.Sprint(list[:min(1, len(list))]) }
	if first(got) == first(want) {
		n.first++
	} else {
		t.Logf("%s: %s is first, want %s", name, first(got), first(want))
	}
	// The same, unless what we prefer is what this one driver cannot do.
	m, ok := e.PreferredOf(kernel)
	var ours []drmText
	if ok {
		ours = append(ours, textOf(drmOf(m)))
	}
	if first(ours) == first(want) || ok && !bochsTakes(m) {
		n.preferred++
	} else {
		t.Logf("%s: %s is preferred, want %s", name, first(ours), first(want))
	}
}

func without(a, b []drmText) []drmText {
	return slices.DeleteFunc(slices.Clone(a), func(m drmText) bool { return slices.Contains(b, m) })
}

// The first mode, and all others, are those a real kernel makes of the same
// EDID, in every number and in its order.
func TestModesAreTheKernels(t *testing.T) {
	Available(t)
	all := linuxhw(t)
	for suite, kernel := range map[string]edid.Kernel{"bookworm": edid.Linux6_1, "trixie": edid.Linux6_12} {
		t.Run(suite, func(t *testing.T) {
			t.Parallel()
			all := cut(all, kernel)
			sample, odd := edidSample(all), mutated(all, 400)
			var shown []job.Shown
			for chunk := range slices.Chunk(slices.Concat(sample, odd), 6000) { // what the disk for results has room for
				shown = append(shown, askKernel(t, suite, chunk)...)
			}
			n := compareModes(t, kernel, sample, shown[:len(sample)])
			t.Logf("real EDIDs: %+v", n)
			if n.compared < 1000 || n.first != n.compared || n.preferred != n.compared || n.whole != n.compared {
				t.Errorf("differences among real EDIDs: %+v", n)
			}
			n = compareModes(t, kernel, odd, shown[len(sample):])
			t.Logf("mutated EDIDs: %+v", n)
			if n.compared < 350 || n.first != n.compared || n.preferred != n.compared || n.whole != n.compared {
				t.Errorf("differences among mutated EDIDs: %+v", n)
			}
		})
	}
}
