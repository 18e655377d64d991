package image

import (
	"path"
	"strings"
	"testing"

	"attune/detect/mounts"
)

func TestUnquote(t *testing.T) {
	for _, row := range []struct {
		raw, want string
		ok        bool
	}{
		{`de`, "de", true},
		{`"de,us"`, "de,us", true},
		{`'a b'`, "a b", true},
		{`a\ b`, "a b", true},
		{`"a\"b"`, `a"b`, true},
		{`"a\b"`, `a\b`, true},
		{`de # comment`, "de", true},
		{`""`, "", true},
		{``, "", true},
		{`a"b"'c'`, "abc", true},
		{`$HOME`, "", false},
		{"`id`", "", false},
		{`"$(id)"`, "", false},
		{`de; id`, "", false},
		{`de us`, "", false},
		{`"open`, "", false},
		{"'\x1b[0m'", "", false},
		{`'$x'`, "$x", true},
	} {
		got, ok := unquote(row.raw)
		if ok != row.ok || ok && got != row.want {
			t.Errorf("%s: %q %v, want %q %v", row.raw, got, ok, row.want, row.ok)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("KEYMAP=de-latin1\nXKBLAYOUT=\"de\" # x\n")
	f.Add("[Seat:*]\nxserver-command=X -configdir /run/attune/xorg.conf.d\n")
	f.Add("! layout\n  us  English\n! variant\n  intl  us: English\n")
	f.Add("40 22 0:23 /attune\\040x /etc/X11/xorg.conf.d rw - tmpfs tmpfs rw\n")
	f.Add("\\\\\\4\n=\n[\n]\n!")
	f.Fuzz(func(t *testing.T, text string) {
		for name, value := range parseAssignments(text) {
			if !isName(name) || !printable(value) || len(value) > maxValue {
				t.Errorf("%q=%q", name, value)
			}
		}
		for e := range parseINI(text) {
			if !printable(e.value) {
				t.Errorf("%+v", e)
			}
		}
		layouts, models := parseRules(text)
		for layout, variants := range layouts {
			for _, name := range append(variants, layout) {
				if !plain(name) {
					t.Errorf("layout %q", name)
				}
			}
		}
		for _, name := range models {
			if !plain(name) {
				t.Errorf("model %q", name)
			}
		}
		for _, m := range mounts.Parse(text) {
			sourceOf(m, mounts.Parse(text))
		}
		if r := Read(files("usr/bin/X", "", "proc/self/mountinfo", text, "etc/fstab", text, "etc/lightdm/lightdm.conf", text,
			"etc/X11/xdm/Xservers", text, "etc/hostname", text, "run/credentials/@system/vconsole.keymap", text)).Reach; !printable(r.Why) {
			t.Errorf("%+v", r)
		}
	})
}

// A tree of links leads somewhere inside, or nowhere, and always ends.
func FuzzLinks(f *testing.F) {
	f.Add("a/b -> /c\nc -> a\na/x -> ../../../..")
	f.Add("etc -> /etc\netc/X11 -> .")
	f.Fuzz(func(t *testing.T, text string) {
		var all []string
		for line := range strings.Lines(text) {
			if name, target, ok := strings.Cut(strings.TrimSpace(line), " -> "); ok && len(all) < 20 {
				all = append(all, name+" -> "+target)
			}
		}
		tr := tree{files(all...)}
		for _, name := range []string{"a/b/c", "etc/X11/xorg.conf.d", "../..", "/"} {
			if real, ok := tr.resolve(name); ok && path.IsAbs(real) || real == ".." || strings.HasPrefix(real, "../") {
				t.Errorf("%s leads to %q", name, real)
			}
		}
	})
}
