package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"attune/detect"
)

// A Keeper takes what is recorded, by paths from the machine's root.
type Keeper interface {
	AddFile(name string, data []byte) error
}

// maxRecorded is far more than all settings of a machine.
const maxRecorded = 256 << 10

// Record keeps what Read reads, so that the same is decided from the
// recording: files as they are, for they are to be redacted, masked ones too;
// of machines/ those that are this machine's, and that they are; of the
// credentials what is a setting, and nothing else.
func Record(root fs.FS, keep Keeper) []error {
	c := recorder{reader: reader{root: root}, keep: keep}
	for _, sub := range []string{"vendor.d", "", "profiles", "quirks.d"} {
		for _, d := range c.list(sub) {
			c.file(d.name)
		}
	}
	c.recordMachines()
	c.recordCredentials()
	return c.warnings
}

type recorder struct {
	reader
	keep Keeper
	size int
}

func (c *recorder) file(name string) {
	data, err := content(c.root, name)
	switch {
	case errors.Is(err, errMasked):
		err = c.add(name, nil)
	case err == nil:
		err = c.add(name, data)
	case errors.Is(err, fs.ErrNotExist):
		return
	}
	if err != nil {
		c.fail("recording the settings: /%s: %w", name, err)
	}
}

func (c *recorder) add(name string, data []byte) error {
	if c.size += len(data); c.size > maxRecorded {
		return fmt.Errorf("the settings are longer than %d bytes", maxRecorded)
	}
	return c.keep.AddFile(name, data)
}

// recordMachines keeps the files of machines/ that are this machine's: those of
// others are nobody's business here.
func (c *recorder) recordMachines() {
	c.cmdline = string(bytes.TrimSpace(c.optional("proc/cmdline")))
	sys, err := fs.Sub(c.root, "sys")
	if err == nil {
		c.machine = MachineOf(detect.ScanWith(sys, detect.Options{NoModules: true, CardsOnly: true}), detect.Graphics{})
	}
	o, files := c.outcome()
	if len(files) == 0 && len(o.Files) == 0 && len(o.Warnings) == 0 {
		return
	}
	for _, d := range files {
		c.file(d.name)
	}
	data, err := json.MarshalIndent(o, "", " ")
	if err == nil {
		err = c.add(outcomeFile, append(data, '\n'))
	}
	if err != nil {
		c.fail("recording which machine this is: %w", err)
	}
}

func (c *recorder) optional(name string) []byte {
	data, _ := fs.ReadFile(c.root, name)
	return data
}
