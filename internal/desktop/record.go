package desktop

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"attune/internal/image"
	"attune/internal/records"
	"attune/internal/settings"
)

// Record keeps what Read reads besides the devices, so that the same is
// decided from the recording: the image's part, the settings, the displays
// seen at earlier boots. Nothing of it is redacted.
func Record(root fs.FS, keep image.Keeper) []error {
	errs := slices.Concat(image.Record(root, keep), settings.Record(root, keep), records.Capture(root, keep))
	known, bad := remembered(root, seenDir)
	errs = append(errs, bad...)
	if machine, err := readSmall(root, path.Join(seenDir, machineFile)); err == nil && len(known) > 0 {
		errs = append(errs, keep.AddFile(path.Join(seenDir, machineFile), machine))
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if err := keep.AddFile(path.Join(seenDir, name+".edid"), known[name]); err != nil {
			errs = append(errs, fmt.Errorf("recording the displays seen at earlier boots: %w", err))
		}
	}
	return slices.DeleteFunc(errs, func(err error) bool { return err == nil })
}
