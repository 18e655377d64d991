package state

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// A promise is what had been said to be safe when so many steps were done.
type promise struct {
	steps int
	files map[string]string
	next  map[string]string // what was being done after that
}

// story writes, writes again, renames and removes, and notes what was promised
// when.
func story(d *disk, commit func(ops, string, []byte, fs.FileMode) error) (told []promise) {
	files := map[string]string{}
	var next map[string]string
	do := func(change func(), how func() error) {
		now := maps.Clone(files)
		change()
		next = maps.Clone(files)
		told = append(told, promise{len(d.journal), now, next})
		if err := how(); err != nil {
			panic(err)
		}
	}
	put := func(name, text string) {
		do(func() { files[name] = text }, func() error { return commit(d, name, []byte(text), 0o644) })
	}
	for i := range 3 {
		for _, name := range []string{"records/a", "records/b", "records/deep/c", "top"} {
			put(name, fmt.Sprintf("the %dth of %s", i, name))
		}
	}
	do(func() { files["records/b.bad"] = files["records/b"]; delete(files, "records/b") }, func() error { return rename(d, "records/b", "records/b.bad") })
	do(func() { delete(files, "records/a") }, func() error { return remove(d, "records/a") })
	put("records/a", "again")
	do(func() {}, func() error { return sweep(d, "records") })
	return append(told, promise{len(d.journal), maps.Clone(files), maps.Clone(files)})
}

// loss is a way in which a cut finds something else than was promised, "" when
// there is none; ways is how many cuts were looked at.
func loss(d *disk, told []promise) (first string, ways int) {
	for steps := range len(d.journal) + 1 {
		i := slices.IndexFunc(told, func(p promise) bool { return p.steps > steps })
		if i < 0 {
			i = len(told)
		}
		p := told[i-1]
		for found := range d.after(steps) {
			ways++
			maps.DeleteFunc(found, func(name, _ string) bool { return strings.HasPrefix(path.Base(name), tempPrefix) })
			if !between(p.files, p.next, found) {
				return fmt.Sprintf("after %d steps, %+v: promised %q, found %q", steps, d.journal[max(0, steps-1)], p.files, found), ways
			}
		}
	}
	return "", ways
}

// between: each file is as before or as after the change under way.
func between(before, after, found map[string]string) bool {
	names := map[string]bool{}
	for _, m := range []map[string]string{before, after, found} {
		for name := range m {
			names[name] = true
		}
	}
	for name := range names {
		is, there := found[name]
		was, wasThere := before[name]
		will, willBe := after[name]
		if !(there == wasThere && is == was || there == willBe && is == will) {
			return false
		}
	}
	return true
}

// Whenever the power goes, each file is the one promised or the one being
// written, and whole.
func TestPowerCut(t *testing.T) {
	d := newDisk()
	told := story(d, commit)
	first, ways := loss(d, told)
	if first != "" {
		t.Error(first)
	}
	t.Logf("%d steps, %d states of the disk", len(d.journal), ways)
}

// The disk tells of each step that is left out or in the wrong place.
func TestPowerCutFinds(t *testing.T) {
	for _, row := range []struct {
		name   string
		commit func(ops, string, []byte, fs.FileMode) error
	}{
		{"written in place", func(o ops, name string, data []byte, perm fs.FileMode) error {
			if err := makeDir(o, path.Dir(name)); err != nil {
				return err
			}
			o.Remove(name)
			if err := create(o, name, data, perm); err != nil {
				return err
			}
			return o.SyncDir(path.Dir(name))
		}},
		{"the file not synced", func(o ops, name string, data []byte, perm fs.FileMode) error {
			return commit(without{o, "sync"}, name, data, perm)
		}},
		{"the directory not synced", func(o ops, name string, data []byte, perm fs.FileMode) error {
			return commit(without{o, path.Dir(name)}, name, data, perm)
		}},
		{"the directory's own name not synced", func(o ops, name string, data []byte, perm fs.FileMode) error {
			return commit(without{o, path.Dir(path.Dir(name))}, name, data, perm)
		}},
	} {
		d := newDisk()
		told := story(d, row.commit)
		first, _ := loss(d, told)
		if first == "" {
			t.Errorf("%s, and nothing was lost", row.name)
		}
		t.Logf("%s: %s", row.name, first)
	}
}

// without leaves a sync out: that of files, or that of one directory.
type without struct {
	ops
	what string
}

func (w without) Create(name string, perm fs.FileMode) (newFile, error) {
	f, err := w.ops.Create(name, perm)
	if w.what == "sync" && err == nil {
		return unsynced{f}, nil
	}
	return f, err
}

func (w without) SyncDir(dir string) error {
	if dir == w.what {
		return nil
	}
	return w.ops.SyncDir(dir)
}

type unsynced struct{ newFile }

func (unsynced) Sync() error { return nil }
