package boot

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"attune/detect/kmod"
)

// An opened resolver and what could not be read for it.
type opened struct {
	resolver *kmod.Resolver
	problems []error
}

// openModules reads the index and the configuration beside the scan: neither
// needs the other.
func (b *Boot) openModules() <-chan opened {
	out := make(chan opened, 1)
	go func() {
		r, problems := OpenResolver(b.env.Root, b.env.Modules, b.env.Release, b.env.Cmdline)
		out <- opened{r, problems}
	}()
	return out
}

// awaitModules waits for the index no longer than the boot may last: it may
// lie on a disk or a server that does not answer.
func (b *Boot) awaitModules(ctx context.Context, modules <-chan opened) *kmod.Resolver {
	select {
	case got := <-modules:
		for _, err := range got.problems {
			b.problem("%v", err)
		}
		return got.resolver
	case <-ctx.Done():
		b.problem("the module index could not be read in time: nothing is loaded")
		return kmod.NewResolver(nil, nil)
	}
}

// OpenResolver opens what answers aliases: the configuration of the machine
// under root and the index of a release's modules under modules, which is most
// often the same tree. What cannot be read comes back as problems; the
// resolver then knows less, down to nothing.
func OpenResolver(root, modules fs.FS, release, cmdline string) (*kmod.Resolver, []error) {
	cfg, problems := kmod.ReadConfig(root, cmdline)
	ix, err := kmod.Open(modules, release)
	switch {
	case err != nil && release == "":
		problems = append(problems, errNoRelease)
	case err != nil && modulesImpossible(root):
		problems = append(problems, errNoModuleSupport)
	case err != nil:
		problems = append(problems, err)
	}
	return kmod.NewResolver(ix, cfg), problems
}

// errNoModuleSupport replaces the complaint about missing modules where no
// module could be loaded anyway.
var errNoModuleSupport = errors.New("this kernel is built without module support: what is not built in has no driver")

// errNoRelease is for captures: most formats do not say the kernel.
var errNoRelease = errors.New("the machine does not say which kernel it runs: give --release, or --modules with one kernel's modules")

// modulesImpossible tells a kernel with CONFIG_MODULES=n: it has no
// proc/modules, though proc is there.
func modulesImpossible(root fs.FS) bool {
	_, proc := fs.Stat(root, "proc/version")
	_, modules := fs.Stat(root, "proc/modules")
	return proc == nil && errors.Is(modules, fs.ErrNotExist)
}

// udevdRuns tells whether a udevd is at work. It loads modules too, and racing
// it would only make both slower.
func udevdRuns(root fs.FS) bool {
	_, err := fs.Stat(root, "run/udev/control")
	return err == nil
}

// udevdTick is how often udevd's queue is looked at: it says nothing by itself.
const udevdTick = 50 * time.Millisecond

// awaitUdevd waits until udevd has nothing queued, so that what is still
// unbound then is what it left out. It waits half the deadline at most.
func (b *Boot) awaitUdevd(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, b.opt.Deadline/2)
	defer cancel()
	tick := time.NewTicker(udevdTick)
	defer tick.Stop()
	for udevdBusy(b.env.Root) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			b.problem("udevd was still busy after %v; going on beside it", b.opt.Deadline/2)
			return
		}
	}
}

// udevdBusy: udevd keeps this file while events wait (src/udev/udev-manager.c).
func udevdBusy(root fs.FS) bool {
	_, err := fs.Stat(root, "run/udev/queue")
	return err == nil
}
