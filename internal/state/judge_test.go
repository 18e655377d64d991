package state

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestJudge(t *testing.T) {
	at := func(err error) error { return &fs.PathError{Op: "open", Path: "/var/lib/attune", Err: err} }
	for _, row := range []struct {
		name string
		f    Facts
		want Condition
		why  string
	}{
		{"a disk", Facts{FS: "ext4", Tried: true}, Good, "ext4"},
		{"a share", Facts{FS: "nfs", Tried: true}, Good, "nfs"},
		{"not tried", Facts{FS: "ext4"}, Unknown, "nothing was written"},
		{"a live system's overlay", Facts{FS: "overlay", Upper: "tmpfs", Tried: true}, Volatile, "upper layer is a tmpfs"},
		{"whose upper layer the initramfs took along", Facts{FS: "overlay", Tried: true}, Volatile, "cannot be seen"},
		{"an overlay on a partition", Facts{FS: "overlay", Upper: "ext4", Tried: true}, Good, "overlay"},
		{"the initramfs itself", Facts{FS: "ramfs", Tried: true}, Volatile, "ramfs"},
		{"ext4 that stopped writing after an error", Facts{FS: "ext4", ReadOnly: true}, ReadOnly, "read-only"},
		{"a stick with its switch set", Facts{FS: "vfat", Tried: true, Write: at(unix.EROFS)}, ReadOnly, "read-only"},
		{"somebody's who is not root", Facts{FS: "ext4", Tried: true, Write: at(unix.EACCES)}, ReadOnly, "permission denied"},
		{"a quota", Facts{FS: "xfs", Tried: true, Write: at(unix.EDQUOT)}, Full, "quota"},
		{"no more inodes", Facts{FS: "ext4", NoRoom: true}, Full, "are left"},
		{"a stick that was pulled", Facts{FS: "ext4", List: at(unix.EIO)}, Corrupt, "input/output"},
		{"ext4 with a bad checksum", Facts{FS: "ext4", Stat: at(unix.EBADMSG)}, Corrupt, "bad message"},
		{"a partition that could not be mounted on it", Facts{FS: "overlay", Upper: "tmpfs", Unusable: "/dev/sda3 is damaged beyond use"}, Corrupt, "/dev/sda3"},
		{"xfs shut down", Facts{FS: "xfs", Tried: true, Write: at(unix.EUCLEAN)}, Corrupt, "structure needs cleaning"},
		{"an export that was taken back", Facts{FS: "nfs", Stat: at(unix.ESTALE)}, Hanging, "stale"},
		{"a soft mount whose server is gone", Facts{FS: "nfs", Tried: true, Write: at(unix.ETIMEDOUT)}, Hanging, "timed out"},
		{"a hard one", Facts{Late: true}, Hanging, "in time"},
		{"went away in between", Facts{FS: "ext4", Tried: true, Write: at(unix.ENOENT)}, Absent, "no such file"},
		{"an error nobody thought of", Facts{FS: "ext4", Tried: true, Write: errors.New("odd")}, ReadOnly, "odd"},
	} {
		got, why := Judge(row.f)
		if got != row.want || !strings.Contains(why, row.why) {
			t.Errorf("%s: %s, %q; want %s, %q", row.name, got, why, row.want, row.why)
		}
		if _, bad := (State{Condition: got, Why: why}).Finding(); bad == (got == Good || got == Unknown) {
			t.Errorf("%s: a finding: %v", row.name, bad)
		}
	}
}

func TestUpperDir(t *testing.T) {
	const live = `22 1 0:20 / / rw,relatime shared:1 - overlay overlay rw,lowerdir=/run/live/rootfs/filesystem.squashfs/,upperdir=/run/live/overlay/rw,workdir=/run/live/overlay/work
23 22 0:21 / /var/lib\040x rw - tmpfs tmpfs rw
24 22 8:1 / /var/lib rw - ext4 /dev/sda1 rw
25 22 8:1 / /mnt rw - overlay o rw,upperdir=/a\040b,lowerdir=/c
26 25 8:1 / /mnt rw - ext4 /dev/sda1 rw
27 22 8:1 / /srv rw - overlay o rw,upperdir=/a\040b,lowerdir=/c
`
	for dir, want := range map[string]string{
		"/":               "/run/live/overlay/rw",
		"/etc/attune":     "/run/live/overlay/rw",
		"/var/lib/attune": "", // another mount
		"/var/lib x/y":    "",
		"/var/library":    "/run/live/overlay/rw",
		"/mnt":            "", // hidden by what was mounted over it
		"/srv/deep/er":    "/a b",
		"/srvx":           "/run/live/overlay/rw",
	} {
		if got := upperDir(live, dir); got != want {
			t.Errorf("%s: %q, want %q", dir, got, want)
		}
	}
}

// FuzzUpperDir: a mount point may have any name.
func FuzzUpperDir(f *testing.F) {
	f.Add("22 1 0:20 / / rw - overlay overlay rw,upperdir=/up", "/var")
	f.Add(` -  - `, "")
	f.Fuzz(func(t *testing.T, text, dir string) {
		got := upperDir(text, dir)
		if got != "" && !strings.Contains(text, "upperdir=") {
			t.Errorf("%q out of %q", got, text)
		}
	})
}

func ExampleState_Finding() {
	s := State{Path: Dir, Condition: Full, Why: "writing a file: no space left on device"}
	f, _ := s.Finding()
	fmt.Println(f.ID, f)
	// Output: state.full /var/lib/attune: writing a file: no space left on device
}
