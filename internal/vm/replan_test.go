package vm

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	bootrun "attune/internal/boot"
	"attune/internal/vm/job"
)

// A hundred calls at once, as udev makes them when a dock is plugged in, cost a
// few runs; nothing that is as it was is written again; the record goes on.
func TestReplan(t *testing.T) {
	Available(t)
	k := xkernel(t, "bookworm")
	m := Machine{Name: "q35-virtio-vga", Board: "q35", Devices: []string{"virtio-vga,edid=on,xres=1280,yres=800", "virtio-tablet-pci"}}
	files := map[string]string{"etc/attune/layout.toml": "keyboard.layout = \"de\"\n"}
	list := job.Step{Do: job.Exec, Argv: []string{"busybox", "find", "/run/attune/xorg.conf.d/", "-type", "f", "-exec", "busybox", "stat", "-c", "%n %i %Z", "{}", ";"}}
	before, after := list, list
	before.Name, after.Name = "before", "after"
	r := bootOK(t, withAttune(t, Guest{Kernel: k, Machine: m, Job: job.Job{Files: files, Steps: []job.Step{
		{Do: job.Exec, Name: "boot", Argv: []string{"sh", "-c", besideUdevd}},
		before,
		{Do: job.Exec, Name: "storm", Argv: []string{"busybox", "sh", "-c", `i=0; while [ $i -lt 100 ]; do attune replan >/dev/null & i=$((i+1)); done; wait`}},
		after,
		{Do: job.Exec, Name: "last", Argv: []string{"attune", "replan"}},
		{Do: job.Read, Name: "record", Paths: []string{"run/attune/machine.json", "run/attune/events.jsonl"}},
	}}}))
	if s := step(t, r, "last"); s.Exit != 0 {
		t.Errorf("exit status %d: %s%s", s.Exit, s.Stdout, s.Stderr)
	}
	was, is := step(t, r, "before").Stdout, step(t, r, "after").Stdout
	if was == "" || was != is {
		t.Errorf("files before:\n%safter:\n%s", was, is)
	}
	record := step(t, r, "record").Files
	var report struct {
		bootrun.Report
		Desktop json.RawMessage `json:"desktop"`
	}
	if err := json.Unmarshal(record["run/attune/machine.json"], &report); err != nil || !report.Settled || report.Desktop == nil || len(report.Promised) != 1 {
		t.Errorf("the boot's record is lost: %v, %+v", err, report.Promised)
	}
	var times []int64
	for line := range bytes.Lines(record["run/attune/events.jsonl"]) {
		var e bootrun.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			t.Errorf("events.jsonl: %v in %q", err, line)
		}
		if e.Kind == bootrun.KindReplan {
			times = append(times, e.MS)
		}
	}
	t.Logf("%d runs for 101 calls in %.1f s; boot %.2f s CPU, %d kB", len(times), step(t, r, "storm").Seconds(), step(t, r, "boot").CPU, step(t, r, "boot").MaxRSS)
	if len(times) < 2 || len(times) > 20 || !slices.IsSorted(times) {
		t.Errorf("runs at %v ms", times)
	}
}
