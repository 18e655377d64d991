// Package statetest makes directories in each condition a state directory can
// be in, with real file systems: full, read-only, damaged, gone.
//
// It is for tests alone; nothing of it is in the attune program.
package statetest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"attune/internal/corpus"
	"attune/internal/state"
)

// A Case is one directory.
type Case struct {
	Name string
	Is   state.Condition // when it is written to, to see
	// Unasked is what it is when it is not.
	Unasked state.Condition

	make func(t *testing.T, dir string)
}

// inside is set in the process that has mounts of its own.
const inside = "ATTUNE_TEST_OWN_MOUNTS"

// Each calls a test for every case, with the path of the directory. It is a
// test's whole body: it runs in another process, whose mounts are its own.
func Each(t *testing.T, try func(t *testing.T, c Case, dir string)) {
	if os.Getenv(inside) == "" {
		again(t)
		return
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "state")
			c.make(t, dir)
			try(t, c, dir)
		})
	}
}

// again runs this one test in a process with a mount namespace.
func again(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute) // a test that touches what hangs
	defer stop()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), inside+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWNS, Pdeathsig: unix.SIGKILL}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSYS) {
		corpus.Missing(t, "mounts of one's own are for root alone here: %v", err)
	}
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}

func mount(t *testing.T, source, dir, kind string, flags uintptr, options string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount(source, dir, kind, flags, options); err != nil {
		if errors.Is(err, unix.ENODEV) || errors.Is(err, unix.EPERM) {
			corpus.Missing(t, "this kernel mounts no %s: %v", kind, err)
		}
		t.Fatalf("mounting %s: %v", kind, err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
}
