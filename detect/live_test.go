package detect_test

import (
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
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
	sys, err := fs.Sub(r.FS, "sys")
	if err != nil {
		t.Fatal(err)
	}
	inv := detect.Scan(sys)
	for _, d := range inv.Devices {
		if d.Path == "" || d.Subsystem == "" && d.Driver == "" && len(d.Modalias) == 0 {
			t.Errorf("a device without anything: %+v", d)
		}
	}
	// The fast way to read /sys finds what the plain way finds.
	plain := detect.Scan(os.DirFS("/sys"))
	if fast, slow := about(inv), about(plain); !slices.Equal(fast, slow) {
		t.Errorf("fast: %q\nplain: %q", fast, slow)
	}
}

// about is what does not change from one moment to the next.
func about(inv detect.Inventory) []string {
	var all []string
	for _, d := range inv.Devices {
		all = append(all, fmt.Sprint(d.Path, d.Subsystem, d.Modalias, d.Driver, d.Module, d.Role, d.Label))
	}
	for _, m := range inv.Modules {
		all = append(all, m.Name+m.InitState)
	}
	return all
}

func BenchmarkScanLive(b *testing.B) {
	r, err := rootfs.Open("")
	if err != nil {
		b.Skip(err)
	}
	defer r.Close()
	sys, err := fs.Sub(r.FS, "sys")
	if err != nil {
		b.Skip(err)
	}
	for b.Loop() {
		detect.Scan(sys)
	}
}
