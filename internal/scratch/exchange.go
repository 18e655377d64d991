package scratch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// Exchange makes two entries of a directory change names, in one step: at no
// moment is either name without one. Names, not paths.
func Exchange(dir *os.Root, a, b string) error {
	if err := exchange(dir, a, b); err != nil {
		return fmt.Errorf("exchanging %s and %s in %s: %w", a, b, dir.Name(), err)
	}
	return nil
}

func exchange(dir *os.Root, a, b string) error {
	for _, name := range []string{a, b} {
		if !fs.ValidPath(name) || name == "." || strings.Contains(name, "/") {
			return fmt.Errorf("%q: %w", name, fs.ErrInvalid)
		}
	}
	f, err := dir.Open(".")
	if err != nil {
		return err
	}
	defer f.Close()
	fd := int(f.Fd())
	err = unix.Renameat2(fd, a, fd, b, unix.RENAME_EXCHANGE)
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EINVAL) { // an old kernel, a file system which cannot
		return inTurn(dir, a, b)
	}
	return err
}

// inTurn does the same in three steps, for a moment without b.
func inTurn(dir *os.Root, a, b string) error {
	const aside = ".exchanging"
	if err := dir.RemoveAll(aside); err != nil {
		return err
	}
	if err := dir.Rename(b, aside); err != nil {
		return err
	}
	if err := dir.Rename(a, b); err != nil {
		return errors.Join(err, dir.Rename(aside, b))
	}
	return dir.Rename(aside, a)
}
