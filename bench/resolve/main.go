// Command resolve times one whole machine, from nothing to every alias
// answered, by this project and by libkmod in turn.
//
//	go run ./bench/resolve [-tree DIR] [-corpus DIR] [-turns N] [-max RATIO]
//
// A round opens the module index, reads modprobe.d, looks up every alias of
// the machine and lets go of everything. libkmod loads its indexes first, as
// udevd does. Both repeat rounds within one process and give the median; the
// turns alternate so that a busy moment hits both. It needs cc and
// libkmod-dev, and a tree from scripts/modtree. It fails when a ratio is above
// -max.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"attune/internal/modtree"
)

// machines are those the figures are given for: old and new laptops, two
// servers, and a board whose aliases are of the slowest kind, the device
// tree's.
var machines = []string{
	"LENOVO_T430S",
	"LENOVO_T420",
	"HP_ELITEBOOK_835_13_INCH_G10",
	"NVIDIA_DGXA100",
	"DELL_POWEREDGE_R820_NVME",
	"ZCU104",
}

func main() {
	var o options
	flag.StringVar(&o.tree, "tree", cachedTree(), "a directory made by scripts/modtree")
	flag.StringVar(&o.corpus, "corpus", corpus(), "the directory with udevadm/*.txt.xz")
	flag.StringVar(&o.cc, "cc", "cc", "the C compiler")
	flag.StringVar(&o.source, "libkmod", "bench/libkmod.c", "the C side")
	flag.IntVar(&o.turns, "turns", 7, "how often each side has its turn")
	flag.IntVar(&o.rounds, "rounds", 41, "rounds in a turn")
	flag.Float64Var(&o.max, "max", 0.5, "the largest ratio that passes")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench/resolve:", err)
		os.Exit(1)
	}
}

type options struct {
	tree, corpus, cc, source string
	turns, rounds            int
	max                      float64
}

func run(o options) error {
	b, err := newBench(o)
	if err != nil {
		return err
	}
	defer b.close()
	fmt.Printf("modules of %s, median of %d turns of %d rounds, %s\n", b.release, o.turns, o.rounds, runtime.Version())
	fmt.Printf("%-40s %8s %8s %12s %12s %7s\n", "machine", "aliases", "modules", "libkmod", "attune", "ratio")
	worst := 0.0
	for _, name := range machines {
		r, err := b.machine(name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Printf("%-40s %8d %8d %12v %12v %7.3f\n", name, r.aliases, r.modules, r.libkmod, r.attune, r.ratio())
		worst = max(worst, r.ratio())
	}
	if worst > o.max {
		return fmt.Errorf("the largest ratio is %.3f, wanted at most %.3f", worst, o.max)
	}
	return nil
}

// cachedTree is where scripts/modtree left Debian 12's tree, "" for nowhere.
func cachedTree() string {
	tree, _, _ := modtree.Find("bookworm")
	return tree
}

func corpus() string {
	if dir := os.Getenv("ATTUNE_CORPUS"); dir != "" {
		return dir
	}
	return "../shared/corpus"
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
