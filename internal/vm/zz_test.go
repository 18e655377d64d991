package vm

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"attune/internal/vm/job"
)

func TestZZ(t *testing.T) {
	name := os.Getenv("ZZ")
	if name == "" {
		t.Skip("scratch")
	}
	suite := os.Getenv("SUITE")
	if suite == "" {
		suite = "bookworm"
	}
	k, err := KernelOf(suite)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range Machines {
		if m.Name != name {
			continue
		}
		m.SMP = 2
		r, err := Boot(t.Context(), Guest{Deadline: 100 * time.Second, Kernel: k, Machine: m, Append: os.Getenv("APPEND"), Alone: true,
			Payload: map[string]string{"attune": os.Getenv("ATT")}, Job: job.Job{Events: true, Steps: []job.Step{
				{Do: job.Snapshot, Name: "start"},
				{Do: job.Exec, Name: "attune", Argv: []string{"attune", "boot"}},
				{Do: job.Snapshot, Name: "settled"},
				{Do: job.Watch, Name: "watch", Seconds: 5},
				{Do: job.Read, Name: "files", Paths: []string{"run/attune/*"}},
				{Do: job.Udevd, Name: "udevd"},
				{Do: job.Snapshot, Name: "after"},
				{Do: job.Exec, Name: "explain", Argv: []string{"attune", "explain"}},
			}}})
		if err != nil {
			t.Error(err)
		}
		a, _ := r.Find("attune")
		w, _ := r.Find("watch")
		u, _ := r.Find("udevd")
		f, _ := r.Find("files")
		x, _ := r.Find("explain")
		t.Logf("attune %.2f s cpu %.2f rss %d exit %d err %q\n%s%s", a.Seconds(), a.CPU, a.MaxRSS, a.Exit, a.Err, a.Stdout, a.Stderr)
		t.Logf("late: %q", w.Changes)
		t.Logf("udevd after %.2f", u.Seconds())
		s1, _ := r.Find("settled")
		s2, _ := r.Find("after")
		drv := map[string]string{}
		mods := map[string]bool{}
		for _, d := range s1.Snapshot.Devices {
			drv[d.Path] = d.Driver
		}
		for _, m := range s1.Snapshot.Modules {
			mods[m] = true
		}
		for _, m := range s2.Snapshot.Modules {
			if !mods[m] {
				t.Log("udevd adds module", m)
			}
		}
		for _, d := range s2.Snapshot.Devices {
			if drv[d.Path] != d.Driver {
				t.Log("udevd adds driver", d.Path, d.Driver)
			}
		}
		t.Log(x.Stdout, x.Stderr)
		for n, b := range f.Files {
			os.WriteFile("/tmp/zz/"+n[len("run/attune/"):], b, 0o644)
		}
		out, _ := json.MarshalIndent(r, "", " ")
		os.WriteFile("/tmp/zz/r.json", out, 0o644)
	}
}
