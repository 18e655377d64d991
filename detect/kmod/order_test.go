package kmod

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// order is the plan for one module, asked for by name as modprobe is.
func order(r *Resolver, module string) []string {
	p := NewPlanner(r, Policy{Force: []Named{{Module: module}}})
	var names []string
	for _, s := range p.Begin() {
		names = append(names, s.Module)
	}
	return names
}

// kmod's own trees: its expectations are of modules in the kernel afterwards,
// and of lines which --show-depends prints.
func TestKmodTreesOrder(t *testing.T) {
	trees := kmodTrees(t)
	tests := []struct {
		name, release, module string
		want                  string
	}{
		{"test-modprobe/show-depends", "4.4.4", "mod-loop-a", "mod_loop_b mod_loop_a"},
		{"test-modprobe/show-depends", "4.4.4", "mod-simple", "mod_simple"},
		{"test-modprobe/softdep-loop", "4.4.4", "mod-loop-b", "mod_loop_b mod_loop_a"},
		{"test-modprobe/softdep-loop", "4.4.4", "mod-loop-a", "mod_loop_b mod_loop_a"},
		{"test-modprobe/weakdep-loop", "4.4.4", "mod-loop-b", "mod_loop_b"},
		{"test-modprobe/install-cmd-loop", "4.4.4", "mod-loop-a", "mod_loop_b mod_loop_a"},
		{"test-modprobe/alias-to-none", "4.4.4", "mod-simple", ""},
		{"test-modprobe/builtin", "4.4.4", "unix", ""},
		{"test-modprobe/external", "4.4.4", "mod-simple", "mod_simple"},
		{"test-multi-softdep", "4.4.4", "mod-softdep-a", "mod_foo_a mod_foo_b mod_softdep_a mod_foo_c"},
		{"test-multi-softdep", "4.4.4", "mod-softdep-b", "mod_foo_a mod_softdep_b mod_foo_b mod_foo_c"},
		{"test-dependencies", "4.0.20-kmod", "mod-foo", "mod_foo_c mod_foo_a mod_foo_b mod_foo"},
	}
	for _, tt := range tests {
		t.Run(tt.name+" "+tt.module, func(t *testing.T) {
			r := kmodCase(t, trees, tt.name, tt.release)
			if got := strings.Join(order(r, tt.module), " "); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestKmodTreeDetails(t *testing.T) {
	trees := kmodTrees(t)
	plan := func(name, release, module string) Plan {
		p := NewPlanner(kmodCase(t, trees, name, release), Policy{Force: []Named{{Module: module}}})
		p.Begin()
		return p.Plan()
	}
	if p := plan("test-modprobe/install-cmd-loop", "4.4.4", "mod-loop-b"); len(p.Steps) != 1 ||
		p.Steps[0].Install != "$MODPROBE --ignore-install mod-loop-b && { $MODPROBE --quiet mod-loop-a ; }" {
		t.Errorf("install command: %+v", p.Steps)
	}
	if p := plan("test-modprobe/module-param-kcmdline", "4.4.4", "mod-simple"); p.Steps[0].Params != "foo bar=1" {
		t.Errorf("parameters of the command line: %q", p.Steps[0].Params)
	}
	if p := plan("test-modprobe/external", "4.4.4", "mod-simple"); p.Steps[0].File != "/lib/modules/external/mod-simple.ko" {
		t.Errorf("a file outside the tree: %q", p.Steps[0].File)
	}
	if p := plan("test-modprobe/weakdep-loop", "4.4.4", "mod-loop-b"); !slices.Contains(p.Weak, Weak{"mod_simple", "mod_loop_b"}) {
		t.Errorf("weakdeps: %v", p.Weak)
	}
	if p := plan("test-modprobe/alias-to-none", "4.4.4", "mod-simple"); len(p.Missing) != 1 || p.Missing[0].Module != "deaddood" {
		t.Errorf("missing: %v", p.Missing)
	}
}

// Every module of a kernel that has soft dependencies, and some of the others:
// the order is that of the release's own modprobe --show-depends.
//
// That one heeds only the first softdep line of a module, where 6.1's cifs has
// ten: it is shown the same lines made one.
func TestOrderEqualsModprobe(t *testing.T) {
	for _, suite := range suites {
		t.Run(suite, func(t *testing.T) {
			m := findModtree(t, suite)
			root, conf := m.confDir(t, "softdep snd pre: crc32c_intel btrfs\nsoftdep usbcore post: snd_hda_intel\n")
			cfg, errs := ReadConfig(os.DirFS(root), "")
			if errs != nil {
				t.Fatal(errs)
			}
			r := NewResolver(m.open(t), cfg)
			mergeSoftdeps(t, r, filepath.Join(conf, "00-first.conf"))
			compared := 0
			for i, module := range allModules(t, m) {
				if i%50 != 0 && len(r.Softdeps(module)) == 0 {
					continue
				}
				out, err := exec.Command(filepath.Join(m.dir, "kmod/modprobe"), "-D", "-d", m.dir, "-S", m.release, "-C", conf, module).Output()
				if err != nil {
					t.Fatalf("modprobe -D %s: %v", module, err)
				}
				want := insmodLines(string(out))
				if got := order(r, module); !slices.Equal(got, want) {
					t.Errorf("%s:\ngot  %v\nwant %v", module, got, want)
				}
				compared++
			}
			t.Logf("%d modules compared", compared)
			if compared < 100 {
				t.Errorf("only %d modules compared", compared)
			}
		})
	}
}

// mergeSoftdeps writes a modprobe.d file in which each module has all of its
// softdeps in one line.
func mergeSoftdeps(t *testing.T, r *Resolver, file string) {
	var text strings.Builder
	seen := map[string]bool{}
	for _, d := range append(r.Config().Softdeps, r.Index().Softdeps()...) {
		if seen[underscores(d.Module)] {
			continue
		}
		seen[underscores(d.Module)] = true
		var pre, post []string
		for _, all := range r.Softdeps(d.Module) {
			pre, post = append(pre, all.Pre...), append(post, all.Post...)
		}
		fmt.Fprintf(&text, "softdep %s pre: %s post: %s\n", d.Module, strings.Join(pre, " "), strings.Join(post, " "))
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func allModules(t *testing.T, m modtree) []string {
	data, err := fs.ReadFile(os.DirFS(m.moduleDir()), "modules.dep")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for line := range lines(data) {
		file, _, _ := strings.Cut(line, ":")
		names = append(names, ModuleName(file))
	}
	return names
}

// insmodLines gives the modules of "insmod PATH OPTIONS" lines, each once: a
// module listed again is in the kernel by then.
func insmodLines(out string) []string {
	var names []string
	for line := range strings.Lines(out) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] != "insmod" {
			continue
		}
		if name := ModuleName(f[1]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
