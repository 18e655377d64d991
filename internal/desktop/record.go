package desktop

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"attune/internal/image"
	"attune/internal/settings"
)

// Record keeps what Read reads besides the devices, so that the same is
// decided from the recording: the image's part, the settings, the displays
// seen at earlier boots. Nothing of it is redacted.
func Record(root fs.FS, keep image.Keeper) []error {
	errs := append(image.Record(root, keep), settings.Record(root, keep)...)
	known, bad := remembered(root)
	errs = append(errs, bad...)
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if err := keep.AddFile(path.Join(stateDir, displaysDir, name+".edid"), known[name]); err != nil {
			errs = append(errs, fmt.Errorf("recording the displays seen at earlier boots: %w", err))
		}
	}
	return errs
}
