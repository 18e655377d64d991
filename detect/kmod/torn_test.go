package kmod

import (
	"io/fs"
	"os"
	"path"
	"testing"
	"testing/fstest"
)

// A write that was torn leaves zeros in an index. No answer is lost to them:
// the text file steps in and the damage is told, or the lookup is an error.
func TestTornIndex(t *testing.T) {
	tree := findModtree(t, "bookworm")
	whole := NewResolver(tree.open(t), nil)
	aliases := tornAliases(t)
	for _, bin := range []string{"modules.alias.bin", "modules.dep.bin"} {
		for _, half := range []string{"first", "second", "middle third"} {
			for _, text := range []bool{true, false} {
				name := bin + ", " + half
				if !text {
					name += ", no text"
				}
				t.Run(name, func(t *testing.T) {
					ix, err := Open(torn(t, tree, bin, half, text), tree.release)
					if err != nil {
						t.Fatal(err)
					}
					r := NewResolver(ix, nil)
					told := false
					for _, alias := range aliases {
						want, err := whole.Lookup(alias)
						if err != nil {
							t.Fatal(err)
						}
						got, err := r.Lookup(alias)
						if told = told || err != nil; err == nil && len(got.Modules) != len(want.Modules) {
							t.Errorf("%s: %q, want %q", alias, got.Modules, want.Modules)
						}
						for _, m := range want.Modules {
							_, ok, err := ix.Find(m)
							if told = told || err != nil; err == nil && !ok {
								t.Errorf("%s is not in the tree any more", m)
							}
						}
					}
					if !told && len(r.Problems()) == 0 {
						t.Error("nobody is told of the damage")
					}
				})
			}
		}
	}
}

// What depmod wrote, of either layout (kmod 34 writes parents first, older ones
// last), is whole: no lookup goes the slow way over the text.
func TestWholeIndexIsNotMended(t *testing.T) {
	for _, suite := range suites {
		t.Run(suite, func(t *testing.T) {
			r := NewResolver(findModtree(t, suite).open(t), nil)
			for _, alias := range tornAliases(t) {
				a, err := r.Lookup(alias)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range a.Modules {
					if _, _, err := r.Index().Find(m); err != nil {
						t.Error(err)
					}
				}
			}
			if p := r.Problems(); len(p) > 0 {
				t.Errorf("problems: %v", p)
			}
		})
	}
}

// tornAliases reach all over both indexes.
func tornAliases(t *testing.T) []string {
	t.Helper()
	var aliases []string
	for _, rec := range readExport(t, machines(t)[len(machines(t))/2]) {
		if a := rec.props["MODALIAS"]; a != "" {
			aliases = append(aliases, a)
		}
	}
	return append(aliases, "pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00", "usb:v0781p5567d0100dc00dsc00dp00ic08isc06ip50in00",
		"acpi:PNP0C0A:", "fs-xfs", "snd_hda_intel", "cpu:type:x86,ven0000fam0006mod003A:feature:,0081,")
}

// torn is the tree with zeros in a part of one index.
func torn(t *testing.T, tree modtree, bin, part string, text bool) fs.FS {
	t.Helper()
	fsys := fstest.MapFS{}
	dir := path.Join("lib/modules", tree.release)
	for _, name := range []string{"modules.alias.bin", "modules.dep.bin", "modules.alias", "modules.dep", "modules.symbols.bin", "modules.builtin.bin", "modules.builtin.alias.bin"} {
		data, err := os.ReadFile(path.Join(tree.moduleDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		if name == bin {
			n := len(data)
			span := map[string][2]int{"first": {12, n / 2}, "second": {n / 2, n}, "middle third": {n / 3, n * 2 / 3}}[part]
			clear(data[span[0]:span[1]])
		}
		if !text && (name == "modules.alias" || name == "modules.dep") {
			continue
		}
		fsys[path.Join(dir, name)] = &fstest.MapFile{Data: data}
	}
	return fsys
}
