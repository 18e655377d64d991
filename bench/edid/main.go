// Command edid decodes a corpus of displays with detect/edid and with
// libdisplay-info, in turn, on one thread each, and compares the processor
// time they took.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"time"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

type options struct {
	corpus string
	other  string
	rounds int
	max    float64
}

func run(args []string, stdout, stderr io.Writer) int {
	var o options
	fs := flag.NewFlagSet("edid", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&o.corpus, "corpus", "../shared/corpus/edid/linuxhw.bin.xz", "EDIDs, two bytes of length before each")
	fs.StringVar(&o.other, "displayinfo", "", "folder printed by scripts/displayinfo")
	fs.IntVar(&o.rounds, "rounds", 25, "passes of each")
	fs.Float64Var(&o.max, "max", 0, "fail when attune takes more than this many times libdisplay-info's time for decoding and reading")
	if fs.Parse(args) != nil {
		return 2
	}
	// The collector works on the same thread, and its time is counted.
	runtime.GOMAXPROCS(1)
	r, err := compare(o)
	if err != nil {
		fmt.Fprintln(stderr, "edid:", err)
		return 1
	}
	fmt.Fprint(stdout, r)
	if bad := r.failed(o.max); bad != "" {
		fmt.Fprintln(stderr, "edid:", bad)
		return 1
	}
	return 0
}

// A side is one decoder's passes.
type side struct {
	name     string
	accepted int
	passes   []time.Duration
}

// each is the median time of an EDID.
func (s side) each(n int) time.Duration {
	slices.Sort(s.passes)
	return s.passes[len(s.passes)/2] / time.Duration(n)
}

// A result is both decoders on the same EDIDs, decoding and decoding and
// reading.
type result struct {
	edids       int
	allocations float64 // of attune, for an EDID in the median
	sides       [4]side // attune decoding, libdisplay-info; attune reading, libdisplay-info
	sum         int     // over what attune read
}

// The bars: what the program promises for itself.
const (
	maxEach        = 2 * time.Microsecond
	maxAllocations = 8
)

// ratio is attune's time by libdisplay-info's: of pair 0 decoding, of 1 with
// reading.
func (r result) ratio(pair int) float64 {
	return float64(r.sides[2*pair].each(r.edids)) / float64(r.sides[2*pair+1].each(r.edids))
}

func (r result) String() string {
	s := fmt.Sprintf("%d EDIDs, medians of %d passes in turn, processor time of one thread; attune %.0f allocations in the median\n",
		r.edids, len(r.sides[0].passes), r.allocations)
	for i := 0; i < len(r.sides); i += 2 {
		a, b := r.sides[i], r.sides[i+1]
		s += fmt.Sprintf("%-18s attune %v (%d accepted), libdisplay-info %v (%d accepted): %.2f times\n", a.name,
			a.each(r.edids), a.accepted, b.each(r.edids), b.accepted, r.ratio(i/2))
	}
	return s
}

func (r result) failed(most float64) string {
	switch {
	case r.sides[2].each(r.edids) > maxEach:
		return fmt.Sprintf("an EDID takes %v, more than %v", r.sides[2].each(r.edids), maxEach)
	case r.allocations > maxAllocations:
		return fmt.Sprintf("an EDID takes %.0f allocations, more than %d", r.allocations, maxAllocations)
	case r.sum == 0:
		return "nothing was read"
	case most > 0 && r.ratio(1) > most:
		return fmt.Sprintf("%.2f times libdisplay-info's time, more than %.2f", r.ratio(1), most)
	}
	return ""
}
