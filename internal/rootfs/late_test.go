package rootfs

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"attune/detect"
)

// /sys may be mounted after the part of the tree below it was asked for: a
// scan then finds it and does not end the program.
func TestSubOfWhatAppearsLater(t *testing.T) {
	dir := t.TempDir()
	tree, err := openTree(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	sys, err := fs.Sub(tree, "sys")
	if err != nil {
		t.Fatal(err)
	}
	device := filepath.Join(dir, "sys/devices/pci0000:00/0000:00:03.0")
	if err := os.MkdirAll(device, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(device, "uevent"), []byte("MODALIAS=pci:v1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if inv := detect.Scan(sys); len(inv.Devices) != 1 {
		t.Errorf("devices: %+v, problems: %+v", inv.Devices, inv.Problems)
	}
}
