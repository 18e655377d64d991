package browser

import (
	"os"
	"path/filepath"
	"runtime"
)

// Keep writes a picture as NAME.png into the folder ATTUNE_ARTEFACTS, or
// out/FOLDER in the checkout.
func Keep(folder, name string, png []byte) error {
	dir := os.Getenv("ATTUNE_ARTEFACTS")
	if dir == "" {
		_, here, _, _ := runtime.Caller(0)
		dir = filepath.Join(filepath.Dir(here), "../../../out", folder)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
}
