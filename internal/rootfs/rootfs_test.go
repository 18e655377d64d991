package rootfs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/sys/unix"
)

// machine makes a small root in a directory.
func machine(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"sys/devices/a/uevent":        "MODALIAS=x:y\n",
		"sys/devices/a/empty":         "",
		"usr/lib/modules/6.1/modules": strings.Repeat("m", 100_000),
		"etc/modprobe.d/b.conf":       "blacklist x\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{
		"lib":                        "usr/lib",
		"usr/absolute":               "/etc/modprobe.d",
		"out":                        "../../../../../../../etc",
		"sys/devices/a/subsystem":    "../../bus/pci",
		"etc/modprobe.d/masked.conf": "/dev/null",
	} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t *testing.T, arg string) *Root {
	t.Helper()
	r, err := Open(arg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func TestDirectory(t *testing.T) {
	r := open(t, machine(t))
	if r.Live {
		t.Error("a directory is not the live machine")
	}
	for name, want := range map[string]string{
		"sys/devices/a/uevent":    "MODALIAS=x:y\n",
		"sys/devices/a/empty":     "",
		"lib/modules/6.1/modules": strings.Repeat("m", 100_000),
		"usr/absolute/b.conf":     "blacklist x\n",
	} {
		b, err := fs.ReadFile(r.FS, name)
		if err != nil || string(b) != want {
			t.Errorf("%s: %d bytes %v, want %d", name, len(b), err, len(want))
		}
	}
	link, err := fs.ReadLink(r.FS, "sys/devices/a/subsystem")
	if err != nil || link != "../../bus/pci" {
		t.Errorf("subsystem link is %q, %v", link, err)
	}
	st, err := fs.Lstat(r.FS, "lib")
	if err != nil || st.Mode().Type() != fs.ModeSymlink {
		t.Errorf("Lstat of a link: %v %v", st, err)
	}
	st, err = fs.Stat(r.FS, "lib")
	if err != nil || !st.IsDir() {
		t.Errorf("Stat through a link: %v %v", st, err)
	}
}

// A copied root may hold a link to anywhere. None of them reads our own files.
func TestLinksCannotEscape(t *testing.T) {
	dir := machine(t)
	secret := filepath.Join(filepath.Dir(dir), "secret")
	if err := os.WriteFile(secret, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../secret", filepath.Join(dir, "up")); err != nil {
		t.Fatal(err)
	}
	r := open(t, dir)
	for _, name := range []string{"up", "out/passwd", "out/hostname"} {
		if b, err := fs.ReadFile(r.FS, name); err == nil {
			t.Errorf("%s led out of the root: %q", name, b)
		}
	}
	for _, name := range []string{"../secret", "/etc/passwd", "sys/../../secret", ""} {
		if _, err := fs.ReadFile(r.FS, name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: %v, want invalid", name, err)
		}
	}
}

// The tree keeps every promise of io/fs, on a plain directory.
func TestIsAnFS(t *testing.T) {
	dir := machine(t)
	for _, link := range []string{"out", "lib", "usr/absolute", "sys/devices/a/subsystem", "etc/modprobe.d/masked.conf"} {
		os.Remove(filepath.Join(dir, link)) // fstest opens every name
	}
	for _, inRoot := range []bool{true, false} {
		tr, err := openTree(dir, inRoot)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"sys/devices/a/uevent", "usr/lib/modules/6.1/modules", "etc/modprobe.d/b.conf"}
		if err := fstest.TestFS(tr, want...); err != nil {
			t.Errorf("in root %v: %v", inRoot, err)
		}
		sub, err := fs.Sub(tr, "sys")
		if err != nil {
			t.Fatal(err)
		}
		if err := fstest.TestFS(sub, "devices/a/uevent"); err != nil {
			t.Errorf("sub, in root %v: %v", inRoot, err)
		}
		if err := tr.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A FIFO without a writer stops a plain open for ever.
func TestFIFODoesNotBlock(t *testing.T) {
	dir := machine(t)
	if err := unix.Mkfifo(filepath.Join(dir, "sys/fifo"), 0o600); err != nil {
		t.Skip("no FIFOs here:", err)
	}
	if _, err := fs.ReadFile(open(t, dir).FS, "sys/fifo"); err != nil {
		t.Error(err)
	}
}

func TestAbsentSubDirectory(t *testing.T) {
	r := open(t, t.TempDir())
	sys, err := fs.Sub(r.FS, "sys")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.ReadDir(sys, "devices"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want does not exist", err)
	}
}

func TestOpenWhatIsNotThere(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "nothing"))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want does not exist", err)
	}
}

