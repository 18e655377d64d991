package records

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"attune/internal/state"
)

// Inside says whether the records of a root lie below it. A link in an image
// or on a stick may lead to where this machine has its own; nothing is written
// there. Links within the root are followed.
func Inside(root string) error {
	r, err := os.OpenRoot(root)
	if err != nil {
		return fmt.Errorf("looking where records are: %w", err)
	}
	defer r.Close()
	for _, dir := range []string{state.Dir, state.Run} {
		if _, err := r.Stat(dir[1:]); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("looking where records are: %s: %w", filepath.Join(root, dir), err)
		}
	}
	return nil
}
