package mounts

import (
	"reflect"
	"strings"
	"testing"
)

const table = `22 1 0:20 / / rw,relatime shared:1 - overlay overlay rw,lowerdir+=/a\040b,lowerdir+=/c\054d,upperdir=/u
23 22 0:21 / /var/lib\040x rw - tmpfs tmpfs rw
24 22 8:1 /sub\134dir /mnt rw,noatime shared:2 master:1 - ext4 /dev/sda1 rw,errors=remount-ro
25 22 8:2 / /mnt rw - ext4 /dev/sda2 rw
half a line
26 22 8:3 / /no/end rw -
`

func TestParse(t *testing.T) {
	got := Parse(table)
	want := []Mount{
		{"0:20", "/", "/", "overlay", "overlay", `rw,lowerdir+=/a\040b,lowerdir+=/c\054d,upperdir=/u`},
		{"0:21", "/", "/var/lib x", "tmpfs", "tmpfs", "rw"},
		{"8:1", `/sub\dir`, "/mnt", "ext4", "/dev/sda1", "rw,errors=remount-ro"},
		{"8:2", "/", "/mnt", "ext4", "/dev/sda2", "rw"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestOptions(t *testing.T) {
	m := Parse(table)[0]
	want := []Option{{"rw", ""}, {"lowerdir+", "/a b"}, {"lowerdir+", "/c,d"}, {"upperdir", "/u"}}
	if got := m.Split(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for key, want := range map[string]string{"upperdir": "/u", "lowerdir+": "/a b", "upper": "", "rw": ""} {
		if got := m.Option(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}

func TestAt(t *testing.T) {
	for path, want := range map[string]string{
		"/":             "0:20",
		"/etc":          "0:20",
		"/var/lib x/y":  "0:21",
		"/var/lib x":    "0:21",
		"/var/lib xy":   "0:20",
		"/mnt/anything": "8:2", // lies over 8:1
		"relative":      "0:20",
	} {
		if m, ok := At(Parse(table), path); !ok || m.Dev != want {
			t.Errorf("%s: %s, %v, want %s", path, m.Dev, ok, want)
		}
	}
	if _, ok := At(nil, "/"); ok {
		t.Error("in a mount of none")
	}
}

func TestUnescape(t *testing.T) {
	for in, want := range map[string]string{
		`plain`: "plain", `a\040b`: "a b", `\011\012\134`: "\t\n\\", `\054`: ",",
		`\04`: `\04`, `end\`: `end\`, `\999`: `\999`, `\777`: `\777`, `\0400`: " 0",
	} {
		if got := Unescape(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// FuzzParse: whoever may mount has names of his own, and none makes a mount of
// what is none.
func FuzzParse(f *testing.F) {
	f.Add(table, "/mnt/x")
	f.Add(" -  - ", "")
	f.Fuzz(func(t *testing.T, text, path string) {
		all := Parse(text)
		if len(all) > strings.Count(text, " - ") {
			t.Errorf("%d mounts of %q", len(all), text)
		}
		if m, ok := At(all, path); ok && !Within(path, m.Point) {
			t.Errorf("%q is not in %+v", path, m)
		}
		for _, m := range all {
			if n := len(m.Split()); n != strings.Count(m.Options, ",")+1 {
				t.Errorf("%d options of %q", n, m.Options)
			}
		}
	})
}
