package image

import (
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// A tree is the machine's files. Links in it, absolute ones too, lead to where
// they would on that machine and never out of it.
type tree struct{ fs fs.FS }

// Bounds on what is believed: a configuration file is small, a chain of links
// short. The kernel follows 40.
const (
	maxFile  = 4 << 20
	maxLinks = 40
)

// resolve follows all links of a name and gives the name without any, which
// need not exist. ok is false for a chain without an end.
func (t tree) resolve(name string) (real string, ok bool) {
	todo := strings.Split(name, "/")
	var done []string
	for links := 0; len(todo) > 0; {
		part := todo[0]
		todo = todo[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			done = done[:max(len(done)-1, 0)]
			continue
		}
		target, err := fs.ReadLink(t.fs, path.Join(append(slices.Clone(done), part)...))
		if err != nil {
			done = append(done, part)
			continue
		}
		if links++; links > maxLinks {
			return "", false
		}
		if strings.HasPrefix(target, "/") {
			done = nil
		}
		todo = append(strings.Split(target, "/"), todo...)
	}
	if len(done) == 0 {
		return ".", true
	}
	return path.Join(done...), true
}

// read gives the content of a regular file, nil when there is none. A FIFO
// would keep us for ever.
func (t tree) read(name string) []byte {
	real, ok := t.resolve(name)
	if !ok || !t.isFile(real) {
		return nil
	}
	f, err := t.fs.Open(real)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil
	}
	return data
}

// firstLine is that of a file of one line, "" when there is none.
func (t tree) firstLine(name string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(t.read(name))), "\n")
	return line
}

func (t tree) isFile(real string) bool {
	st, err := fs.Stat(t.fs, real)
	return err == nil && st.Mode().IsRegular()
}

// exists says whether a name leads to a regular file.
func (t tree) exists(name string) bool {
	real, ok := t.resolve(name)
	return ok && t.isFile(real)
}

// list gives the names in a directory, sorted.
func (t tree) list(name string) []string {
	real, ok := t.resolve(name)
	if !ok {
		return nil
	}
	entries, err := fs.ReadDir(t.fs, real)
	if err != nil {
		return nil
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	slices.Sort(names)
	return names
}

// glob finds names of which whole parts are given as patterns:
// "usr/lib/*/xorg/modules". Order is that of the names.
func (t tree) glob(pattern string) []string {
	found := []string{""}
	for _, part := range strings.Split(pattern, "/") {
		var next []string
		for _, dir := range found {
			if !strings.ContainsAny(part, "*?[") {
				next = append(next, path.Join(dir, part))
				continue
			}
			for _, name := range t.list(path.Join(".", dir)) {
				if ok, err := path.Match(part, name); ok && err == nil {
					next = append(next, path.Join(dir, name))
				}
			}
		}
		found = next
	}
	return slices.DeleteFunc(found, func(name string) bool {
		real, ok := t.resolve(name)
		if !ok {
			return true
		}
		_, err := fs.Stat(t.fs, real)
		return err != nil
	})
}
