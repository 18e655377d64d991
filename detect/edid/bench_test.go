package edid

import (
	"slices"
	"testing"
)

// BenchmarkCorpus is the whole corpus once an iteration, on one thread.
func BenchmarkCorpus(b *testing.B) {
	all := linuxhw(b)
	b.ReportAllocs()
	for b.Loop() {
		for i := range all {
			_, _ = Parse(all[i].edid)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(all)), "ns/EDID")
}

// TestAllocations: half of the corpus is decoded with four allocations, and
// nearly all of it with eight.
func TestAllocations(t *testing.T) {
	all := linuxhw(t)
	var counts []float64
	for i := 0; i < len(all); i += 29 {
		counts = append(counts, testing.AllocsPerRun(5, func() { _, _ = Parse(all[i].edid) }))
	}
	slices.Sort(counts)
	at := func(share float64) float64 { return counts[int(share*float64(len(counts)-1))] }
	t.Logf("allocations: %v in the median, %v at 90 %%, %v at 99 %%, %v at most", at(0.5), at(0.9), at(0.99), at(1))
	if at(0.5) > 8 {
		t.Errorf("%v allocations in the median, want at most 8", at(0.5))
	}
}
