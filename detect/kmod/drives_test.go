package kmod

import "testing"

func TestAsyncIsForModulesWithoutADevice(t *testing.T) {
	tests := []struct {
		name  string
		why   []Why
		async bool
	}{
		{"a driver", []Why{{Device: "devices/pci0000:00/0000:00:03.0", Alias: "pci:v1d2", Table: "alias"}}, false},
		{"what a driver needs", []Why{{Device: "devices/x", Alias: "pci:v1d2", For: "e1000e", Kind: "depends"}}, true},
		{"both", []Why{{For: "e1000e", Kind: "depends"}, {Device: "devices/x", Alias: "pci:v1d2"}}, false},
		{"a cipher of the processor", []Why{{Device: "devices/system/cpu/cpu0", Alias: "cpu:type:x86,ven0000:"}}, true},
		{"asked for on the command line", []Why{{Alias: "loop", Table: "force"}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if async := !(Step{Module: "m", Why: tt.why}).drives(); async != tt.async {
				t.Errorf("async %v, want %v", async, tt.async)
			}
		})
	}
}
