package dist_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// toldAttune stands for the program: what counts is whether systemd gets to it.
const toldAttune = `#!/bin/sh
touch /usr/written /etc/written 2>/dev/null && [ "$1" != display ] && echo "$1 may write all" >>/run/asked
echo "attune $*" >>/run/asked
[ "$1" != boot ] || { : >/run/attune/events.jsonl; exec systemd-notify --ready; }
`

// withSystemd runs systemd in there, and what has been said when it is done or
// time is up. /proc/sys and /sys are read-only there; a file system without
// an answer is FUSE whose other end nobody reads.
const withSystemd = `
mount --make-rprivate /; root=$1
mount --bind $root $root
mount -t proc proc $root/proc; mount --bind -o ro /proc/sys $root/proc/sys; mount -o remount,bind,ro $root/proc/sys
mount --bind /sys $root/sys; mount -o remount,bind,ro $root/sys; mount -t cgroup2 cgroup2 $root/sys/fs/cgroup
mount -t tmpfs tmpfs $root/run; mount -t tmpfs tmpfs $root/dev
for n in null zero urandom; do : >$root/dev/$n; mount --bind /dev/$n $root/dev/$n; done
mkdir -p $root/var/lib/attune $root/home
for dir in $2; do
	exec 9<>/dev/fuse
	mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 hung $root/$dir
	sleep 120 &
done
(
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		sleep 1
		[ "$(grep -c . $root/run/asked)" -lt 5 ] || break
	done 2>/dev/null
	cat $root/run/asked
	kill -s RTMIN+14 1 # systemd exits, and takes the namespace along
) &
exec 9>&-
exec chroot $root env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --unit=test.target --show-status=no --log-target=null </dev/null
`

// TestHungMounts: a server that does not answer keeps neither attune nor the
// display manager: systemd visits none of its mounts for them.
func TestHungMounts(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("runs systemd in namespaces of its own, which wants root")
	}
	inDebians(t, func(t *testing.T, d debian) {
		asRoot(t, "env", "DESTDIR="+d.root, "scripts/install")
		d.put(t, "usr/bin/attune", toldAttune, 0o755)
		d.put(t, "etc/systemd/system/test.target", "[Unit]\nDefaultDependencies=no\nWants=attune-boot.service attune-replan.service attune-display-watch.service display-manager.service\n", 0o644)
		d.put(t, "etc/systemd/system/display-manager.service", "[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/bin/sh -c 'echo display manager >>/run/asked; exec sleep 100'\n", 0o644)
		for _, unit := range []string{"systemd-udev-trigger.service", "systemd-udevd.service", "systemd-tmpfiles-setup.service", "sysinit.target", "basic.target", "local-fs.target"} {
			file := filepath.Join(d.root, "etc/systemd/system", unit)
			if err := os.WriteFile(file, []byte("[Unit]\nDefaultDependencies=no\n"+map[bool]string{true: "[Service]\nType=oneshot\nExecStart=/bin/true\n"}[strings.HasSuffix(unit, ".service")]), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for name := range units(t, d.root) {
			more := "[Unit]\nConditionVirtualization=\n" // all conditions
			if name == "attune-boot.service" {
				more += "[Service]\nNotifyAccess=all\n"
			}
			d.put(t, "etc/systemd/system/"+name+".d/test.conf", more, 0o644)
		}
		d.put(t, "etc/systemd/system/attune-state.service", "[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nExecStart=/bin/true\n", 0o644)
		for _, hung := range []string{"", "var/lib/attune home"} {
			c := exec.Command("unshare", "--mount", "--pid", "--cgroup", "--uts", "--ipc", "--net", "--fork", "--kill-child", "sh", "-c", withSystemd, "-", d.root, hung)
			said, _ := c.CombinedOutput() // it is killed
			for _, want := range []string{"attune boot", "attune replan", "attune display watch", "attune display started", "display manager"} {
				if !strings.Contains(string(said), want+"\n") {
					t.Errorf("hanging: %q: no %q in\n%s", hung, want, said)
				}
			}
			if strings.Contains(string(said), "may write all") {
				t.Errorf("hanging: %q: %s", hung, said)
			}
		}
	})
}
