package rootfs

import (
	"fmt"

	"attune/fixtures"
)

func openCapture(file string) (*Root, error) {
	t, _, err := fixtures.LoadFile(file)
	if err != nil {
		return nil, fmt.Errorf("opening the machine: %w", err)
	}
	return &Root{FS: t, Name: file}, nil
}
