package kmod

import (
	"archive/tar"
	"bufio"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/ulikunitz/xz"
)

// kmodTrees is kmod's own collection of test trees, one directory a case.
func kmodTrees(t *testing.T) fs.FS {
	t.Helper()
	file := corpusPath(t, "kmod/rootfs-pristine.tar.xz")
	trees, err := unpackTrees(file)
	if err != nil {
		t.Fatal(err)
	}
	return trees
}

// unpackTrees keeps the archive in memory; it is a few hundred kB.
var unpackTrees = func() func(string) (fs.FS, error) {
	var once sync.Once
	var trees fstest.MapFS
	var err error
	return func(file string) (fs.FS, error) {
		once.Do(func() { trees, err = readTar(file) })
		return trees, err
	}
}()

func readTar(file string) (fstest.MapFS, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	x, err := xz.NewReader(bufio.NewReader(f))
	if err != nil {
		return nil, err
	}
	trees := fstest.MapFS{}
	for r := tar.NewReader(x); ; {
		h, err := r.Next()
		if err == io.EOF {
			return trees, nil
		}
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		if h.Typeflag == tar.TypeReg {
			trees[filepath.Clean(h.Name)] = &fstest.MapFile{Data: data, Mode: 0o644}
		}
	}
}

// kmodCase opens one case as a machine would: its index when it has one, its
// modprobe.d and its kernel command line.
func kmodCase(t *testing.T, trees fs.FS, name, release string) *Resolver {
	t.Helper()
	root, err := fs.Sub(trees, name)
	if err != nil {
		t.Fatal(err)
	}
	var ix *Index
	if release != "" {
		if ix, err = Open(root, release); err != nil {
			t.Fatal(err)
		}
	}
	cmdline, _ := fs.ReadFile(root, "proc/cmdline")
	cfg, errs := ReadConfig(root, string(cmdline))
	for _, err := range errs {
		t.Error(err)
	}
	return NewResolver(ix, cfg)
}

