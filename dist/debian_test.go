package dist_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A debian is an installed Debian of scripts/debroot, unpacked for one test.
type debian struct {
	suite, root string
}

// inDebians runs a test in both releases.
func inDebians(t *testing.T, test func(t *testing.T, d debian)) {
	if testing.Short() {
		t.Skip("unpacks whole Debians; make test runs it")
	}
	for _, suite := range []string{"bookworm", "trixie"} {
		t.Run(suite, func(t *testing.T) { test(t, unpacked(t, suite)) })
	}
}

func unpacked(t *testing.T, suite string) debian {
	t.Helper()
	tool(t, "mmdebstrap")
	made, err := exec.Command("../scripts/debroot", suite).Output()
	if err != nil {
		t.Fatalf("scripts/debroot %s: %v", suite, err)
	}
	d := debian{suite: suite, root: filepath.Join(t.TempDir(), "root")}
	if err := os.Mkdir(d.root, 0o755); err != nil {
		t.Fatal(err)
	}
	asRoot(t, "tar", "-x", "-C", d.root, "--exclude=./dev/*", "-f", strings.TrimSpace(string(made)))
	t.Cleanup(func() { asRoot(t, "rm", "-rf", d.root) })
	return d
}

// asRoot runs a program with files of many owners: who is not root is it in a
// user namespace.
func asRoot(t *testing.T, argv ...string) string {
	t.Helper()
	if os.Getuid() != 0 {
		argv = append([]string{"unshare", "--map-root-user", "--map-auto"}, argv...)
	}
	return must(t, argv...)
}

// sh runs a script in there, in namespaces of its own, and gives what it said.
func (d debian) sh(t *testing.T, script string) string {
	t.Helper()
	inside := fmt.Sprintf(`mount -t proc proc %[1]s/proc && mount -t tmpfs tmpfs %[1]s/dev && mknod -m 666 %[1]s/dev/null c 1 3 2>/dev/null ||
		{ : >%[1]s/dev/null; mount --bind /dev/null %[1]s/dev/null; }
		exec chroot %[1]s env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C SYSTEMD_COLORS=0 DEBIAN_FRONTEND=noninteractive sh -eu -c "$1"`, d.root)
	return asRoot(t, "unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", inside, "-", script)
}

// put writes a file there.
func (d debian) put(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	local := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(local, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	asRoot(t, "install", "-D", "-m", fmt.Sprintf("%o", mode), local, filepath.Join(d.root, path))
}

// aPackage builds the package.
func aPackage(t *testing.T) string {
	t.Helper()
	must(t, "make", "--no-print-directory", "made")
	out := t.TempDir()
	must(t, "scripts/deb", out)
	found, _ := filepath.Glob(filepath.Join(out, "*.deb"))
	if len(found) != 1 {
		t.Fatalf("built %v", found)
	}
	return found[0]
}

// TestPackage: lintian has nothing to say, the same checkout gives the same
// bytes, and what is installed goes without a trace.
func TestPackage(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the package several times; make test runs it")
	}
	deb := aPackage(t)
	if said := must(t, tool(t, "lintian"), "--fail-on=error,warning", "--allow-root", deb); strings.Contains(said, "attune:") {
		t.Errorf("lintian: %s", said)
	}
	if a, b := read(t, deb), read(t, aPackage(t)); a != b {
		t.Error("two packages of one checkout differ")
	}
	inDebians(t, func(t *testing.T, d debian) { d.installAndRemove(t, deb) })
}

