package state

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func openTemp(t *testing.T) (*Files, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "lib", "attune")
	f, err := Make(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f, dir
}

func TestFiles(t *testing.T) {
	f, dir := openTemp(t)
	for _, text := range []string{"first", "second, which is longer", ""} {
		if err := f.Commit("records/a.json", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := f.Read("records/a.json"); err != nil || string(got) != text {
			t.Errorf("%q, %v", got, err)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "records/a.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if names, err := f.List("records"); err != nil || !slices.Equal(names, []string{"a.json"}) {
		t.Errorf("%q %v", names, err)
	}
	if names, err := f.List("nowhere"); err != nil || len(names) != 0 {
		t.Errorf("%q %v", names, err)
	}
	if err := f.Rename("records/a.json", "records/a.json.bad"); err != nil {
		t.Error(err)
	}
	if err := f.Remove("records/a.json.bad"); err != nil {
		t.Error(err)
	}
	if _, err := f.Read("records/a.json.bad"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// The umask takes nothing from a file that all are to read, and gives nothing.
func TestPermissions(t *testing.T) {
	f, dir := openTemp(t)
	old := unix.Umask(0o077)
	defer unix.Umask(old)
	for _, perm := range []fs.FileMode{0o644, 0o600} {
		if err := f.Commit("x", nil, perm); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(filepath.Join(dir, "x")); err != nil || info.Mode().Perm() != perm {
			t.Errorf("%v: %v %v", perm, info.Mode(), err)
		}
	}
}

// No name and no link leads out, and nothing that is no file is waited for.
func TestFilesStayInside(t *testing.T) {
	f, dir := openTemp(t)
	outside := filepath.Join(t.TempDir(), "secret")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.WriteFile(outside, []byte("not ours"), 0o600))
	must(os.Symlink(filepath.Dir(outside), filepath.Join(dir, "away")))
	must(os.Symlink(outside, filepath.Join(dir, "link")))
	must(unix.Mkfifo(filepath.Join(dir, "fifo"), 0o600))
	must(os.Mkdir(filepath.Join(dir, "dir"), 0o700))
	must(os.WriteFile(filepath.Join(dir, "huge"), make([]byte, MaxFile+1), 0o600))
	for _, name := range []string{"away/secret", "link", "fifo", "dir", "huge", "../x", "/etc/passwd", ""} {
		if data, err := f.Read(name); err == nil {
			t.Errorf("read %q of %s", data, name)
		}
	}
	for _, name := range []string{"away/secret", "../x", "/etc/x", ".", "", "a//b", "a/../../b"} {
		if err := f.Commit(name, []byte("x"), 0o600); err == nil {
			t.Errorf("wrote %s", name)
		}
		if err := f.RemoveAll(name); err == nil && name != "away/secret" {
			t.Errorf("removed %s", name)
		}
	}
	if err := f.Commit("big", make([]byte, MaxFile+1), 0o600); !errors.Is(err, ErrTooLong) {
		t.Error(err)
	}
	// A link or a pipe in a file's place is replaced by the file.
	for _, name := range []string{"link", "fifo"} {
		must(f.Commit(name, []byte("ours"), 0o600))
		if got, err := f.Read(name); err != nil || string(got) != "ours" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if data, _ := os.ReadFile(outside); string(data) != "not ours" {
		t.Errorf("outside: %q", data)
	}
}

// What one writes under the lock another does not see half done, and what died
// half written is swept away by the next.
func TestLock(t *testing.T) {
	f, dir := openTemp(t)
	left := filepath.Join(dir, "records", tempPrefix+"LEFTOVER")
	if err := f.Commit("records/n", []byte("0"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	const writers, each = 4, 10
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			f, err := Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			for range each {
				unlock, err := f.Lock("records")
				if err != nil {
					t.Error(err)
					return
				}
				data, _ := f.Read("records/n")
				n := 0
				fmt.Sscan(string(data), &n)
				if err := f.Commit("records/n", fmt.Append(nil, n+1), 0o600); err != nil {
					t.Error(err)
				}
				unlock()
			}
		})
	}
	all.Wait()
	if data, err := f.Read("records/n"); err != nil || string(data) != fmt.Sprint(writers*each) {
		t.Errorf("%s, %v", data, err)
	}
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was left half written: %v", err)
	}
}

// Who never lets go keeps nobody for ever.
func TestLockBusy(t *testing.T) {
	f, dir := openTemp(t)
	unlock, err := f.Lock("records")
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	other, err := open(dir, 100*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.Lock("records"); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
}

// One call that never comes back is the last that is made.
func TestLate(t *testing.T) {
	f, _ := openTemp(t)
	f.patience = 20 * time.Millisecond
	f.ops = stuck{f.ops, make(chan struct{})}
	if err := f.Commit("a", nil, 0o600); !errors.Is(err, ErrLate) {
		t.Error(err)
	}
	begin := time.Now()
	for range 100 {
		if _, err := f.Read("a"); !errors.Is(err, ErrLate) {
			t.Fatal(err)
		}
	}
	if took := time.Since(begin); took > 20*time.Millisecond {
		t.Errorf("waited again: %v", took)
	}
}

type stuck struct {
	ops
	never chan struct{}
}

func (s stuck) Create(string, fs.FileMode) (newFile, error) { <-s.never; return nil, nil }

// Where the disk is full nothing of what was there is lost, and nothing is
// left behind.
func TestCommitFails(t *testing.T) {
	f, dir := openTemp(t)
	if err := f.Commit("a", []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	ops := f.ops
	for _, row := range []struct {
		name string
		ops  failOps
	}{
		{"writing", failOps{ops: ops, write: unix.ENOSPC}},
		{"syncing", failOps{ops: ops, sync: unix.EIO}},
		{"closing, as NFS does", failOps{ops: ops, close: unix.EDQUOT}},
	} {
		f.ops = row.ops
		if err := f.Commit("a", []byte("new"), 0o600); err == nil || !strings.Contains(err.Error(), "writing "+filepath.Join(dir, "a")) {
			t.Errorf("%s: %v", row.name, err)
		}
		if data, err := f.Read("a"); string(data) != "old" || err != nil {
			t.Errorf("%s: %q, %v", row.name, data, err)
		}
		if names, _ := os.ReadDir(dir); len(names) != 1 {
			t.Errorf("%s: left behind: %v", row.name, names)
		}
	}
}

type failOps struct {
	ops
	write, sync, close error
}

func (o failOps) Create(name string, perm fs.FileMode) (newFile, error) {
	f, err := o.ops.Create(name, perm)
	return failing{f, o}, err
}

type failing struct {
	newFile
	as failOps
}

func (f failing) Write(b []byte) (int, error) {
	n, err := f.newFile.Write(b)
	return n, errors.Join(err, f.as.write)
}
func (f failing) Sync() error  { return errors.Join(f.newFile.Sync(), f.as.sync) }
func (f failing) Close() error { return errors.Join(f.newFile.Close(), f.as.close) }
