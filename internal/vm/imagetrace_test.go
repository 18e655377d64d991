package vm

import (
	"slices"
	"strings"
	"testing"
)

func TestChanges(t *testing.T) {
	const trace = `245   openat(AT_FDCWD</>, "/proc/self/x", O_RDONLY|O_CLOEXEC) = 3</proc/self/x>
245   openat(5</run/attune>, "a.tmp", O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = 7</run/attune/a.tmp>
246   renameat2(5</run/attune>, "a.tmp", 5</run/attune>, "a", 0 <unfinished ...>
245   mkdirat(AT_FDCWD</>, "/etc/x", 0755) = -1 EROFS (Read-only file system)
246   <... renameat2 resumed>)          = 0
245   symlinkat("set-1", 6</run/attune>, "current") = 0
247   openat(AT_FDCWD</>, <unfinished ...>
245   unlinkat(AT_FDCWD</>, "/tmp/none", 0) = -1 ENOENT (No such file or directory)
247   <... openat resumed>"/dev/dri/card0", O_RDWR|O_CLOEXEC) = 9</dev/dri/card0<char 226:0>>
248   openat(AT_FDCWD</>, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3</etc/ld.so.cache>
`
	var got []string
	for _, c := range Changes(trace) {
		got = append(got, strings.TrimSpace(c.Call+" "+c.Path+" "+c.Err))
	}
	want := []string{"openat /dev/dri/card0", "mkdirat /etc/x EROFS", "renameat2 /run/attune/a", "openat /run/attune/a.tmp", "renameat2 /run/attune/a.tmp", "symlinkat /run/attune/current"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func FuzzChanges(f *testing.F) {
	f.Add("1 openat(5</run>, \"a\", O_CREAT) = 3</run/a>\n2 mkdir(\"x\" <unfinished ...>\n2 <... mkdir resumed>, 0755) = 0\n")
	f.Fuzz(func(t *testing.T, trace string) {
		for _, c := range Changes(trace) {
			if !strings.HasPrefix(c.Path, "/") {
				t.Errorf("%q is not absolute", c.Path)
			}
		}
	})
}