func (d debian) installAndRemove(t *testing.T, deb string) {
	asRoot(t, "cp", deb, filepath.Join(d.root, "attune.deb"))
	const list = `find / -xdev \( -path /proc -o -path /dev -o -path /sys -o -path /run -o -path /tmp \) -prune -o -print | grep -v '^/var/lib/dpkg/\|^/var/log/\|^/var/cache/\|^/var/lib/systemd/catalog' | sort`
	before := d.sh(t, list)
	d.sh(t, "dpkg -i /attune.deb")
	for _, link := range []string{"multi-user.target.wants", "display-manager.service.wants"} {
		if said := d.sh(t, "readlink /etc/systemd/system/"+link+"/attune-boot.service || true"); !strings.HasSuffix(strings.TrimSpace(said), "/lib/systemd/system/attune-boot.service") {
			t.Errorf("the boot service is not enabled by %s: %q", link, said)
		}
	}
	d.verify(t)
	if said := d.sh(t, "dpkg -i /attune.deb && dpkg --verify attune"); strings.Contains(said, "??") {
		t.Errorf("installed a second time: %s", said)
	}
	// Each command is in namespaces of its own, but /run is the tree's.
	const put = "mkdir -p /run/attune/records && : >/run/attune/site.toml && : >/run/attune/machine.json && "
	if said := d.sh(t, put+"dpkg -r attune >/dev/null; ls /run/attune"); said != "site.toml\n" {
		t.Errorf("an administrator's settings in /run, and nothing of attune, stay: left is %q", said)
	}
	d.sh(t, "rm -r /run/attune; dpkg -P attune; test ! -e /run/attune")
	after := d.sh(t, list)
	left := without(strings.Split(after, "\n"), strings.Split(before, "\n"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if gone := without(strings.Split(before, "\n"), strings.Split(after, "\n")); len(gone) > 0 {
		t.Errorf("taken along: %v", gone)
	}
}

// verify asks the release's own tools what they think of the files.
func (d debian) verify(t *testing.T) {
	t.Helper()
	if said := d.sh(t, "systemd-analyze verify --man=no $(cd /usr/lib/systemd/system && ls attune-*.service attune-*.path) 2>&1 || true"); said != "" {
		t.Errorf("systemd-analyze verify: %s", said)
	}
	d.sh(t, "systemd-tmpfiles --create --prefix=/run/attune --prefix=/var/lib/attune && test -d /run/attune && test -d /var/lib/attune && rmdir /var/lib/attune /run/attune")
	if d.suite == "bookworm" {
		return // no "udevadm verify" before systemd 253
	}
	if said := d.sh(t, "udevadm verify --no-style /usr/lib/udev/rules.d/90-attune.rules 2>&1"); strings.Contains(said, "90-attune.rules:") {
		t.Errorf("udevadm verify: %s", said)
	}
	d.put(t, "tmp/90-bad.rules", "SUBSYSTEM==\"drm\", ACTOIN==\"change\", RUN+=\"x\"\n", 0o644)
	if said := d.sh(t, "udevadm verify /tmp/90-bad.rules 2>&1 || true"); !strings.Contains(said, "90-bad.rules:1") {
		t.Errorf("a mistake in a rule is not told: %s", said)
	}
	d.sh(t, "rm /tmp/90-bad.rules")
}

// slowAttune stands for a boot whose displays take two seconds and whose last
// driver takes as long as a test will wait. The real one refuses: this is no
// machine.
const slowAttune = `#!/bin/sh
echo "$*" >>/tmp/asked
case $1 in
boot) sleep 2; : >/run/attune/machine.json; sleep 60 ;;
replan) exit 3 ;;
esac
`

// TestInits runs the scripts for OpenRC and sysvinit by their own tools.
func TestInits(t *testing.T) {
	inDebians(t, func(t *testing.T, d debian) {
		d.put(t, "usr/bin/attune", slowAttune, 0o755)
		d.put(t, "usr/lib/attune/boot-until-ready", read(t, "lib/boot-until-ready"), 0o755)
		t.Run("sysvinit", d.sysvinit)
		t.Run("openrc", d.openrc)
	})
}

func (d debian) sysvinit(t *testing.T) {
	d.put(t, "etc/init.d/attune", read(t, "sysvinit/attune"), 0o755)
	d.put(t, "etc/init.d/lightdm", "#!/bin/sh\n### BEGIN INIT INFO\n# Provides: lightdm x-display-manager\n# Required-Start: $local_fs\n# Required-Stop:\n# Default-Start: S\n# Default-Stop:\n### END INIT INFO\n", 0o755)
	said := d.sh(t, "insserv -d attune lightdm udev 2>&1; ls /etc/rcS.d")
	if strings.Contains(said, "warning") && strings.Contains(said, "attune") {
		t.Errorf("insserv: %s", said)
	}
	order := map[string]string{}
	for word := range strings.FieldsSeq(said) {
		for _, name := range []string{"udev", "attune", "lightdm"} {
			if strings.HasPrefix(word, "S") && strings.HasSuffix(word, name) {
				order[name] = word[1:3]
			}
		}
	}
	if len(order) != 3 || order["udev"] >= order["attune"] || order["attune"] >= order["lightdm"] {
		t.Errorf("started in the order %v\n%s", order, said)
	}
	took := d.sh(t, `read -r a _ </proc/uptime; /etc/init.d/attune start; read -r b _ </proc/uptime; test -e /run/attune/machine.json; test ! -e /run/attune/boot.status; echo "${a%.*} ${b%.*}"; /etc/init.d/attune restart; /etc/init.d/attune stop; ! /etc/init.d/attune nonsense 2>/dev/null`)
	checkTook(t, took)
	if asked := d.sh(t, "cat /tmp/asked; rm -r /tmp/asked /run/attune /etc/init.d/attune /etc/init.d/lightdm"); asked != "boot\nreplan\n" {
		t.Errorf("attune was asked %q", asked)
	}
}

func (d debian) openrc(t *testing.T) {
	d.put(t, "etc/init.d/attune", read(t, "openrc/attune"), 0o755)
	// What "openrc sysinit" makes, which mounts the machine's file systems too.
	d.sh(t, `for s in starting started stopping inactive wasinactive failed hotplugged daemons options exclusive scheduled init.d tmp; do mkdir -p /run/openrc/$s; done; : >/run/openrc/softlevel`)
	took := d.sh(t, ` rc-update add attune sysinit >/dev/null; read -r a _ </proc/uptime; rc-service attune start 2>&1; read -r b _ </proc/uptime
		test -e /run/attune/machine.json; rc-service attune status 2>&1; rc-service attune replan 2>&1; rc-service attune stop 2>&1; echo "${a%.*} ${b%.*}"`)
	checkTook(t, took)
	for _, want := range []string{"status: started"} {
		if !strings.Contains(took, want) {
			t.Errorf("no %q in %s", want, took)
		}
	}
	if asked := d.sh(t, "cat /tmp/asked"); asked != "boot\nreplan\n" {
		t.Errorf("attune was asked %q", asked)
	}
}

// checkTook: a start returns when X may start, which is after two seconds, and
// long before the process ends. The last line with two numbers is begin and end.
func checkTook(t *testing.T, said string) {
	t.Helper()
	lines := slices.DeleteFunc(strings.Split(said, "\n"), func(l string) bool {
		var a, b int
		n, _ := fmt.Sscanf(l, "%d %d", &a, &b)
		return n != 2
	})
	if len(lines) == 0 {
		t.Fatalf("no times in %q", said)
	}
	var begin, end int
	fmt.Sscanf(lines[len(lines)-1], "%d %d", &begin, &end)
	if took := end - begin; took < 1 || took > 30 {
		t.Errorf("the start took %d s, want about 2\n%s", took, said)
	}
}
