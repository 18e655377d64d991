package input

import (
	"strings"
	"testing"

	"attune/internal/corpus"
)

// udev's own ID_PATH of every USB input device of the collection.
func TestUdevPathIsUdevs(t *testing.T) {
	n := 0
	for _, m := range corpus.InputMachines(t) {
		for record := range strings.SplitSeq(string(m.Udevadm), "\n\n") {
			path, want := "", ""
			for line := range strings.Lines(record) {
				line = strings.TrimSpace(line)
				if p, ok := strings.CutPrefix(line, "E: DEVPATH=/"); ok {
					path = p
				}
				if p, ok := strings.CutPrefix(line, "E: ID_PATH="); ok {
					want = p
				}
			}
			if !strings.Contains(path, "/input/input") || !strings.Contains(path, "/usb") || want == "" {
				continue
			}
			n++
			if got := udevPath(path); got != want {
				t.Errorf("%s: %s: %q, udev has %q", m.Name, path, got, want)
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d devices", n)
	}
	t.Logf("%d devices", n)
}
