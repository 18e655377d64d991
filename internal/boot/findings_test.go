package boot

import (
	"slices"
	"testing"
	"time"

	"attune/detect/kmod"
	"attune/detect/kmod/load"
)

func TestFindings(t *testing.T) {
	bad := Load{Module: "bochs", Err: "loading bochs: its start failed", Reason: load.InitFailed}
	plan := kmod.Plan{Steps: []kmod.Step{{Module: "bochs", Why: []kmod.Why{{Device: "devices/" + gpu, Alias: gpuAlias}}}}}
	promise := func(state PromiseState) []Promise {
		return []Promise{{Device: "devices/" + gpu, Modules: []string{"bochs"}, State: state, Ended: "no card"}}
	}
	for _, tt := range []struct {
		name   string
		report Report
		want   []string
	}{
		{"all is well", Report{Settled: true, Took: 1, Promised: promise(PromiseUp)}, nil},
		{"it still goes on", Report{Promised: promise(PromiseUp)}, nil},
		{"time was up", Report{Took: time.Second, Running: []string{"slow"}}, []string{"boot.not-settled"}},
		{"a dry run", Report{DryRun: true, Took: 1, Promised: promise(PromiseLate)}, nil},
		{"the card never came", Report{Settled: true, Took: 1, Promised: promise(PromiseLate)}, []string{"display.late 0000:00:02.0"}},
		{"its driver failed", Report{Settled: true, Took: 1, Promised: promise(PromiseDead), Loads: []Load{bad}, Plan: plan}, []string{"driver.failed 0000:00:02.0"}},
		{"its driver left it alone", Report{Settled: true, Took: 1, Promised: promise(PromiseDead)}, []string{"driver.not-bound 0000:00:02.0"}},
		{"a driver nobody asked for", Report{Settled: true, Took: 1, Loads: []Load{bad}}, []string{"driver.failed bochs"}},
		{"nothing there for it to drive", Report{Settled: true, Took: 1, Loads: []Load{{Module: "x", Err: "no such device", Harmless: true}}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range tt.report.Findings() {
				got = append(got, f.About())
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
