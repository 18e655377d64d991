package records

import (
	"fmt"
	"io/fs"
	"slices"
)

// A Keeper takes what is recorded, by paths from the machine's root.
type Keeper interface {
	AddFile(name string, data []byte) error
}

// Capture keeps the records Read reads, so that the same is decided from a
// recording of this machine: without serial numbers, even hashed ones, of which a
// display on its own connector has no need, and without those that are secret.
// Damaged ones are left out.
func Capture(root fs.FS, keep Keeper) (errs []error) {
	all, _ := Read(root)
	for _, s := range all {
		if s.Secret() {
			continue
		}
		data, err := Encode(s.withoutSerials())
		if err == nil {
			err = keep.AddFile(s.Path[1:], data)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("recording what was chosen: %s: %w", s.Path, err))
		}
	}
	return errs
}

func (r Record) withoutSerials() Record {
	r.Match.Displays = slices.Clone(r.Match.Displays)
	for i := range r.Match.Displays {
		r.Match.Displays[i].Serial = ""
	}
	if t, ok := r.Value.(*Touch); ok {
		plain := *t
		plain.Display.Serial = ""
		r.Value = &plain
	}
	return r
}
