package vm

import (
	"bytes"
	"encoding/json"
	"testing"

	bootrun "attune/internal/boot"
	"attune/internal/vm/job"
)

// The coldplug as Debian does it, and attune beside it as its unit runs it.
const besideUdevd = `
	/usr/lib/systemd/systemd-udevd --daemon || exit 90
	udevadm trigger --type=subsystems --action=add
	udevadm trigger --type=devices --action=add
	exec attune boot --json`

// A display driver that udevd takes long to load is waited for, no longer and
// no shorter; one that never comes is given up at the deadline.
func TestWaitsForTheDisplay(t *testing.T) {
	Available(t)
	k := xkernel(t, "bookworm") // it has a shell for install commands, and an X to ask
	m := Machine{Name: "q35-virtio-vga", Board: "q35", Devices: []string{"virtio-vga,edid=on,xres=1280,yres=800", "qemu-xhci,id=x", "usb-kbd,bus=x.0"}}
	for _, tt := range []struct {
		name, conf, words string
		state             bootrun.PromiseState
		min, max          int64 // ms at which the picture may be configured
	}{
		{"at once", "", "", bootrun.PromiseUp, 0, 6000},
		{"five seconds", "install virtio-gpu busybox sleep 5; modprobe --ignore-install virtio-gpu\n", "", bootrun.PromiseUp, 4000, 9000},
		{"twenty seconds", "install virtio-gpu busybox sleep 20; modprobe --ignore-install virtio-gpu\n", "", bootrun.PromiseUp, 19_000, 24_000},
		{"never", "install virtio-gpu busybox sleep 1000\n", "attune.deadline=8s", bootrun.PromiseLate, 8000, 8500},
		{"a driver that leaves it alone", "options virtio-gpu modeset=1\ninstall virtio-gpu modprobe --ignore-install virtio-gpu modeset=0\n", "", bootrun.PromiseDead, 0, 9000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"etc/modprobe.d/delay.conf": tt.conf}
			r := bootOK(t, withAttune(t, Guest{Kernel: k, Machine: m, Append: tt.words, Job: job.Job{Files: files, Steps: []job.Step{
				{Do: job.Exec, Name: "boot", Argv: []string{"sh", "-c", besideUdevd}},
				{Do: job.Read, Name: "record", Paths: []string{"run/attune/machine.json", "run/attune/events.jsonl"}},
				{Do: job.Exec, Name: "warm", Argv: []string{"attune", "boot"}},
			}}}))
			s, warm, record := step(t, r, "boot"), step(t, r, "warm"), step(t, r, "record").Files
			var report bootrun.Report
			if err := json.Unmarshal(record["run/attune/machine.json"], &report); err != nil {
				t.Fatalf("machine.json: %v", err)
			}
			ready := readyAt(record["run/attune/events.jsonl"])
			t.Logf("%s", s.Stdout)
			t.Logf("ready after %d ms; in all %.1f s, %.2f s CPU, %d kB; again: %.2f s, %.3f s CPU", ready, s.Seconds(), s.CPU, s.MaxRSS, warm.Seconds(), warm.CPU)
			if len(report.Promised) != 1 || report.Promised[0].State != tt.state || ready < tt.min || ready > tt.max {
				t.Errorf("promised %+v, want %q, ready between %d and %d ms\n%s%s%s", report.Promised, tt.state, tt.min, tt.max, s.Stdout, s.Stderr, record["run/attune/events.jsonl"])
			}
		})
	}
}

// readyAt is when the picture could be configured, -1 for never.
func readyAt(events []byte) int64 {
	for line := range bytes.Lines(events) {
		var e bootrun.Entry
		if json.Unmarshal(line, &e) == nil && e.Kind == bootrun.KindReady {
			return e.MS
		}
	}
	return -1
}
