// Command whole times two command lines as whole processes, in turn, and
// prints the median of each and their ratio.
//
//	go run ./bench/whole [-n N] [-max RATIO] 'OURS ARG...' 'PEER ARG...'
//
// It fails when the ratio of the medians is above -max. What the commands
// print is thrown away; one that fails ends the measurement.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

func main() {
	n := flag.Int("n", 101, "runs of each")
	limit := flag.Float64("max", 0, "the largest ratio that passes, 0 for any")
	flag.Parse()
	if flag.NArg() != 2 {
		flag.Usage()
		os.Exit(2)
	}
	if err := compare(flag.Arg(0), flag.Arg(1), *n, *limit); err != nil {
		fmt.Fprintln(os.Stderr, "bench/whole:", err)
		os.Exit(1)
	}
}

func compare(ours, peer string, n int, limit float64) error {
	var times [2][]time.Duration
	for turn := range n + 1 {
		for i, line := range []string{ours, peer} {
			took, err := once(strings.Fields(line))
			if err != nil {
				return fmt.Errorf("running %q: %w", line, err)
			}
			if turn > 0 { // the first is to warm up
				times[i] = append(times[i], took)
			}
		}
	}
	a, b := median(times[0]), median(times[1])
	ratio := float64(a) / float64(b)
	fmt.Printf("%-32s %8.2f ms\n%-32s %8.2f ms\nratio %.2f, medians of %d runs in turn\n", ours, ms(a), peer, ms(b), ratio, n)
	if limit > 0 && ratio > limit {
		return fmt.Errorf("the ratio %.2f is above %.2f", ratio, limit)
	}
	return nil
}

func once(argv []string) (time.Duration, error) {
	start := time.Now()
	err := exec.Command(argv[0], argv[1:]...).Run()
	return time.Since(start), err
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