// The live machine's root is opened and read through the same code. Any Linux
// has /proc/self/stat, whose size claims to be 0.
func TestLive(t *testing.T) {
	r := open(t, "")
	if !r.Live || r.Name != "/" {
		t.Errorf("got %+v", r)
	}
	b, err := fs.ReadFile(r.FS, "proc/self/stat")
	if err != nil || len(b) == 0 {
		t.Errorf("reading a file of size 0: %q, %v", b, err)
	}
}

func FuzzDirents(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 24, 0, 4, 'a', 'b', 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		tr := &tree{fd: -1}
		list, err := tr.entries(nil, b, ".")
		if err == nil && len(list) > len(b)/19 {
			t.Errorf("%d names in %d bytes", len(list), len(b))
		}
		short, serr := names(nil, b)
		if (err == nil) != (serr == nil) || len(short) != len(list) {
			t.Errorf("%d names and %v, %d names and %v", len(list), err, len(short), serr)
		}
	})
}

func TestCapture(t *testing.T) {
	file := filepath.Join(t.TempDir(), "m.txtar")
	text := "A machine.\n-- sys/devices/a/uevent --\nDRIVER=x\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := fs.ReadFile(open(t, file).FS, "sys/devices/a/uevent")
	if err != nil || string(b) != "DRIVER=x\n" {
		t.Errorf("got %q, %v", b, err)
	}
}

// A directory held open reads what the tree reads, links confined or not.
func TestOpenDir(t *testing.T) {
	where := machine(t)
	long := filepath.Join(where, "sys/devices/a/long")
	if err := os.WriteFile(long, []byte(strings.Repeat("x", 10_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, inRoot := range []bool{true, false} {
		tr, err := openTree(where, inRoot)
		if err != nil {
			t.Fatal(err)
		}
		defer tr.Close()
		d, err := tr.OpenDir("sys/devices/a")
		if err != nil {
			t.Fatal(err)
		}
		list, err := d.List()
		if err != nil || len(list) != 4 {
			t.Errorf("in root %v: %v, %v", inRoot, list, err)
		}
		for name, want := range map[string]int{"uevent": 13, "empty": 0, "long": 10_000} {
			if b, err := d.ReadFile(name); err != nil || len(b) != want {
				t.Errorf("in root %v: %s: %d bytes, %v", inRoot, name, len(b), err)
			}
		}
		if link, err := d.ReadLink("subsystem"); err != nil || link != "../../bus/pci" {
			t.Errorf("in root %v: link %q, %v", inRoot, link, err)
		}
		if _, err := d.ReadFile("nothing"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("in root %v: %v", inRoot, err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if _, err := tr.OpenDir("sys/nothing"); !inRoot && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%v", err)
		}
	}
}

// A file that claims no end (a hole of 30 GB in modprobe.d) ends in an error
// and not in all of the memory.
func TestReadFileIsBounded(t *testing.T) {
	where := machine(t)
	for name, size := range map[string]int64{"most": maxFile, "more": maxFile + 1, "hole": 30 << 30} {
		file := filepath.Join(where, "etc/modprobe.d", name)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(file, size); err != nil {
			t.Skip("no sparse files here:", err)
		}
	}
	for _, inRoot := range []bool{true, false} {
		tr, err := openTree(where, inRoot)
		if err != nil {
			t.Fatal(err)
		}
		defer tr.Close()
		d, err := tr.OpenDir("etc/modprobe.d")
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if b, err := tr.ReadFile("etc/modprobe.d/most"); err != nil || len(b) != maxFile {
			t.Errorf("in root %v: %d bytes, %v", inRoot, len(b), err)
		}
		for name, read := range map[string]func() ([]byte, error){
			"more":       func() ([]byte, error) { return tr.ReadFile("etc/modprobe.d/more") },
			"hole":       func() ([]byte, error) { return tr.ReadFile("etc/modprobe.d/hole") },
			"hole, open": func() ([]byte, error) { return d.ReadFile("hole") },
		} {
			b, err := read()
			var pe *fs.PathError
			if b != nil || !errors.Is(err, unix.EFBIG) || !errors.As(err, &pe) {
				t.Errorf("in root %v: %s: %d bytes, %v", inRoot, name, len(b), err)
			}
		}
	}
}
