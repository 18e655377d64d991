package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Images are built in containers and chroots, which see the hardware of the
// machine they are built on: configuring for that, and loading its modules, is
// never what anybody wants.

// errNoProc is where nothing tells whose root this is.
var errNoProc = errors.New("there is no /proc: nothing tells whether this is the running machine; use --root DIR or --dry-run")

// elsewhere says why the root below base is not the running machine's own, nil
// when it is or nobody may know.
func elsewhere(base string) error {
	for _, mark := range []string{"run/systemd/container", ".dockerenv", "run/.containerenv"} {
		if isThere(filepath.Join(base, mark)) {
			return fmt.Errorf("this is a container (there is /%s), and the hardware another machine's: use --root DIR or --dry-run", mark)
		}
	}
	// Only root may read it; systemd and container managers put it there.
	env, _ := os.ReadFile(filepath.Join(base, "proc/1/environ"))
	for word := range bytes.SplitSeq(env, []byte{0}) {
		if name, ok := bytes.CutPrefix(word, []byte("container=")); ok {
			return fmt.Errorf("this is a container (%q), and the hardware another machine's: use --root DIR or --dry-run", name)
		}
	}
	ours, err := os.Stat(base)
	if err != nil {
		return nil
	}
	init, err := os.Stat(filepath.Join(base, "proc/1/root") + "/")
	switch {
	case errors.Is(err, fs.ErrNotExist) && !isThere(filepath.Join(base, "proc/self")):
		return errNoProc
	case err != nil: // an ordinary user may not look, nor a service that sees its own processes alone
		return nil
	case !sameDir(ours, init):
		return errors.New("this is a chroot, and the hardware the machine's around it: use --root DIR or --dry-run")
	}
	return nil
}

func isThere(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

func sameDir(a, b fs.FileInfo) bool {
	s, ok := a.Sys().(*syscall.Stat_t)
	t, also := b.Sys().(*syscall.Stat_t)
	return ok && also && s.Dev == t.Dev && s.Ino == t.Ino
}
