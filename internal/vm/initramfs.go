package vm

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"attune/internal/vm/job"
)

// An Initramfs is what a Debian tool makes for a whole root to be reached by
// itself: once by itself and once with attune installed.
type Initramfs struct {
	Kernel
	Tool string
}

// InitramfsTools are the tools that make one.
var InitramfsTools = []string{"initramfs-tools", "dracut"}

// InitramfsOf has the tool of a suite run, with an attune of this checkout
// installed as a package would, or finds that done.
func InitramfsOf(suite, tool string) (Initramfs, error) {
	f, _ := kernels.LoadOrStore(suite+" "+tool, sync.OnceValues(func() (Kernel, error) {
		layer, err := imageLayer()
		if err != nil {
			return Kernel{}, err
		}
		return makeRoot("vminitrd", suite, tool, layer)
	}))
	k, err := f.(func() (Kernel, error))()
	return Initramfs{k, tool}, err
}

// With is the initramfs with attune's part in it; Stock is without.
func (i Initramfs) With() string  { return filepath.Join(i.Dir, "initrd") }
func (i Initramfs) Stock() string { return filepath.Join(i.Dir, "initrd.stock") }

// Where the root a test's initramfs has to reach tells when it was reached, in
// seconds since boot, and what of the kernel command line leads there.
const (
	reachedFile = "run/vm/up"
	rootWords   = "root=UUID=5a1e55a1-0000-4000-8000-000000000001 rootfstype=erofs ro init=/usr/sbin/vm-init"
)

// BootInitramfs boots a guest whose Initrd mounts the root; its steps are done
// by process 1 of that root.
func BootInitramfs(ctx context.Context, g Guest) (job.Result, error) {
	// What says whether KVM works boots a guest of another make.
	k, err := KernelOf(g.Kernel.Suite)
	if err != nil {
		return job.Result{}, err
	}
	if _, err := Accel(ctx, k); err != nil {
		return job.Result{}, err
	}
	g.Append = rootWords + " " + g.Append
	g.Job.Steps = append([]job.Step{{Do: job.Read, Name: "reached", Paths: []string{reachedFile}}}, g.Job.Steps...)
	return Boot(ctx, g)
}

// Reached is when the root's process 1 began, in seconds since boot.
func Reached(r job.Result) (up float64, err error) {
	s, _ := r.Find("reached")
	_, err = fmt.Sscan(string(s.Files[reachedFile]), &up)
	return up, err
}

// payloadTar is a guest's part on a disk, for a root which a foreign initramfs
// has mounted.
func payloadTar(g Guest) ([]byte, error) {
	guest, err := buildTool("./internal/vm/guest")
	if err != nil {
		return nil, err
	}
	j, err := json.Marshal(g.Job)
	if err != nil {
		return nil, err
	}
	files := map[string]string{"guest": guest}
	maps.Copy(files, g.Payload)
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	add := func(name string, data []byte) error {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(data))}); err != nil {
			return err
		}
		_, err := w.Write(data)
		return err
	}
	if err := add(job.File, j); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		data, err := os.ReadFile(files[name])
		if err != nil {
			return nil, err
		}
		if err := add(name, data); err != nil {
			return nil, err
		}
	}
	return buf.Bytes(), w.Close()
}
