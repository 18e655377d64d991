package kmod

import (
	"bufio"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// awkwardConf exercises the configured aliases along with the indexes.
const awkwardConf = `
alias usb:v1D6B* from-config-one
alias usb:*ic09isc00* from_config_two
alias usb:v1D6Bp0002* from_config_three
alias platform:pcsp[a-k]r from-config-range
alias acpi:PNP0C0? off
alias net-pf-10 off
install parport-nobody /bin/true
remove ppdev-nobody /bin/true
`

// strangeAliases are not in any index, or only nearly.
var strangeAliases = []string{
	"e1000e", "snd-hda-intel", "snd_hda_intel", "no-such-module", "ext4", "crc32c", "crypto-crc32c",
	"parport-nobody", "ppdev_nobody", "symbol:usb_register_driver", "symbol:no_such", "symbol:",
	"*", "**", "?", "usb:*", "pci:*", "pci:v*d*", "usb:v????p????*", "pci:v0000[0-9]086d*", "of:N*T*C*", "acpi:*:*",
	"[", "]", "[]", "[a", "a]", "a-[b-c]-d", "dmi:*", "input:*", "\\", "pci:v00008086\\d", "hid:b0003g0001v",
	"of:NaTbCc", "of:N-T-C-", "i2c:", "spi:", "a b", "e1000e.ko", ".", "/", "\x80\xff", "pci:v\xff", "cpu:type:x86,ven0000fam0006mod0000:feature:,0000",
	strings.Repeat("*", 40), "usb:" + strings.Repeat("v", 4000), strings.Repeat("a:", 2040), "input:" + strings.Repeat("-e0,", 1000),
}

// TestEqualModprobe holds every answer against modprobe -R of the same
// release: the corpus, one alias made from each pattern of the tree, and
// strange ones.
func TestEqualModprobe(t *testing.T) {
	for _, suite := range suites {
		t.Run(suite, func(t *testing.T) {
			t.Parallel()
			tree := findModtree(t, suite)
			root, conf := tree.confDir(t, awkwardConf)
			cfg, errs := ReadConfig(os.DirFS(root), "")
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			r := NewResolver(tree.open(t), cfg)
			aliases := slices.Concat(strangeAliases, corpusAliases(t), patternAliases(t, tree), nameAliases(t, tree))
			compareAnswers(t, r, aliases, tree.resolve(t, conf, aliases))
		})
	}
}

func compareAnswers(t *testing.T, r *Resolver, aliases []string, want [][]string) {
	t.Helper()
	wrong, answered := 0, 0
	for i, alias := range aliases {
		got, _ := r.Lookup(alias)
		if len(want[i]) > 0 {
			answered++
		}
		if slices.Equal(got.Modules, want[i]) {
			continue
		}
		if wrong++; wrong <= 20 {
			t.Errorf("%.200q: got %q from %q, modprobe -R says %q", alias, got.Modules, got.Table, want[i])
		}
	}
	t.Logf("%d aliases, %d of them with modules, %d answers differ", len(aliases), answered, wrong)
	if answered < len(aliases)/2 {
		t.Errorf("only %d of %d aliases have an answer: this compares nothing", answered, len(aliases))
	}
}

func corpusAliases(t *testing.T) []string {
	var all []string
	for _, file := range machines(t) {
		all = append(all, aliasesOf(readExport(t, file))...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	t.Logf("%d distinct aliases in the corpus", len(all))
	return all
}

// patternAliases makes one alias that fits from every pattern of the tree.
func patternAliases(t *testing.T, tree modtree) []string {
	rng := rand.New(rand.NewPCG(1, 2))
	var all []string
	for _, name := range []string{"modules.alias", "modules.symbols"} {
		n := 0
		for _, line := range textLines(t, filepath.Join(tree.moduleDir(), name)) {
			pattern, _, ok := cutAliasLine(line)
			if n++; !ok || name == "modules.symbols" && n%10 != 0 {
				continue
			}
			all = append(all, fill(rng, pattern))
		}
	}
	data, err := os.ReadFile(filepath.Join(tree.moduleDir(), "modules.builtin.modinfo"))
	if err != nil {
		t.Fatal(err)
	}
	for item := range strings.SplitSeq(string(data), "\x00") {
		if _, pattern, ok := strings.Cut(item, ".alias="); ok {
			all = append(all, fill(rng, pattern))
		}
	}
	t.Logf("%d aliases made from patterns", len(all))
	return all
}

func cutAliasLine(line string) (pattern, module string, ok bool) {
	rest, ok := strings.CutPrefix(line, "alias ")
	at := strings.LastIndexByte(rest, ' ')
	if !ok || at < 0 {
		return "", "", false
	}
	return rest[:at], rest[at+1:], true
}

// fill replaces the wildcards of a pattern by something that fits them.
func fill(rng *rand.Rand, pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '*':
			b.WriteString([]string{"", "0", "00001AF4", "x/y-z", "*"}[rng.IntN(5)])
		case '?':
			b.WriteByte("0F/"[rng.IntN(3)])
		case '[':
			b.WriteByte(pattern[i+1])
			i += strings.IndexByte(pattern[i:], ']')
		default:
			b.WriteByte(pattern[i])
		}
	}
	return b.String()
}

// nameAliases are every module's own name, and the built-in ones'.
func nameAliases(t *testing.T, tree modtree) []string {
	var all []string
	for _, line := range textLines(t, filepath.Join(tree.moduleDir(), "modules.dep")) {
		file, _, _ := strings.Cut(line, ":")
		name, _, _ := strings.Cut(filepath.Base(file), ".")
		all = append(all, name)
	}
	for _, line := range textLines(t, filepath.Join(tree.moduleDir(), "modules.builtin")) {
		all = append(all, strings.TrimSuffix(filepath.Base(line), ".ko"))
	}
	return all
}

func textLines(t *testing.T, name string) []string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []string
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if s.Text() != "" && s.Text()[0] != '#' {
			all = append(all, s.Text())
		}
	}
	return all
}

// TestEqualText holds what the text files say against what the binary ones
// say, for a tree which has no binary files.
func TestEqualText(t *testing.T) {
	for _, suite := range suites {
		t.Run(suite, func(t *testing.T) {
			t.Parallel()
			tree := findModtree(t, suite)
			text, err := Open(withoutBinary{os.DirFS(tree.dir)}, tree.release)
			if err != nil {
				t.Fatal(err)
			}
			defer text.Close()
			aliases := slices.Concat(strangeAliases, corpusAliases(t), patternAliases(t, tree), nameAliases(t, tree))
			r := NewResolver(tree.open(t), nil)
			want := make([][]string, len(aliases))
			for i, alias := range aliases {
				a, _ := r.Lookup(alias)
				want[i] = a.Modules
			}
			compareAnswers(t, NewResolver(text, nil), aliases, want)
		})
	}
}

// withoutBinary hides the binary index files of a tree.
type withoutBinary struct{ fs.FS }

func (w withoutBinary) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, ".bin") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return w.FS.Open(name)
}

func (w withoutBinary) Stat(name string) (fs.FileInfo, error) {
	if strings.HasSuffix(name, ".bin") {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
	}
	return fs.Stat(w.FS, name)
}
