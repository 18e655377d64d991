package vm

import (
	"slices"
	"testing"

	"attune/internal/vm/job"
)

// A machine with nothing plugged in: the thin path from kernel to JSON.
func TestBoot(t *testing.T) {
	Available(t)
	for _, suite := range Suites {
		t.Run(suite, func(t *testing.T) {
			k, err := KernelOf(suite)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Boot(t.Context(), Guest{Kernel: k, Machine: Machines[0], Job: job.Job{Steps: []job.Step{
				{Do: job.Exec, Name: "uname", Argv: []string{"busybox", "uname", "-r"}},
				{Do: job.Udevd, Name: "udevd"},
				{Do: job.Snapshot, Name: "end"},
			}}})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range r.Steps {
				t.Logf("%s %s %.2f..%.2f exit %d err %q", s.Do, s.Name, s.Start, s.End, s.Exit, s.Err)
			}
			if uname, _ := r.Find("uname"); uname.Stdout != k.Release+"\n" || r.Release != k.Release {
				t.Errorf("running kernel %q, want %q", uname.Stdout, k.Release)
			}
			end, _ := r.Find("end")
			if end.Snapshot == nil || !slices.Contains(end.Snapshot.Modules, "psmouse") {
				t.Errorf("after udevd: no psmouse in %v", end.Snapshot)
			}
		})
	}
}
