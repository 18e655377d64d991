package vm

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/internal/vm/job"
)

// A kernel that dies says so in the error: the console's end is quoted.
func TestPanicIsTold(t *testing.T) {
	Available(t)
	_, err := Boot(t.Context(), Guest{Kernel: kernel(t, Suites[0]), Machine: machine(t, "q35-bare"), Append: "rdinit=/nowhere init=/nowhere"})
	if err == nil || !strings.Contains(err.Error(), "Kernel panic") || !strings.Contains(err.Error(), errNotStarted.Error()) {
		t.Errorf("got %v, want the kernel's panic quoted", err)
	}
}

// What QEMU itself has to say reaches the error.
func TestWrongDevice(t *testing.T) {
	Available(t)
	m := Machine{Name: "wrong", Board: "q35", Devices: []string{"no-such-device"}}
	_, err := Boot(t.Context(), Guest{Kernel: kernel(t, Suites[0]), Machine: m})
	if err == nil || !strings.Contains(err.Error(), "no-such-device") {
		t.Errorf("got %v, want QEMU's own words", err)
	}
}

// A machine that hangs is ended at its deadline, and says where it hung.
func TestDeadline(t *testing.T) {
	Available(t)
	g := Guest{Kernel: kernel(t, Suites[0]), Machine: machine(t, "q35-bare"), Deadline: 20 * time.Second, Job: job.Job{
		Steps: []job.Step{{Do: job.Exec, Argv: []string{"busybox", "sleep", "600"}, Seconds: 600}}}}
	begin := time.Now()
	_, err := Boot(t.Context(), g)
	if err == nil || !strings.Contains(err.Error(), "not done after 20s") {
		t.Fatalf("got %v, want the deadline named", err)
	}
	if !strings.Contains(err.Error(), "RIP=") {
		t.Errorf("got %v, want where the processor was", err)
	}
	_, file, _ := strings.Cut(err.Error(), "console (")
	file, _, _ = strings.Cut(file, ")")
	if kept, err := os.ReadFile(file); err != nil || !strings.Contains(string(kept), "task:busybox") {
		t.Errorf("the console is kept with what each task waits for: %v", err)
	}
	if took := time.Since(begin); took > 3*time.Minute {
		t.Errorf("ended after %v", took)
	}
}

// A console without the guest program's first word ends the machine, and one
// with it does not.
func TestWatchStart(t *testing.T) {
	for _, c := range []struct {
		name, console string
		ends          bool
	}{
		{"silent", "", true},
		{"kernel only", "[    0.016000] ..MP-BIOS bug\n", true},
		{"guest", "[ 1.0] x\n" + job.Hello + "\n", false},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := bench{t.TempDir()}
			if err := os.WriteFile(b.path("console"), []byte(c.console), 0o644); err != nil {
				t.Fatal(err)
			}
			ended := false
			if b.watchStart(t.Context(), func() { ended = true }); ended != c.ends {
				t.Errorf("%s: ended %v", c.name, ended)
			}
		})
	}
}

// A device that comes while the guest runs; files of a job over the read-only
// root; a second boot run, which finds the rest.
func TestHotplugAndFiles(t *testing.T) {
	Available(t)
	m := machine(t, "q35-e1000e")
	m.Devices = append(slices.Clone(m.Devices), "-drive if=none,id=spare,format=raw,snapshot=on,file={blank}")
	r := bootOK(t, withAttune(t, Guest{Kernel: kernel(t, Suites[0]), Machine: m,
		OnMark: func(name string, mon *Monitor) error {
			return mon.Plug("usb-storage", "stick", map[string]any{"drive": "spare", "bus": "x.0"})
		},
		Job: job.Job{
			Files: map[string]string{"etc/modprobe.d/no-net.conf": "blacklist e1000e\n"},
			Steps: []job.Step{
				{Do: job.Exec, Name: "first", Argv: []string{"attune", "boot"}},
				{Do: job.Snapshot, Name: "before"},
				{Do: job.Mark, Name: "plug it"},
				{Do: job.Wait, Paths: []string{"sys/bus/usb/devices/*-3:1.0", "sys/bus/usb/devices/*-4:1.0"}},
				{Do: job.Exec, Name: "second", Argv: []string{"attune", "boot"}},
				{Do: job.Snapshot, Name: "after"},
			},
		}}))
	before, after := Facts(step(t, r, "before").Snapshot), Facts(step(t, r, "after").Snapshot)
	if slices.Contains(before, "module e1000e") || !slices.Contains(before, "module usbhid") {
		t.Errorf("e1000e denied by a file, the rest not: got %q", before)
	}
	if d := minus(before, after); d != nil {
		t.Errorf("the second run lost %q", d)
	}
	got := minus(after, before)
	for _, want := range []string{"module usb_storage", "module sd_mod"} {
		if !slices.Contains(got, want) {
			t.Errorf("after a disk was plugged in, no %s in %q", want, got)
		}
	}
}

// With ATTUNE_VM_CAPTURE naming a folder, record every machine into it as
// attune capture does, after a boot: fixtures for tests that boot nothing.
func TestCapture(t *testing.T) {
	dir := os.Getenv("ATTUNE_VM_CAPTURE")
	if dir == "" {
		t.Skip("ATTUNE_VM_CAPTURE names no folder to write captures to")
	}
	Available(t)
	k := kernel(t, Suites[len(Suites)-1])
	for _, m := range Machines {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			r := bootOK(t, withAttune(t, Guest{Kernel: k, Machine: m, Job: job.Job{Steps: []job.Step{
				{Do: job.Exec, Name: "boot", Argv: []string{"attune", "boot"}},
				{Do: job.Exec, Name: "capture", Argv: []string{"attune", "capture", "--salt", m.Name, "--why", m.Why}},
			}}}))
			c := step(t, r, "capture")
			if c.Exit != 0 {
				t.Fatalf("attune capture: exit status %d: %s", c.Exit, c.Stderr)
			}
			if err := os.WriteFile(filepath.Join(dir, "qemu-"+m.Name+".txtar"), []byte(c.Stdout), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// The probe comes to an answer in bounded time, whatever /dev/kvm does, and
// keeps it.
func TestAccel(t *testing.T) {
	Available(t)
	t.Setenv("ATTUNE_VM_ACCEL", "")
	k := kernel(t, Suites[0])
	begin := time.Now()
	first, err := Accel(t.Context(), k)
	if err != nil || (first != accelTCG && first != accelKVM) {
		t.Fatalf("got %q, %v", first, err)
	}
	t.Logf("%s after %v", first, time.Since(begin).Round(time.Millisecond))
	if took := time.Since(begin); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
	begin = time.Now()
	if again, err := Accel(t.Context(), k); again != first || err != nil || time.Since(begin) > time.Second {
		t.Errorf("asked again: %q, %v after %v", again, err, time.Since(begin))
	}
}
