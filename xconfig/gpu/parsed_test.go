package gpu_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"attune/internal/corpus"
	"attune/internal/xcheck"
)

// A real X server reads what each machine's fixture has for it.
func TestGPUFixturesParsed(t *testing.T) {
	const server = "/usr/lib/xorg/Xorg"
	if _, err := os.Stat(server); err != nil {
		corpus.Missing(t, "no X server: install xserver-xorg-core")
	}
	check := xcheck.Checker{Server: server, Temp: t.TempDir(), Limit: time.Minute}
	read := 0
	for file, a := range gpuFixtures(t) {
		dir := t.TempDir()
		for _, f := range a.Files {
			if filepath.Ext(f.Name) != ".conf" {
				continue
			}
			if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
			read++
		}
		if err := check.Check(t.Context(), dir); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	if read < 10 {
		t.Errorf("only %d files were there to be read", read)
	}
}
