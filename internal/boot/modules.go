package boot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"

	"attune/detect/kmod"
)

// An opened resolver and what could not be read for it.
type opened struct {
	resolver *kmod.Resolver
	problems []error
}

// modules is what answers aliases, opened when somebody first asks: a machine
// whose devices all have their drivers needs none of it.
func (b *Boot) modules(ctx context.Context) *kmod.Resolver {
	if b.resolver == nil {
		if b.opening == nil {
			b.opening = b.openModules()
		}
		b.resolver = b.awaitModules(ctx, b.opening)
	}
	return b.resolver
}

// openModules reads the index and the configuration beside the scan: neither
// needs the other.
func (b *Boot) openModules() <-chan opened {
	out := make(chan opened, 1)
	go func() { out <- b.openedModules() }()
	return out
}

// openedModules: a mistake of ours in reading them costs the modules, and not the
// process with the picture.
func (b *Boot) openedModules() (got opened) {
	defer func() {
		if p := recover(); p != nil {
			got = opened{kmod.NewResolver(nil, nil), []error{fmt.Errorf("reading the module index: a mistake in attune: %v\n%s", p, debug.Stack())}}
		}
	}()
	r, problems := OpenResolver(b.env.Root, b.env.Modules, b.env.Release, b.env.Cmdline)
	return opened{r, problems}
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
