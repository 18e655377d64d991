package kmod

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestKmodNormalize reads kmod's own expectations, stanzas of "input",
// "return" and "output" lines.
func TestKmodNormalize(t *testing.T) {
	data, err := fs.ReadFile(kmodTrees(t), "test-util/alias-correct.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for stanza := range strings.SplitSeq(strings.TrimSpace(string(data)), "\n\n") {
		field := map[string]string{}
		for line := range strings.SplitSeq(stanza, "\n") {
			key, val, _ := strings.Cut(line, " ")
			field[key] = strings.TrimSpace(val)
		}
		got, err := normalize(field["input"])
		if (err == nil) != (field["return"] == "0") || got != field["output"] {
			t.Errorf("normalize(%q) = %q, %v, kmod says %v", field["input"], got, err, field)
		}
		n++
	}
	if n < 5 {
		t.Errorf("only %d stanzas", n)
	}
}

// TestKmodLines joins lines as kmod's reader does: each line of the expected
// file is followed by how many lines it took.
func TestKmodLines(t *testing.T) {
	trees := kmodTrees(t)
	input, err := fs.ReadFile(trees, "test-util/freadline_wrapped-input.txt")
	if err != nil {
		t.Fatal(err)
	}
	correct, err := fs.ReadFile(trees, "test-util/freadline_wrapped-correct.txt")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	start, last := 0, ""
	wrapped(input, func(number int, line string) {
		if start > 0 {
			got = append(got, last, fmt.Sprint(number-start))
		}
		start, last = number, line
	})
	got = append(got, last, "1") // nothing follows that could tell how long it was
	want := strings.Split(strings.TrimRight(string(correct), "\n"), "\n")
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// TestKmodTextIndexes takes the text files depmod should write in kmod's
// depmod cases as an index without binary files.
func TestKmodTextIndexes(t *testing.T) {
	trees := kmodTrees(t)
	const alias = "pci:v0000103Cd00003230sv0000103Csd00003213bc01sc04i00"
	for _, c := range []struct{ file, ask, want string }{
		{"search-order-simple/lib/modules/4.4.4/correct-modules.dep", "mod-simple", "updates/mod-simple.ko []"},
		{"search-order-same-prefix/lib/modules/4.4.4/correct-modules.dep", "mod-simple", "foobar/mod-simple.ko []"},
		{"search-order-override/lib/modules/4.4.4/correct-modules.dep", "mod-simple", "override/mod-simple.ko []"},
		{"search-order-external-first/lib/modules/4.4.4/correct-modules.dep", "mod-simple", "/lib/modules/external/mod-simple.ko []"},
		{"search-order-external-last/lib/modules/4.4.4/correct-modules.dep", "mod-simple", "foobar/mod-simple.ko []"},
		{"another-moddir/correct-modules.dep", "mod_simple", "kernel/mod-simple.ko []"},
		{"modules-outdir/correct-modules.dep", "hpsa", "kernel/drivers/scsi/hpsa.ko [scsi_mod]"},
		{"modules-outdir/correct-modules.alias", alias, "[hpsa]"},
		{"modules-order-compressed/lib/modules/4.4.4/correct-modules.alias", alias, "[hpsa]"},
		{"modules-order-compressed/lib/modules/4.4.4/correct-modules.alias", strings.Replace(alias, "3213bc", "3235bc", 1), "[cciss hpsa]"},
		{"check-weakdep/lib/modules/4.4.4/correct-modules.weakdep", "mod-weakdep", "[mod-simple]"},
	} {
		data, err := fs.ReadFile(trees, "test-depmod/"+c.file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(path.Base(c.file), "correct-")
		ix, err := Open(fstest.MapFS{
			"lib/modules/4.4.4/modules.builtin": {},
			"lib/modules/4.4.4/" + name:         {Data: data},
		}, "4.4.4")
		if err != nil {
			t.Fatal(err)
		}
		if got := answerOf(NewResolver(ix, nil), name, c.ask); got != c.want {
			t.Errorf("%s: %s is %s, want %s", c.file, c.ask, got, c.want)
		}
	}
}

func answerOf(r *Resolver, name, ask string) string {
	switch name {
	case "modules.dep":
		f, _, err := r.Index().Find(ask)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprint(f.Path, " ", f.Deps)
	case "modules.weakdep":
		var targets []string
		for _, w := range r.Weakdeps(ask) {
			targets = append(targets, w.Targets...)
		}
		return fmt.Sprint(targets)
	}
	a, err := r.Lookup(ask)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(a.Modules)
}
