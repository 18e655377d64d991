package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"

	"attune/fixtures"
	"attune/internal/boot"
)

// bootRecord is where a boot leaves its report.
const bootRecord = "run/attune/machine.json"

// maxLoads is several times the modules any machine loads.
const maxLoads = 4096

// recordBoot keeps of a boot's report how its loads went, one a line; what
// else is in it is in the capture or follows from it.
func (m *machine) recordBoot(keep *fixtures.Tree) error {
	data, err := fs.ReadFile(m.FS, bootRecord)
	if err != nil {
		return nil // attune did not boot this machine
	}
	var report boot.Report
	if err := json.Unmarshal(data, &report); err != nil {
		return fmt.Errorf("recording how the boot went: /%s: %w", bootRecord, err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"dry_run\": %v, \"loads\": [", report.DryRun)
	for i, l := range report.Loads[:min(maxLoads, len(report.Loads))] {
		line, err := json.Marshal(l)
		if err != nil {
			return fmt.Errorf("recording how the boot went: %w", err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n")
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	return keep.AddFile(bootRecord, b.Bytes())
}
