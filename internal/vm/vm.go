// Package vm boots real Debian kernels in QEMU on machines described in a
// table, has a guest program do a job there as init, and brings back what it
// saw.
//
// It knows how to make a kernel and a root to boot (scripts/vmroot), or a whole
// read-only system with a display manager (scripts/vmimage), how to start, bound
// and end a QEMU, and which machines there are. It does not judge
// results: the tests do. Nothing of it is in the attune program.
//
// A guest is emulated (TCG) unless KVM is seen to work. Each runs with a
// deadline and ends with the test, whatever happens.
package vm

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"attune/internal/corpus"
)

// A Kernel is what scripts/vmroot makes out of one Debian suite.
type Kernel struct {
	Suite   string // bookworm
	Release string // 6.1.0-56-amd64
	Dir     string // holds vmlinux, initrd, root.erofs
}

// Suites are the Debian releases whose kernels are booted.
var Suites = []string{"bookworm", "trixie"}

// Tools are the programs a boot needs on the host.
var Tools = []string{"qemu-system-x86_64", "mmdebstrap", "mkfs.erofs", "mkfs.ext4", "cpio", "modprobe", "xz", "zstd", "flock", "go"}

// Available skips the test with what is missing when machines cannot be
// booted here, or when it runs with -short.
func Available(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("boots kernels in QEMU, which -short leaves out")
	}
	var missing []string
	for _, tool := range Tools {
		if !haveTool(tool) {
			missing = append(missing, tool)
		}
	}
	if missing != nil {
		corpus.Missing(t, "booting kernels needs %s: run scripts/deps as root", strings.Join(missing, ", "))
	}
}

// haveTool also looks where an ordinary user's PATH does not.
func haveTool(name string) bool {
	for _, dir := range []string{"", "/usr/sbin/", "/sbin/"} {
		if _, err := exec.LookPath(dir + name); err == nil {
			return true
		}
	}
	return false
}

var kernels sync.Map // suite -> func() (Kernel, error)

// KernelOf makes the kernel and root of a suite, or finds them made.
func KernelOf(suite string) (Kernel, error) {
	f, _ := kernels.LoadOrStore(suite, sync.OnceValues(func() (Kernel, error) { return makeKernel(suite) }))
	return f.(func() (Kernel, error))()
}

func makeKernel(suite string, variant ...string) (Kernel, error) {
	return makeRoot("vmroot", append([]string{suite}, variant...)...)
}

// makeRoot runs one of the scripts which make what is booted; its first word
// is the suite.
func makeRoot(script string, words ...string) (Kernel, error) {
	suite := words[0]
	root, err := projectRoot()
	if err != nil {
		return Kernel{}, err
	}
	c := exec.Command(filepath.Join(root, "scripts", script), words...)
	var stderr strings.Builder
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		return Kernel{}, fmt.Errorf("making a root of Debian %s: %w: %s", suite, err, strings.TrimSpace(stderr.String()))
	}
	k := Kernel{Suite: suite, Dir: strings.TrimSpace(string(out))}
	release, err := os.ReadFile(filepath.Join(k.Dir, "release"))
	if err != nil {
		return Kernel{}, err
	}
	k.Release = strings.TrimSpace(string(release))
	return k, nil
}

// projectRoot is the folder of go.mod. go test starts in the package's own.
func projectRoot() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("looking for go.mod: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(out))), nil
}

// cacheDir is where scripts/vmroot keeps what it makes.
func cacheDir() (string, error) {
	base := os.Getenv("ATTUNE_CACHE")
	if base == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", err
		}
		base = filepath.Join(user, "attune")
	}
	dir := filepath.Join(base, "vm")
	return dir, os.MkdirAll(dir, 0o755)
}
