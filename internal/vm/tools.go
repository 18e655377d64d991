package vm

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// buildTool gives a static build of one of our commands, made once per
// process.
func buildTool(pkg string) (string, error) {
	f, _ := tools.LoadOrStore(pkg, sync.OnceValues(func() (string, error) { return build(pkg) }))
	return f.(func() (string, error))()
}

var tools sync.Map // package -> func() (string, error)

func build(pkg string) (string, error) {
	root, err := projectRoot()
	if err != nil {
		return "", err
	}
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	// Named by process, so that two test binaries do not write into each
	// other's; a later run sweeps what an earlier one left.
	dir := filepath.Join(cache, fmt.Sprintf("tools-%d", os.Getpid()))
	sweep(cache)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	out := filepath.Join(dir, filepath.Base(pkg))
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", out, pkg)
	c.Dir = root
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	if msg, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", pkg, err, msg)
	}
	return out, nil
}

// sweep removes the builds of processes which are gone.
func sweep(cache string) {
	old, _ := filepath.Glob(filepath.Join(cache, "tools-*"))
	for _, dir := range old {
		var pid int
		if _, err := fmt.Sscanf(filepath.Base(dir), "tools-%d", &pid); err != nil {
			continue
		}
		if _, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); os.IsNotExist(err) {
			os.RemoveAll(dir)
		}
	}
}

// Attune builds the attune of this checkout and gives its path.
func Attune() (string, error) { return buildTool("./cmd/attune") }
