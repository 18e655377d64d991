package cover

import (
	"slices"
	"testing"
)

func TestMay(t *testing.T) {
	for file, want := range map[string]bool{
		"/etc/X11/xorg.conf":                         true,
		"/etc/X11/xorg.conf.d/50-mine.conf":          true,
		"/usr/share/X11/xorg.conf.d/10-amdgpu.conf":  true,
		"/etc/X11/../shadow":                         false,
		"/etc/shadow":                                false,
		"/etc/xorg.conf":                             true,
		"etc/X11/xorg.conf":                          false,
		"/run/attune/xorg.conf.d/90-attune-out.conf": false,
		"": false,
	} {
		if got := May(file); got != want {
			t.Errorf("%q: %v", file, got)
		}
	}
}

// A record of what is asked of the kernel.
type asked []string

func (a *asked) Bind(source, target string) error { *a = append(*a, source+" on "+target); return nil }
func (a *asked) Unmount(target string) error      { *a = append(*a, "off "+target); return nil }

func TestFilesRefuses(t *testing.T) {
	var a asked
	if err := Files(&a, "/run/attune/empty.conf", []string{"/etc/passwd"}); err == nil || len(a) > 0 {
		t.Errorf("%v, %q", err, a)
	}
	if err := Files(&a, "/run/attune/empty.conf", []string{"/etc/X11/no-such-file"}); err != nil || len(a) > 0 {
		t.Errorf("%v, %q", err, a)
	}
}

func TestOff(t *testing.T) {
	var a asked
	err := Off(&a, `22 1 0:20 / /run rw - tmpfs tmpfs rw
40 1 0:20 /attune/empty.conf /usr/share/X11/xorg.conf.d/99-bad.conf rw - tmpfs tmpfs rw
41 1 0:20 /attune/xorg.conf.d /etc/X11/xorg.conf.d rw - tmpfs tmpfs rw
42 1 0:21 / /etc/X11 rw - tmpfs tmpfs rw
43 1 0:20 /attune/empty.conf /home/x rw - tmpfs tmpfs rw
`, "/run/attune/empty.conf", "/run/attune/xorg.conf.d")
	want := []string{"off /etc/X11/xorg.conf.d", "off /usr/share/X11/xorg.conf.d/99-bad.conf"}
	if err != nil || !slices.Equal(a, want) {
		t.Errorf("%v, %q", err, a)
	}
}
