package desktop

import (
	"io/fs"

	"attune/internal/finding"
	"attune/internal/records"
	"attune/internal/settings"
	"attune/xconfig"
)

// chosen is what users of this machine chose, about whatever hardware, and what of
// it could not be read. That a record is not for us to read is no mistake.
func chosen(root fs.FS) (all []records.Stored, errs []error) {
	all, told := records.Read(root)
	for _, t := range told {
		if t.Level != finding.Note {
			errs = append(errs, t)
		}
	}
	return all, errs
}

// project is what of it is about this hardware.
func project(all []records.Stored, f xconfig.Facts) []settings.Layer {
	return records.Project(all, records.Hardware{Inventory: f.Machine, Graphics: f.Graphics, Inputs: f.Inputs, Remembered: f.Remembered})
}
