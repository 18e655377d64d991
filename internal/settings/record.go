package settings

import (
	"errors"
	"fmt"
	"io/fs"
)

// A Keeper takes what is recorded, by paths from the machine's root.
type Keeper interface {
	AddFile(name string, data []byte) error
}

// maxRecorded is far more than all settings of a machine.
const maxRecorded = 256 << 10

// Record keeps the files Load reads, as they are: they are to be redacted.
// Those that another file of their name overrules are not kept.
func Record(root fs.FS, keep Keeper) []error {
	r, size := reader{}, 0
	for _, name := range r.files(root) {
		data, err := content(root, name)
		size += len(data)
		switch {
		case errors.Is(err, errMasked):
			err = keep.AddFile(name, nil)
		case err == nil && size > maxRecorded:
			err = fmt.Errorf("the settings are longer than %d bytes", maxRecorded)
		case err == nil:
			err = keep.AddFile(name, data)
		case errors.Is(err, fs.ErrNotExist):
			continue
		}
		if err != nil {
			r.warn("recording the settings: /%s: %w", name, err)
		}
	}
	return r.warnings
}
