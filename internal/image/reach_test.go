package image

import (
	"strings"
	"testing"
)

// mounts has /run as a tmpfs, and what is added.
func mounted(more string) string {
	return "22 1 8:1 / / ro,relatime shared:1 - ext4 /dev/sda1 ro\n25 22 0:23 / /run rw,nosuid shared:5 - tmpfs tmpfs rw\n" + more
}

func TestReach(t *testing.T) {
	const told = " -configdir /run/attune/xorg.conf.d"
	for _, row := range []struct {
		name  string
		files []string
		how   string
		why   string // a part of it
	}{
		{"a link", []string{"etc/X11/xorg.conf.d -> /run/attune/xorg.conf.d"}, "link", "/etc/X11/xorg.conf.d is a link"},
		{"a link that goes up", []string{"etc/X11/xorg.conf.d -> ../../run/attune/xorg.conf.d"}, "link", "link"},
		{"a link over a link", []string{"etc/X11/xorg.conf.d -> /var/run/attune/xorg.conf.d", "var/run -> /run"}, "link", "link"},
		{"/run is a link", []string{"etc/X11/xorg.conf.d -> /run/attune/xorg.conf.d", "run -> var/volatile"}, "link", "link"},
		{"a link further up", []string{"etc/X11 -> /run/x11", "run/x11/xorg.conf.d -> /run/attune/xorg.conf.d"}, "link", "link"},
		{"a link elsewhere", []string{"etc/X11/xorg.conf.d -> /run/other"}, "", "a link to /run/attune/xorg.conf.d when the image is built"},
		{"a link to itself", []string{"etc/X11/xorg.conf.d -> xorg.conf.d"}, "", "will not see"},
		{"a link out of the tree", []string{"etc/X11/xorg.conf.d -> ../../../../../run/attune/xorg.conf.d"}, "link", "link"},
		{"nothing", nil, "", "X will not see what is written: make"},
		{"a directory with files", []string{"etc/X11/xorg.conf.d/a.conf", ""}, "", "1 files in it now"},

		{"a bind mount", []string{"proc/self/mountinfo", mounted("40 22 0:23 /attune/xorg.conf.d /etc/X11/xorg.conf.d rw - tmpfs tmpfs rw\n")},
			"mount", "/run/attune/xorg.conf.d is mounted on"},
		{"a bind mount of something else", []string{"proc/self/mountinfo", mounted("40 22 0:23 /other /etc/X11/xorg.conf.d rw - tmpfs tmpfs rw\n")}, "", "will not"},
		{"a mount that another one covers", []string{"proc/self/mountinfo", mounted("40 22 0:23 /attune/xorg.conf.d /etc/X11/xorg.conf.d rw - tmpfs tmpfs rw\n41 40 0:50 / /etc/X11/xorg.conf.d rw - tmpfs tmpfs rw\n")}, "", "will not"},
		{"an overlay", []string{"proc/self/mountinfo", mounted("40 22 0:44 / /etc/X11/xorg.conf.d ro - overlay overlay ro,lowerdir=/run/attune/xorg.conf.d:/etc/X11/xorg.conf.d\n")},
			"mount", "overlay"},
		{"an overlay of something else", []string{"proc/self/mountinfo", mounted("40 22 0:44 / /etc/X11/xorg.conf.d ro - overlay overlay ro,lowerdir=/a:/b\n")}, "", "will not"},
		{"fstab", []string{"etc/fstab", "# comment\n/run/attune/xorg.conf.d /etc/X11/xorg.conf.d none bind,nofail 0 0\n"}, "mount", "/etc/fstab"},
		{"fstab, an overlay", []string{"etc/fstab", "overlay /etc/X11/xorg.conf.d overlay lowerdir=/run/attune/xorg.conf.d:/etc/X11/xorg.conf.d 0 0\n"}, "mount", "/etc/fstab"},
		{"fstab, not a bind mount", []string{"etc/fstab", "/run/attune/xorg.conf.d /etc/X11/xorg.conf.d none ro 0 0\n"}, "", "will not"},
		{"a unit", []string{"etc/systemd/system/etc-X11-xorg.conf.d.mount", "[Mount]\nWhat=/run/attune/xorg.conf.d\nWhere=/etc/X11/xorg.conf.d\nOptions=bind\n",
			"etc/systemd/system/graphical.target.wants/etc-X11-xorg.conf.d.mount -> ../etc-X11-xorg.conf.d.mount"}, "mount", "etc-X11-xorg.conf.d.mount"},
		{"a unit nobody wants", []string{"etc/systemd/system/etc-X11-xorg.conf.d.mount", "[Mount]\nWhat=/run/attune/xorg.conf.d\nOptions=bind\n"}, "", "will not"},

		{"LightDM", []string{"etc/lightdm/lightdm.conf", "[Seat:*]\n#xserver-command=X\nxserver-command=X" + told + "\n"}, "configdir", "/etc/lightdm/lightdm.conf starts X"},
		{"LightDM, a drop-in that is overruled", []string{"etc/lightdm/lightdm.conf.d/50.conf", "[Seat:*]\nxserver-command=X" + told, "etc/lightdm/lightdm.conf", "[Seat:*]\nxserver-command=X\n"}, "", "will not"},
		{"LightDM, the wrong section", []string{"etc/lightdm/lightdm.conf", "[LightDM]\nxserver-command=X" + told}, "", "will not"},
		{"SDDM", []string{"etc/sddm.conf.d/x.conf", "[X11]\nServerArguments=-nolisten tcp" + told}, "configdir", "sddm"},
		{"nodm", []string{"etc/default/nodm", "NODM_X_OPTIONS='-nolisten tcp" + told + "'\n"}, "configdir", "nodm"},
		{"xdm", []string{"etc/X11/xdm/Xservers", ":0 local /usr/bin/X :0 vt7" + told}, "configdir", "Xservers"},
		{"slim", []string{"etc/slim.conf", "xserver_arguments\t-nolisten tcp" + told}, "configdir", "slim"},
		{"LXDM", []string{"etc/lxdm/lxdm.conf", "[server]\narg=/usr/bin/X" + told}, "configdir", "lxdm"},
		{"startx", []string{"etc/X11/xinit/xserverrc", "#!/bin/sh\nexec /usr/bin/X -nolisten tcp" + told + " \"$@\"\n"}, "configdir", "xserverrc"},
		{"another directory", []string{"etc/sddm.conf", "[X11]\nServerArguments=-configdir /etc/x"}, "", "will not"},
		{"a directory that is not absolute", []string{"etc/sddm.conf", "[X11]\nServerArguments=-configdir run/attune/xorg.conf.d"}, "", "will not"},
		{"a manager that does not start", []string{"etc/sddm.conf", "[X11]\nServerArguments=" + told, "etc/systemd/system/display-manager.service -> /lib/systemd/system/gdm.service"}, "", "will not"},
		{"the manager that starts", []string{"etc/sddm.conf", "[X11]\nServerArguments=" + told, "etc/X11/default-display-manager", "/usr/bin/sddm\n"}, "configdir", "sddm"},
	} {
		root := files(append(row.files, "usr/bin/Xorg", "")...)
		sameRecorded(t, row.name, root)
		r := Read(root).Reach
		if r.How != row.how || !strings.Contains(r.Why, row.why) {
			t.Errorf("%s: %+v, want %q, ...%s...", row.name, r, row.how, row.why)
		}
	}
}
