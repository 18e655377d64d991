package vm

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"attune/detect/edid"
	"attune/internal/corpus"
	"attune/internal/vm/job"

	"github.com/ulikunitz/xz"
)

// edidMachine has a card with memory for every mode an EDID can name, but for
// those wider than the driver allows.
var edidMachine = Machine{
	Name: "q35-edid", Board: "q35", Why: "one bochs card, which takes any EDID",
	Devices: []string{"VGA,vgamem_mb=256"},
	// Without a console on it, a card is bound in a few milliseconds.
	Append: "drm_kms_helper.fbdev_emulation=0",
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
		}}, Deadline: 11 * 60e9,
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

// bochsTakes is what the driver leaves of the modes: it has no interlaced ones,
// no 4:2:0, and 8192 pixels and half its memory for a picture at most.
func bochsTakes(m edid.Mode) bool {
	return !m.Interlaced && !m.Only420 && m.HActive <= 8192 && m.VActive <= 8192 && m.HActive*m.VActive*4 <= 128<<20
}

func ourModes(t *testing.T, raw []byte) (texts []drmText, preferred string) {
	e, err := edid.Parse(raw)
	if err != nil {
		t.Errorf("the kernel took what we do not: %v", err)
		return nil, ""
	}
	for _, m := range e.Modes() {
		if bochsTakes(m) {
			texts = append(texts, textOf(drmOf(m)))
		}
	}
	if m, ok := e.Preferred(); ok {
		preferred = m.Name()
	}
	return texts, preferred
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

// linuxhw is the corpus' EDIDs, cut to the length the kernel wants.
func linuxhw(t *testing.T) [][]byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(corpus.Dir(t), "edid", "linuxhw.bin.xz"))
	if err != nil {
		t.Skipf("no corpus: %v", err)
	}
	r, err := xz.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for len(data) >= 2 {
		n := int(binary.LittleEndian.Uint16(data))
		e := data[2 : 2+n]
		data = data[2+n:]
		if n >= 128 && n >= (int(e[126])+1)*128 {
			all = append(all, e[:(int(e[126])+1)*128])
		}
	}
	return all
}

var sampleStep = func() int { if os.Getenv("ALL") != "" { return 1 }; return 30 }()

func TestModesAreTheKernels(t *testing.T) {
	Available(t)
	all := linuxhw(t)
	var sample [][]byte
	for i := 0; i < len(all); i += sampleStep {
		sample = append(sample, all[i])
	}
	refused, first, whole := 0, 0, 0
	compared := 0
	why := map[string]int{}
	for i, s := range askKernel(t, "bookworm", sample) {
		if s.Err != "" {
			t.Errorf("%d: %s", i, s.Err)
			continue
		}
		if !bytes.Equal(s.EDID, sample[i]) {
			refused++
			continue
		}
		compared++
		want := kernelModes(t, s)
		got, _ := ourModes(t, s.EDID)
		if len(got) > 0 && len(want) > 0 && got[0] == want[0] {
			first++
		} else {
			t.Logf("%d: first:\nhave %v\nwant %v", i, got[:min(3, len(got))], want[:min(3, len(want))])
		}
		if slices.Equal(got, want) {
			whole++
		} else {
			for _, w := range want {
				if !slices.Contains(got, w) {
					why["missing "+string(w)]++
				}
			}
			for _, w := range got {
				if !slices.Contains(want, w) {
					why["extra "+string(w)]++
				}
			}
		}
	}
	t.Logf("%d compared, %d refused; first mode equal %d, whole list %d", compared, refused, first, whole)
	for _, k := range slices.Sorted(maps.Keys(why)) {
		t.Logf("%d %s", why[k], k)
	}
}
