package rootfs

import (
	"fmt"
	"os"

	"attune/fixtures"
)

// openCapture reads the text form; the formats of other tools follow.
func openCapture(file string) (*Root, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("opening the machine: %w", err)
	}
	t, _, err := fixtures.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("opening the machine %s: %w", file, err)
	}
	return &Root{FS: t, Name: file}, nil
}
