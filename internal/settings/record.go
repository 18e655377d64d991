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

// Record keeps the files Read reads, as they are: they are to be redacted.
// Masked ones are kept too, so that what they lost can be told.
func Record(root fs.FS, keep Keeper) []error {
	c := recorder{reader: reader{root: root}, keep: keep}
	for _, sub := range []string{"vendor.d", "", "profiles", "quirks.d"} {
		for _, d := range c.list(sub) {
			c.file(d.name)
		}
	}
	return c.warnings
}

type recorder struct {
	reader
	keep Keeper
	size int
}

func (c *recorder) file(name string) {
	data, err := content(c.root, name)
	c.size += len(data)
	switch {
	case errors.Is(err, errMasked):
		err = c.keep.AddFile(name, nil)
	case err == nil && c.size > maxRecorded:
		err = fmt.Errorf("the settings are longer than %d bytes", maxRecorded)
	case err == nil:
		err = c.keep.AddFile(name, data)
	case errors.Is(err, fs.ErrNotExist):
		return
	}
	if err != nil {
		c.fail("recording the settings: /%s: %w", name, err)
	}
}
