package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"attune/detect/kmod"
)

// A Loader puts modules into the kernel. It never takes one out and never
// gives up on a load which has begun: a driver killed in its probe leaves a
// dead device behind.
type Loader struct {
	Kernel   Kernel
	Facts    KernelFacts
	Open     func(file string) (*os.File, error) // Step.File -> the file
	MaxImage int64                               // bytes of a plain module, 0 for DefaultMaxImage

	// One decompressor at a time: each holds a window of up to some MiB, and
	// the cores are better used by the drivers already loaded.
	unpacking chan struct{}
}

// DefaultMaxImage is far above the largest module known (nvidia.ko, 100 MB).
const DefaultMaxImage = 512 << 20

// NewLoader loads from the module directory of a release below a root, the
// first of lib/modules and usr/lib/modules that has it.
func NewLoader(root, release string, facts KernelFacts) *Loader {
	dir := filepath.Join(root, "lib/modules", release)
	if _, err := os.Stat(dir); err != nil {
		dir = filepath.Join(root, "usr/lib/modules", release)
	}
	open := func(file string) (*os.File, error) {
		if strings.HasPrefix(file, "/") { // modules outside the tree stand absolute in modules.dep
			return os.Open(filepath.Join(root, file))
		}
		return os.Open(filepath.Join(dir, file))
	}
	return &Loader{Kernel: NewKernel(), Facts: facts, Open: open, unpacking: make(chan struct{}, 1)}
}

// A Loading says how a load went.
type Loading struct {
	How      How
	Attempts int // more than 1 after ENOMEM or EBUSY
}

// How says by which way a module went into the kernel.
type How string

// The ways.
const (
	Already    How = "already"      // EEXIST: somebody was faster
	Direct     How = "file"         // finit_module on the plain file
	Compressed How = "kernel"       // finit_module, the kernel decompressed
	Unpacked   How = "memory file"  // we decompressed into a memory file
	Image      How = "memory image" // init_module: an old kernel, or one which refuses memory files
	Command    How = "command"      // the modprobe.d install command
)

// Insert carries one step out and comes back when the module's init has. The
// error is a *Error. The context only ends the waits between attempts.
func (l *Loader) Insert(ctx context.Context, s kmod.Step) (Loading, error) {
	done := Loading{Attempts: 1}
	for wait := 100 * time.Millisecond; ; wait *= 4 {
		how, err := l.insertOnce(s)
		if errors.Is(err, unix.EEXIST) {
			how, err = Already, nil
		}
		if !passing(err) || done.Attempts == 3 || sleep(ctx, wait) != nil {
			done.How = how
			return done, Classify(err, s.Module, l.Facts)
		}
		done.Attempts++
	}
}

// passing errors may be gone at the next attempt: memory comes back, and EBUSY
// means another load of the same module was just failing (kernel/module/main.c,
// module_patient_check_exists).
func passing(err error) bool {
	return errors.Is(err, unix.ENOMEM) || errors.Is(err, unix.EBUSY) ||
		errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *Loader) insertOnce(s kmod.Step) (How, error) {
	if s.Install != "" {
		return Command, l.runInstall(s)
	}
	f, err := l.Open(s.File)
	if errors.Is(err, fs.ErrNotExist) {
		return "", &Error{Module: s.Module, Reason: NoFile, Text: "its file is not in this image", Err: err}
	}
	if err != nil {
		return "", fmt.Errorf("opening its file: %w", err)
	}
	defer f.Close()
	return l.insertFile(f, s)
}

func (l *Loader) insertFile(f *os.File, s kmod.Step) (How, error) {
	var head [6]byte
	n, err := f.ReadAt(head[:], 0)
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("reading its file: %w", err)
	}
	format := formatOf(head[:n])
	if format == "" {
		err := l.Kernel.Finit(int(f.Fd()), params(s), 0)
		if !unsupported(err) {
			return Direct, err
		}
		return Image, l.insertImage(f, s)
	}
	if format == l.Facts.Compression {
		err := l.Kernel.Finit(int(f.Fd()), params(s), unix.MODULE_INIT_COMPRESSED_FILE)
		if !unsupported(err) {
			return Compressed, err
		}
	}
	return l.insertUnpacked(f, format, s)
}

// insertUnpacked decompresses into a file in memory and loads that: its pages
// are not ours, a module of 20 MB costs this process nothing.
func (l *Loader) insertUnpacked(f *os.File, format string, s kmod.Step) (How, error) {
	mem, err := l.unpack(f, format, s.Module)
	if err != nil {
		return "", err
	}
	defer mem.Close()
	err = l.Kernel.Finit(int(mem.Fd()), params(s), 0)
	if !l.refusesMemory(err, s.Module) {
		return Unpacked, err
	}
	return Image, l.insertImage(mem, s)
}

func (l *Loader) unpack(f *os.File, format, module string) (*os.File, error) {
	if l.unpacking != nil {
		l.unpacking <- struct{}{}
		defer func() { <-l.unpacking }()
	}
	mem, err := l.Kernel.Memfd(module)
	if err != nil {
		return nil, err
	}
	if _, err := decompress(mem, f, format, l.maxImage()); err != nil {
		mem.Close()
		return nil, fmt.Errorf("decompressing its file: %w", err)
	}
	return mem, nil
}

// insertImage hands the bytes over. They are mapped, not read, so that they
// stay out of the heap.
func (l *Loader) insertImage(f *os.File, s kmod.Step) error {
	info, err := f.Stat()
	switch {
	case err != nil:
		return fmt.Errorf("asking for its size: %w", err)
	case info.Size() > l.maxImage():
		return ErrTooBig
	case info.Size() == 0:
		return fmt.Errorf("its file is empty: %w", unix.ENOEXEC)
	}
	image, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_PRIVATE)
	if err != nil {
		return fmt.Errorf("mapping its file: %w", err)
	}
	defer unix.Munmap(image)
	return l.Kernel.Init(image, params(s))
}

func (l *Loader) maxImage() int64 {
	if l.MaxImage > 0 {
		return l.MaxImage
	}
	return DefaultMaxImage
}

// unsupported: a kernel before 3.8 has no finit_module, one without
// CONFIG_MODULE_DECOMPRESS no flag for compressed files.
func unsupported(err error) bool {
	return errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EOPNOTSUPP)
}

// refusesMemory: a security module (LoadPin, SELinux, IMA) may insist on files
// of the root file system, and a file open for writing may be refused too.
func (l *Loader) refusesMemory(err error, module string) bool {
	if errors.Is(err, unix.EPERM) {
		reason, _ := explainEPERM(module, l.Facts)
		return reason == NotPermitted
	}
	return unsupported(err) || errors.Is(err, unix.EACCES) || errors.Is(err, unix.ETXTBSY)
}