// TestKmodTrees holds the reading half against every one of kmod's own cases
// that is about reading. Say is what modprobe would print.
func TestKmodTrees(t *testing.T) {
	trees := kmodTrees(t)
	for _, c := range []struct {
		tree, release string
		say           func(*Resolver) string
		want          string // a file of the archive, or the text itself
	}{
		{"test-modprobe/show-depends", "4.4.4", shows("mod-loop-a"), "correct.txt"},
		{"test-modprobe/show-depends", "4.4.4", shows("mod-simple"), "correct-mod-simple.txt"},
		{"test-modprobe/module-param-kcmdline", "4.4.4", shows("mod-simple"), "correct.txt"},
		{"test-modprobe/module-param-kcmdline2", "", dump, "correct.txt"},
		{"test-modprobe/module-param-kcmdline3", "", dump, "correct.txt"},
		{"test-modprobe/module-param-kcmdline4", "", dump, "correct.txt"},
		{"test-modprobe/module-param-kcmdline5", "", dump, "correct.txt"},
		{"test-modprobe/module-param-kcmdline6", "", dump, "correct.txt"},
		{"test-modprobe/module-param-kcmdline7", "", dump, "correct.txt"},
		{"test-modprobe/module-param-kcmdline8", "", dump, "correct.txt"},
		{"test-modprobe/module-param-kcmdline9", "", dump, "correct.txt"},
		{"test-modprobe/alias-to-none", "4.4.4", shows("mod-simple"), "correct.txt"},
		{"test-modprobe/alias-to-none", "4.4.4", resolves("mod-simple"), "deaddood\n"},
		{"test-modprobe/builtin", "4.4.4", resolves("unix"), "correct.txt"},
		{"test-modprobe/external", "4.4.4", shows("mod-simple"), "insmod /lib/modules/external/mod-simple.ko \n"},
		{"test-modprobe/module-from-abspath", "4.4.4", shows("mod-simple"), "insmod /lib/modules/external/mod-simple.ko \n"},
		{"test-modprobe/module-from-relpath", "4.4.4", shows("mod-simple"), "insmod /lib/modules/external/mod-simple.ko \n"},
		{"test-modprobe/force", "4.4.4", shows("mod-simple"), "insmod /lib/modules/4.4.4/kernel/mod-simple.ko \n"},
		{"test-modprobe/force-modversion", "4.4.4", shows("mod-simple"), "insmod /lib/modules/4.4.4/kernel/mod-simple.ko \n"},
		{"test-modprobe/force-vermagic", "4.4.4", shows("mod-simple"), "insmod /lib/modules/4.4.4/kernel/mod-simple.ko \n"},
		{"test-modprobe/oldkernel", "3.3.3", shows("mod-simple"), "insmod /lib/modules/3.3.3/kernel/mod-simple.ko \n"},
		{"test-modprobe/oldkernel-force", "3.3.3", shows("mod-simple"), "insmod /lib/modules/3.3.3/kernel/mod-simple.ko \n"},
		{"test-modprobe/oldkernel-force-modversion", "3.3.3", shows("mod-simple"), "insmod /lib/modules/3.3.3/kernel/mod-simple.ko \n"},
		{"test-modprobe/oldkernel-force-vermagic", "3.3.3", shows("mod-simple"), "insmod /lib/modules/3.3.3/kernel/mod-simple.ko \n"},
		{"test-modprobe/show-exports-module", "4.4.4", resolves("symbol:printA", "symbol:printB"), "mod_loop_a\nmod_loop_b\n"},
		{"test-modprobe/install-cmd-loop", "4.4.4", installs("mod-loop-b"), "install $MODPROBE --ignore-install mod-loop-b && { $MODPROBE --quiet mod-loop-a ; }\n"},
		{"test-modprobe/install-cmd-loop", "4.4.4", installs("mod-loop-a"), ""},
		{"test-modprobe/softdep-loop", "4.4.4", softdeps("mod-loop-b", "mod-loop-a"), "mod_loop_b: pre [] post [mod-loop-a]\n"},
		{"test-multi-softdep", "4.4.4", softdeps("mod-softdep-a"), "mod_softdep_a: pre [mod-foo-a] post []\nmod_softdep_a: pre [mod-foo-b] post []\nmod_softdep_a: pre [] post [mod-foo-c]\n"},
		{"test-multi-softdep", "4.4.4", softdeps("mod-softdep-b"), "mod_softdep_b: pre [mod-foo-a] post []\nmod_softdep_b: pre [] post [mod-foo-b mod-foo-c]\n"},
		{"test-modprobe/weakdep-loop", "4.4.4", weakdeps("mod-loop-b", "mod-loop-a"), "mod-loop-b: mod_loop_a mod_simple\n"},
		{"test-weakdep", "4.4.4", weakdeps("mod-loop-b", "mod-weakdep"), "correct-weakdep.txt"},
		{"test-weakdep", "4.4.4", resolves("symbol:printA", "symbol:printB"), "mod_loop_a\nmod_loop_b\n"},
		{"test-weakdep", "4.4.4", dump, "modprobe-c.txt"},
		{"test-dependencies", "4.0.20-kmod", depends("mod-foo"), "mod_foo_b mod_foo_a mod_foo_c\n"},
		{"test-blacklist", "", banned("pcspkr", "pcspkr2", "floppy", "ext4"), "pcspkr\nfloppy\n"},
		{"test-new-module/from_alias", "", saysName("ext4.*"), "correct.txt"},
		{"test-init-load-resources", "5.6.0", resolves("fake-builtin", "no-such"), "fake_builtin\n"},
		{"test-init-load-resources-empty-builtin-aliases-bin", "5.6.0", resolves("fake-builtin", "no-such"), "fake_builtin\n"},
		{"test-initstate", "4.4.4", resolves("fake-builtin"), "fake_builtin\n"},
		{"test-modinfo/external", "4.4.4", paths("mod-simple"), "../correct-external.txt"},
		{"test-modinfo/builtin", "6.11.0", resolves("intel-uncore"), "intel_uncore\n"},
	} {
		t.Run(c.tree, func(t *testing.T) {
			want := c.want
			if strings.HasSuffix(want, ".txt") {
				data, err := fs.ReadFile(trees, filepath.Join(c.tree, want))
				if err != nil {
					t.Fatal(err)
				}
				want, _, _ = strings.Cut(string(data), "\n# End of configuration files.")
			}
			got := c.say(kmodCase(t, trees, c.tree, c.release))
			if strings.TrimRight(got, "\n") != strings.TrimRight(want, "\n") {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// shows is modprobe --show-depends, without softdeps.
func shows(alias string) func(*Resolver) string {
	return func(r *Resolver) string {
		var b strings.Builder
		a, _ := r.Lookup(alias)
		for _, name := range a.Modules {
			f, _, _ := r.Index().Find(name)
			for _, dep := range slices.Backward(f.Deps) {
				b.WriteString(insmod(r, dep))
			}
			b.WriteString(insmod(r, name))
		}
		return b.String()
	}
}

func insmod(r *Resolver, name string) string {
	f, ok, _ := r.Index().Find(name)
	if !ok {
		return ""
	}
	line := "insmod " + absolute(r, f) + " "
	for _, o := range r.Config().optionsFor(underscores(name), "") {
		line += o.Value + " "
	}
	return line + "\n"
}

func absolute(r *Resolver, f File) string {
	if filepath.IsAbs(f.Path) {
		return f.Path
	}
	return "/" + filepath.Join(r.Index().dir, f.Path)
}

// each makes the output of a function over names.
func each(names []string, line func(*Resolver, string) string) func(*Resolver) string {
	return func(r *Resolver) string {
		var b strings.Builder
		for _, name := range names {
			b.WriteString(line(r, name))
		}
		return b.String()
	}
}

func resolves(aliases ...string) func(*Resolver) string {
	return each(aliases, func(r *Resolver, alias string) string {
		a, err := r.Lookup(alias)
		if err != nil {
			return err.Error()
		}
		return strings.Join(append(a.Modules, ""), "\n")
	})
}

func saysName(aliases ...string) func(*Resolver) string {
	return each(aliases, func(r *Resolver, alias string) string {
		a, _ := r.Lookup(alias)
		return "modname: " + strings.Join(a.Modules, " ") + "\n"
	})
}

func paths(names ...string) func(*Resolver) string {
	return each(names, func(r *Resolver, name string) string {
		f, _, _ := r.Index().Find(name)
		return absolute(r, f) + "\n"
	})
}

func depends(names ...string) func(*Resolver) string {
	return each(names, func(r *Resolver, name string) string {
		f, _, _ := r.Index().Find(name)
		return strings.Join(f.Deps, " ") + "\n"
	})
}

func installs(names ...string) func(*Resolver) string {
	return each(names, func(r *Resolver, name string) string {
		if e, ok := r.Config().installFor(underscores(name)); ok {
			return "install " + e.Value + "\n"
		}
		return ""
	})
}

func softdeps(names ...string) func(*Resolver) string {
	return each(names, func(r *Resolver, name string) string {
		var b strings.Builder
		for _, d := range r.Softdeps(name) {
			b.WriteString(d.Module + ": pre [" + strings.Join(d.Pre, " ") + "] post [" + strings.Join(d.Post, " ") + "]\n")
		}
		return b.String()
	})
}

func weakdeps(names ...string) func(*Resolver) string {
	return each(names, func(r *Resolver, name string) string {
		var b strings.Builder
		for _, d := range r.Weakdeps(name) {
			b.WriteString(name + ": " + underscores(strings.Join(d.Targets, " ")) + "\n")
		}
		return b.String()
	})
}

func banned(names ...string) func(*Resolver) string {
	return each(names, func(r *Resolver, name string) string {
		if len(r.Config().bansOn(underscores(name))) > 0 {
			return name + "\n"
		}
		return ""
	})
}

// dump is the part of modprobe -c that is about configuration.
func dump(r *Resolver) string {
	var b strings.Builder
	for _, ban := range r.Config().Blacklist {
		b.WriteString("blacklist " + ban.Module + "\n")
	}
	for _, o := range r.Config().Options {
		b.WriteString("options " + o.Name + " " + o.Value + "\n")
	}
	for _, w := range append(r.Config().Weakdeps, r.Index().Weakdeps()...) {
		b.WriteString("weakdep " + w.Module + " " + strings.Join(w.Targets, " ") + "\n")
	}
	return b.String()
}
