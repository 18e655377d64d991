package nodes_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"attune/internal/vm"
	"attune/internal/vm/job"
)

// Two cards, of which one has two heads, and two tablets: in a guest as root
// this test program asks their nodes, and holds its rules next to udevd's.
func TestInQEMU(t *testing.T) {
	vm.Available(t)
	program := filepath.Join(t.TempDir(), "nodes.test")
	build := exec.Command("go", "test", "-c", "-o", program, ".")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the guest's program: %v\n%s", err, out)
	}
	attune, err := vm.Attune()
	if err != nil {
		t.Fatal(err)
	}
	for _, suite := range vm.Suites {
		kernel, err := vm.KernelOf(suite)
		if err != nil {
			t.Fatal(err)
		}
		r, err := vm.Boot(t.Context(), vm.Guest{
			Kernel: kernel,
			Machine: vm.Machine{Name: "nodes", Board: "q35", Devices: []string{
				"bochs-display", "virtio-gpu-pci,max_outputs=2", "qemu-xhci,id=x", "usb-tablet,bus=x.0", "virtio-tablet-pci"}},
			Payload: map[string]string{"attune": attune, "nodes.test": program},
			Job: job.Job{Steps: []job.Step{
				{Do: job.Exec, Name: "boot", Argv: []string{"attune", "boot"}},
				{Do: job.Exec, Name: "ask", Argv: []string{"nodes.test", "-test.v", "-test.run=^TestGuest$"}, Env: []string{inGuest + "=1"}},
				{Do: job.Udevd, Name: "udevd"},
				{Do: job.Exec, Name: "udev", Argv: []string{"nodes.test", "-test.v", "-test.run=^TestGuestUdev$"}, Env: []string{inGuest + "=1"}},
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"ask", "udev"} {
			s, ok := r.Find(name)
			t.Logf("%s: %s: exit status %d\n%s%s%s", suite, name, s.Exit, s.Err, s.Stdout, s.Stderr)
			if !ok || s.Exit != 0 || s.Err != "" {
				t.Errorf("%s: %s failed", suite, name)
			}
		}
	}
}
