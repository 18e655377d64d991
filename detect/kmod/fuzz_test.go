package kmod

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// FuzzIndex takes any bytes for the binary files; two of the five stand for
// all, which go through the same code. Answers may be anything, or an error; a
// panic or a search without end is the only failure.
func FuzzIndex(f *testing.F) {
	f.Add(seedTrie(), "usb:v1D6Bp0002d0601dc09")
	f.Fuzz(func(t *testing.T, data []byte, alias string) {
		root := fstest.MapFS{}
		for _, name := range []string{"dep", "alias"} {
			root["lib/modules/1/modules."+name+".bin"] = &fstest.MapFile{Data: data}
		}
		ix, err := Open(root, "1")
		if err != nil {
			t.Fatal(err)
		}
		defer ix.Close()
		r := NewResolver(ix, nil)
		r.Lookup(alias)
		ix.Find(alias)
	})
}

// seedTrie is a small file with every kind of node.
func seedTrie() []byte {
	var b trieBuilder
	for i, pattern := range seedPatterns {
		b.add(pattern, value{uint32(i % 3), string(rune('a' + i))})
	}
	return b.bytes()
}

var seedPatterns = []string{
	"usb:v*p*d*dc09dsc*dp*ic*isc*ip*in*", "usb:v1D6Bp000[2-3]d*", "usb:v1D6Bp000?d*", "usb:*", "usb",
	"usb:v1D6Bp0002d0601dc09", "*", `*\*`, "u*[!a-z]*", "of:N*T*Cfoo,bar", "of:N*T*Cfoo,barC*",
}

// FuzzLookup holds the search over the tree against the plain way: every
// pattern of the text file asked on its own, then put into libkmod's order.
func FuzzLookup(f *testing.F) {
	all := strings.Join(seedPatterns, "\n")
	f.Add(all, "usb:v1D6Bp0002d0601dc09dsc00dp01ic09isc00ip00in00")
	f.Add(all, "of:NserialT(null)Cfoo,barCbaz")
	f.Add("*\n**\n*b\n*a*\n*a*b\n*?b\n*?\n?*\n*[a-c]b\n*[a-c]\nx*\nxa*\nxa*b\nxa*b*", "xaab")
	f.Add("*\\b\n*\\b\\c*\n*[[:alpha:]]c\n*[\\]b]c\n*[^[]c", "abc")
	f.Add("a*b[c\n*[]-a]\\]*\n*\n**\na?\n?*", "ab]c-")
	f.Fuzz(func(t *testing.T, text, name string) {
		if len(text) > 4096 || len(name) > 512 || strings.ContainsAny(name, "*?[\x00") {
			return // a wildcard in the name finds some keys twice, as in libkmod
		}
		var b trieBuilder
		keys := map[string][]value{}
		for i, key := range strings.Split(text, "\n") {
			v := value{uint32(i*7%4) + 1, string(rune('A' + i%50))}
			if !isASCII(key) {
				continue
			}
			b.add(key, v)
			n := buildNode{values: keys[key]}
			n.insert(v)
			keys[key] = n.values
		}
		tr, err := newTrie(b.bytes())
		if err != nil {
			t.Fatal(err)
		}
		got, err := tr.match(name)
		if err != nil {
			t.Fatal(err)
		}
		if want := plainMatch(keys, name); !slices.Equal(got, want) {
			t.Errorf("match(%q) among %q\n= %v\nwant %v", name, text, got, want)
		}
		plainGet(t, tr, keys, name)
	})
}

// plainMatch asks every key.
func plainMatch(keys map[string][]value, name string) []value {
	var found []string
	for key := range keys {
		wild := firstWild(key)
		if wild == len(key) && key == name ||
			wild < len(key) && strings.HasPrefix(name, key[:wild]) && Glob(key[wild:], name[wild:]) {
			found = append(found, key)
		}
	}
	slices.SortFunc(found, walkOrder)
	var n buildNode
	for _, key := range found {
		for _, v := range keys[key] {
			n.insert(v)
		}
	}
	return n.values
}

func firstWild(key string) int {
	if i := strings.IndexAny(key, "*?["); i >= 0 {
		return i
	}
	return len(key)
}

// walkOrder is the order in which libkmod meets two keys: the one with the
// earlier wildcard first, `*` before `?` before `[`, and below one wildcard
// what is longer before what it starts with.
func walkOrder(a, b string) int {
	i, j := firstWild(a), firstWild(b)
	if i != j {
		return i - j
	}
	if i < len(a) && i < len(b) && a[i] != b[i] {
		return strings.IndexByte("*?[", a[i]) - strings.IndexByte("*?[", b[i])
	}
	if strings.HasPrefix(a, b) || strings.HasPrefix(b, a) {
		return len(b) - len(a)
	}
	return cmp.Compare(a, b)
}

func plainGet(t *testing.T, tr *trie, keys map[string][]value, name string) {
	got, found, err := tr.get(name)
	want := keys[name]
	if err != nil || found != (len(want) > 0) || found && got != want[0].text {
		t.Errorf("get(%q) = %q, %v, %v, want the first of %v", name, got, found, err, want)
	}
}

// FuzzConfig takes any bytes for a file of modprobe.d and the kernel command
// line. Whatever is understood is well-formed and says where it comes from.
func FuzzConfig(f *testing.F) {
	f.Add([]byte("alias a-b* c\nblacklist x\noptions x a=1 \\\n b=2\ninstall y /bin/false\nsoftdep z pre: a post: b\nweakdep z a\n"),
		`modprobe.blacklist=a,b-c module_blacklist=d rd.driver.blacklist=e f.g="h i" "j.k=l m" n.o`)
	f.Add([]byte("alias [ x\n\\"), `"a.b`)
	f.Fuzz(func(t *testing.T, data []byte, cmdline string) {
		root := fstest.MapFS{"etc/modprobe.d/f.conf": {Data: data}}
		cfg, _ := ReadConfig(root, cmdline)
		for _, list := range [][]Entry{cfg.Aliases, cfg.Options, cfg.Installs, cfg.Removes} {
			for _, e := range list {
				if e.Name == "" || e.Value == "" || e.Source == "" {
					t.Errorf("a part is missing: %+v", e)
				}
				if again, err := normalize(e.Name); err != nil || again != e.Name {
					t.Errorf("not normalized: %+v", e)
				}
			}
		}
		for _, b := range cfg.Blacklist {
			if b.Module == "" || b.By == "" || b.Source == "" {
				t.Errorf("a part is missing: %+v", b)
			}
		}
		NewResolver(nil, cfg).Lookup("a_b")
	})
}
