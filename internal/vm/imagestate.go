package vm

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// A StateDisk is made for a guest to keep things on: an ext4 with the label
// attune looks for.
type StateDisk struct {
	Full    bool // nothing fits onto it any more
	Corrupt bool // a label, and rubbish behind it
}

const stateSize = 8 << 20

// Make writes the disk into a file of dir.
func (d StateDisk) Make(dir string) (string, error) {
	file := filepath.Join(dir, "state.img")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		return "", err
	}
	if err := os.Truncate(file, stateSize); err != nil {
		return "", err
	}
	args := []string{"-q", "-F", "-L", "attune-state", "-m", "0"}
	if d.Full {
		files := filepath.Join(dir, "filler")
		if err := fill(files); err != nil {
			return "", err
		}
		args = append(args, "-N", "16", "-d", files)
	}
	mkfs := exec.Command("mkfs.ext4", append(args, file)...)
	mkfs.Env = append(os.Environ(), "PATH="+os.Getenv("PATH")+":/usr/sbin:/sbin")
	if said, err := mkfs.CombinedOutput(); err != nil {
		return "", fmt.Errorf("making a state disk: %w: %s", err, said)
	}
	if d.Corrupt {
		return file, spoil(file)
	}
	return file, nil
}

// fill makes as many files as a file system with 16 inodes can hold besides
// its own: then it is full, however small the next one is.
func fill(dir string) error {
	for i := range 5 {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), make([]byte, 1<<20), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// spoil writes over everything but the superblock, its copies too.
func spoil(file string) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	rubbish := make([]byte, 64<<10)
	for i := range rubbish {
		rubbish[i] = byte(i*7 + 3)
	}
	for at := int64(4096); at < stateSize; at += int64(len(rubbish)) {
		if _, err := f.WriteAt(rubbish[:min(int64(len(rubbish)), stateSize-at)], at); err != nil {
			return err
		}
	}
	return nil
}
