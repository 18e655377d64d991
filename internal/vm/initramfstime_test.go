package vm

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"attune/internal/vm/job"
)

// timedInitramfs is which are timed.
func timedInitramfs() (list [][2]string) {
	for _, suite := range Suites {
		for _, tool := range InitramfsTools {
			list = append(list, [2]string{suite, tool})
		}
	}
	return list
}

// As a Debian initramfs's coldplug attune is faster than udev: from its first
// program to the root's first program, on the machine with nearly everything,
// with and without attune in it in turn. And nothing is lost by it: what is left
// to the real root, its udev loads, and in the end there is what there is
// without attune.
func TestTimingInitramfs(t *testing.T) {
	quiet(t)
	Available(t)
	for _, c := range timedInitramfs() {
		t.Run(c[0]+"/"+c[1], func(t *testing.T) { timingInitramfs(t, initramfs(t, c[0], c[1]), runs(t)) })
	}
}

// An arm is the boots with attune, or those without.
type arm struct {
	took, up, whole []float64 // from the first program to the root's; since power-on; to the end of the root's coldplug
	there, after    []string  // facts when the root was reached, and in the end
}

func (a *arm) add(t *testing.T, r job.Result) {
	begin, rest := initStart(t, r), step(t, r, "rest")
	a.took, a.up = append(a.took, reached(t, r)-begin), append(a.up, reached(t, r))
	a.whole = append(a.whole, reached(t, r)-begin+rest.Seconds())
	a.there, a.after = Facts(step(t, r, "there").Snapshot), Facts(step(t, r, "after").Snapshot)
}

func timingInitramfs(t *testing.T, i Initramfs, runs int) {
	m := Biggest
	m.SMP = 2
	guest := Guest{Kernel: i.Kernel, Machine: m, Alone: true, Job: job.Job{Steps: []job.Step{
		{Do: job.Snapshot, Name: "there"}, initramfsRecord,
		{Do: job.Udevd, Name: "rest"}, {Do: job.Snapshot, Name: "after"},
	}}}
	var ours, theirs arm
	for range runs {
		guest.Initrd = i.With()
		r := initramfsOK(t, guest)
		initramfsReport(t, r) // it was attune who did it
		maskGone(t, r)
		ours.add(t, r)
		guest.Initrd = i.Stock()
		theirs.add(t, initramfsOK(t, guest))
		for _, f := range minus(theirs.after, ours.after) {
			if explained(i.Suite, m.Name, Theirs, f) < 0 {
				t.Errorf("when the real root's udev was done only the stock initramfs had led to %s", f)
			}
		}
	}
	ratio := median(ours.took) / median(theirs.took)
	t.Logf("%s of %s, from the initramfs's first program to the root's: with attune %s, stock %s, ratio %.2f; since power-on %s, %s",
		i.Tool, i.Suite, spread(ours.took), spread(theirs.took), ratio, spread(ours.up), spread(theirs.up))
	t.Logf("to the end of the real root's coldplug by udev: with attune %s, stock %s; facts when the root was reached %d, stock %d, in the end %d, stock %d",
		spread(ours.whole), spread(theirs.whole), len(ours.there), len(theirs.there), len(ours.after), len(theirs.after))
	if ratio >= 1 {
		t.Errorf("attune's coldplug takes %.2f of udev's time, want less than all of it", ratio)
	}
}

// maskGone: the real root's udev, which sees the same /run, loads modules.
func maskGone(t *testing.T, r job.Result) {
	t.Helper()
	for name := range step(t, r, "initramfs").Files {
		if strings.HasPrefix(name, "run/udev/rules.d/") {
			t.Errorf("udev is still kept from loading modules: %s", name)
		}
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
