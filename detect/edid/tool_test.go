package edid

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"attune/internal/corpus"
)

// Facts are what is said of one display, by the kind of data block: sentences
// in the words of edid-decode, in order where order means something.
type toolFacts map[string][]string

func (f toolFacts) add(kind string, sentence string) { f[kind] = append(f[kind], sentence) }

// differences are the kinds in which two say different things, sorted, and how.
func differences(ours, theirs toolFacts) map[string]string {
	diff := map[string]string{}
	for _, m := range []toolFacts{ours, theirs} {
		for kind := range m {
			if a, b := strings.Join(ours[kind], "; "), strings.Join(theirs[kind], "; "); a != b {
				diff[kind] = fmt.Sprintf("ours %q theirs %q", a, b)
			}
		}
	}
	return diff
}

// TestTool compares CTA and DisplayID contents with edid-decode on 1,000
// displays. testdata/edid-decode.txt has the known differences, which may only
// become fewer.
func TestTool(t *testing.T) {
	if _, err := exec.LookPath("edid-decode"); err != nil {
		corpus.Missing(t, "no edid-decode: apt-get install edid-decode")
	}
	picked := pick(linuxhw(t), 1000)
	found := make([]map[string]string, len(picked))
	var wait sync.WaitGroup
	for half := range 2 {
		wait.Go(func() {
			for i := half; i < len(picked); i += 2 {
				found[i] = compareWithTool(t, picked[i])
			}
		})
	}
	wait.Wait()
	known := readDifferences(t)
	facts := 0
	for i, s := range picked {
		for kind, how := range found[i] {
			facts++
			if !known[s.path+" "+kind] {
				t.Errorf("a new difference: %s\t%s\t%s", s.path, kind, how)
			}
			delete(known, s.path+" "+kind)
		}
	}
	for line := range known {
		t.Errorf("no longer a difference, delete its line: %s", line)
	}
	t.Logf("%d displays, %d differences", len(picked), facts)
}

// readDifferences: a display, a kind, a reason on each line.
func readDifferences(t *testing.T) map[string]bool {
	b, err := os.ReadFile("testdata/edid-decode.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if len(f) != 3 || f[2] == "" {
			t.Fatalf("a difference without a reason: %q", line)
		}
		known[f[0]+" "+f[1]] = true
	}
	return known
}

func compareWithTool(t *testing.T, s sample) map[string]string {
	cmd := exec.Command("edid-decode", "-s", "-")
	cmd.Stdin = bytes.NewReader(once(s.edid))
	out, err := cmd.Output()
	if err != nil && len(out) == 0 {
		t.Errorf("%s: edid-decode: %v", s.path, err)
		return nil
	}
	e, err := Parse(s.edid)
	if err != nil {
		t.Errorf("%s: %v", s.path, err)
		return nil
	}
	return differences(ourFacts(e), theirFacts(string(out)))
}

// once is an EDID up to where its base block stands once more: edid-decode
// would tell all that follows twice.
func once(b []byte) []byte {
	for n := blockSize; n+blockSize <= len(b); n += blockSize {
		if bytes.Equal(b[:blockSize], b[n:n+blockSize]) {
			return b[:n]
		}
	}
	return b
}

// pick takes displays with extensions: first 25 for every kind of data block,
// then evenly.
func pick(all []sample, n int) []sample {
	chosen := make([]bool, len(all))
	have := map[string]int{}
	var rest []int
	count := 0
	for i, s := range all {
		e, err := Parse(s.edid)
		if err != nil || e.CTA == nil && e.DisplayID == nil {
			continue
		}
		rare := false
		names := blockNames(e)
		for _, name := range names {
			rare = rare || have[name] < 25
		}
		if !rare {
			rest = append(rest, i)
			continue
		}
		for _, name := range names {
			have[name]++
		}
		chosen[i] = true
		count++
	}
	for want := n - count; want > 0; want-- {
		chosen[rest[len(rest)*want/(n-count+1)]] = true
	}
	var picked []sample
	for i, s := range all {
		if chosen[i] {
			picked = append(picked, s)
		}
	}
	return picked
}

func blockNames(e *EDID) (names []string) {
	if e.CTA != nil {
		for _, b := range e.CTA.Blocks {
			names = append(names, b.Name())
		}
		if e.CTA.HDMIForum != nil {
			names = append(names, "forum")
		}
		if e.CTA.HDMI != nil && e.CTA.HDMI.ThreeD {
			names = append(names, "3d")
		}
	}
	if e.DisplayID != nil {
		for _, b := range e.DisplayID.Blocks {
			names = append(names, "displayid "+b.Name())
		}
	}
	return names
}
