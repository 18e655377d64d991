package vm

import (
	"os"
	"regexp"
	"strconv"
	"testing"

	"attune/internal/vm/job"
)

// timedInitramfs is which are timed: all of them in a long run.
func timedInitramfs() (list [][2]string) {
	for _, suite := range Suites {
		for _, tool := range InitramfsTools {
			if suite == Suites[len(Suites)-1] || os.Getenv("ATTUNE_VM_RUNS") != "" {
				list = append(list, [2]string{suite, tool})
			}
		}
	}
	return list
}

// As a Debian initramfs's coldplug attune is faster than udev: from its first
// program to the root's first program, on the machine with nearly everything,
// with and without attune in it in turn. And nothing is lost by it: what udev
// had found by then is there.
func TestTimingInitramfs(t *testing.T) {
	Available(t)
	for _, c := range timedInitramfs() {
		t.Run(c[0]+"/"+c[1], func(t *testing.T) { timingInitramfs(t, initramfs(t, c[0], c[1]), runs(t)) })
	}
}

func timingInitramfs(t *testing.T, i Initramfs, runs int) {
	m := Biggest
	m.SMP = 2
	guest := Guest{Kernel: i.Kernel, Machine: m, Alone: true, Job: job.Job{Steps: []job.Step{
		{Do: job.Snapshot, Name: "there"}, initramfsRecord,
	}}}
	var ours, theirs, oursUp, theirsUp []float64
	var sets [2][]string
	for range runs {
		guest.Initrd = i.With()
		r := initramfsOK(t, guest)
		initramfsReport(t, r) // it was attune who did it
		ours, oursUp = append(ours, reached(t, r)-initStart(t, r)), append(oursUp, reached(t, r))
		sets[0] = Facts(step(t, r, "there").Snapshot)

		guest.Initrd = i.Stock()
		r = initramfsOK(t, guest)
		theirs, theirsUp = append(theirs, reached(t, r)-initStart(t, r)), append(theirsUp, reached(t, r))
		sets[1] = Facts(step(t, r, "there").Snapshot)
	}
	for _, f := range minus(sets[1], sets[0]) {
		if explained(i.Suite, m.Name, Theirs, f) < 0 {
			t.Errorf("when the root was reached only udev had %s", f)
		}
	}
	ratio := median(ours) / median(theirs)
	t.Logf("%s of %s, from the initramfs's first program to the root's: with attune %s, stock %s, ratio %.2f; since power-on %s, %s; %d facts, stock %d",
		i.Tool, i.Suite, spread(ours), spread(theirs), ratio, spread(oursUp), spread(theirsUp), len(sets[0]), len(sets[1]))
	if ratio >= 1 {
		t.Errorf("attune's coldplug takes %.2f of udev's time, want less than all of it", ratio)
	}
}

var initLine = regexp.MustCompile(`\[ *([0-9.]+)\] Run /init as init process`)

// initStart is when the kernel started the initramfs, in seconds since boot.
func initStart(t *testing.T, r job.Result) float64 {
	t.Helper()
	found := initLine.FindStringSubmatch(r.Dmesg)
	if found == nil {
		t.Fatalf("the kernel's log does not say when it started the initramfs:\n%s", tail(r.Dmesg, 20))
	}
	up, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return up
}
