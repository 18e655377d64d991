// Package rootfs opens a machine: the one we run on, a directory that holds
// another one's root, or a capture in a file. All three come out as one fs.FS
// rooted at "/", so the rest of the program cannot tell them apart.
//
// It knows nothing about what is in the tree and never writes to it.
package rootfs

import (
	"fmt"
	"io"
	"io/fs"
	"os"
)

// A Root is one machine's file tree, from "/" down: sys/, proc/, etc/, lib/.
type Root struct {
	FS   fs.FS
	Live bool   // the machine we run on, not a copy of one
	Name string // what the user called it: "/", a directory, a file

	close io.Closer
}

// Open opens the machine that arg names: "" and "/" are the live machine, a
// directory is a root copied from another one, a regular file is a capture in
// any format package fixtures reads.
//
// Links inside a directory cannot lead out of it.
func Open(arg string) (*Root, error) {
	if arg == "" || arg == "/" {
		return openLive()
	}
	st, err := os.Stat(arg)
	if err != nil {
		return nil, fmt.Errorf("opening the machine: %w", err)
	}
	if st.IsDir() {
		return openDir(arg)
	}
	return openCapture(arg)
}

// Close gives back what Open took. Trees read from it stop working.
func (r *Root) Close() error {
	if r.close == nil {
		return nil
	}
	return r.close.Close()
}

func openLive() (*Root, error) {
	t, err := openTree("/", false)
	if err != nil {
		return nil, fmt.Errorf("opening the live machine: %w", err)
	}
	return &Root{FS: t, Live: true, Name: "/", close: t}, nil
}

// openDir asks the kernel to treat the directory as a root, so that absolute
// links in it (common in images) lead where they would on that machine.
// Kernels before 5.6 cannot; os.Root then refuses those links.
func openDir(dir string) (*Root, error) {
	t, err := openTree(dir, true)
	if err == nil {
		return &Root{FS: t, Name: dir, close: t}, nil
	}
	r, rerr := os.OpenRoot(dir)
	if rerr != nil {
		return nil, fmt.Errorf("opening the machine: %w", rerr)
	}
	return &Root{FS: plain{r.FS()}, Name: dir, close: r}, nil
}
