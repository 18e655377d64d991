package vm

import (
	"encoding/json"
	"testing"

	"attune/detect/uevent"
	"attune/internal/vm/job"
)

// Ten thousand events from elsewhere while attune boots, with room for a few:
// most of what the kernel says is lost, and still every device gets what it
// gets in peace.
func TestStorm(t *testing.T) {
	Available(t)
	k := kernel(t, "bookworm")
	boot := func(argv ...string) (facts []string, stats uevent.Stats) {
		r := bootOK(t, withAttune(t, Guest{Kernel: k, Machine: Biggest, Job: job.Job{Steps: []job.Step{
			{Do: job.Exec, Name: "attune", Argv: argv},
			{Do: job.Snapshot, Name: "settled"},
			{Do: job.Read, Name: "record", Paths: []string{"run/attune/machine.json"}},
		}}}))
		if s := step(t, r, "attune"); s.Exit != 0 && s.Exit != 3 {
			t.Fatalf("attune boot: exit status %d: %s", s.Exit, s.Stderr)
		}
		var report struct{ Uevents uevent.Stats }
		if err := json.Unmarshal(step(t, r, "record").Files["run/attune/machine.json"], &report); err != nil {
			t.Fatalf("machine.json: %v", err)
		}
		return Facts(step(t, r, "settled").Snapshot), report.Uevents
	}
	peace, _ := boot("attune", "boot")
	storm, stats := boot("busybox", "sh", "-c", `i=0
		while [ $i -lt 10000 ]; do echo change > /sys/devices/virtual/mem/null/uevent; i=$((i+1)); done &
		attune boot --uevent-buffer 2048; status=$?; wait; exit $status`)
	t.Logf("%+v", stats)
	if stats.Overflows == 0 {
		t.Errorf("the buffer never overflowed: %+v", stats)
	}
	for _, lost := range minus(peace, storm) {
		t.Errorf("lost in the storm: %s", lost)
	}
}
