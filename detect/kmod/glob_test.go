package kmod

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"strings"
	"testing"
)

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "a/b", true},
		{"a*c", "a/b/c", true},
		{"a?c", "a/c", true},
		{"?", "", false},
		{"**a**", "bab", true},
		{"*a*b*c", "xaxbxbxc", true},
		{"*a*b*c", "xaxcxbx", false},
		{"[a-c]", "b", true},
		{"[a-c]", "d", false},
		{"[!a-c]", "d", true},
		{"[^a-c]", "b", false},
		{"[]a]", "]", true},
		{"[!]a]", "]", false},
		{"[a-]", "-", true},
		{"[-a]", "-", true},
		{"[c-a]", "b", false},
		{"[[:digit:]]x", "7x", true},
		{"[[:digit:]]x", "ax", false},
		{"[[:nonsense:]]", "n", false},
		{`[\]]`, "]", true},
		{`\*`, "*", true},
		{`\*`, "a", false},
		{`a\`, `a\`, false},
		{"[a", "[a", true},
		{"[a", "a", false},
		{"dmi*:svnLENOVO*:pn*", "dmi:bvnX:svnLENOVO:pn20A/B:", true},
		{"\x80*", "\x80\xff", true},
		{strings.Repeat("*a", 200), strings.Repeat("a", 199), false},
	} {
		if got := Glob(c.pattern, c.name); got != c.want {
			t.Errorf("Glob(%q, %q) = %v", c.pattern, c.name, got)
		}
	}
}

// TestGlobModprobe lets modprobe, and so the C library's fnmatch, judge
// random patterns: each is an alias line of its own module, and the answer to
// a name is the list of those that match. All start with an x, to leave the
// marker alone.
func TestGlobModprobe(t *testing.T) {
	for _, suite := range suites {
		t.Run(suite, func(t *testing.T) {
			tree := findModtree(t, suite)
			rng := rand.New(rand.NewPCG(3, 4))
			var conf strings.Builder
			for i := range 1500 {
				fmt.Fprintf(&conf, "alias x%s m%d\n", randomPattern(rng), i)
			}
			root, dir := tree.confDir(t, conf.String())
			names := make([]string, 1500)
			for i := range names {
				names[i] = "x" + randomOf(rng, "aabbc_/:!", 1+rng.IntN(7))
			}
			// Malformed patterns are passed over by both sides.
			cfg, _ := ReadConfig(os.DirFS(root), "")
			compareAnswers(t, NewResolver(tree.open(t), cfg), names, tree.resolve(t, dir, names))
		})
	}
}

// randomPattern is dense enough in wildcards to match short names often. A
// `\` is doubled, since modprobe.d takes one away.
func randomPattern(rng *rand.Rand) string {
	var b strings.Builder
	for range 1 + rng.IntN(6) {
		switch rng.IntN(9) {
		case 0, 1:
			b.WriteByte('*')
		case 2:
			b.WriteByte('?')
		case 3:
			b.WriteString([]string{"[", "[!", "[^"}[rng.IntN(3)] + randomOf(rng, "ab-c_:!^", 1+rng.IntN(4)) + "]")
		case 4:
			b.WriteString([]string{"[[:alpha:]]", "[![:punct:]a]", "[a-b-c]", "[b-]", "[--:]", `\\`, `\\*`, `[\\a]`}[rng.IntN(8)])
		default:
			b.WriteString(randomOf(rng, "abc_/:", 1))
		}
	}
	return b.String()
}

func randomOf(rng *rand.Rand, letters string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[rng.IntN(len(letters))]
	}
	return string(b)
}

// FuzzGlob holds Glob against path.Match where both mean the same: ASCII
// names without a slash, patterns path.Match calls well-formed.
func FuzzGlob(f *testing.F) {
	f.Add("a*[b-d]?", "axxcz")
	f.Add(`\*[^a]*`, "*bb")
	f.Add("*a*a*a*b", strings.Repeat("a", 100))
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if len(pattern) > 1000 || len(name) > 1000 {
			return
		}
		got := Glob(pattern, name)
		if strings.Contains(name, "/") || strings.ContainsAny(pattern, "/!") || strings.Contains(pattern, "[:") ||
			!isASCII(pattern) || !isASCII(name) {
			return
		}
		want, err := path.Match(pattern, name)
		if err != nil {
			return
		}
		if got != want {
			t.Errorf("Glob(%q, %q) = %v, path.Match says %v", pattern, name, got, want)
		}
	})
}
