package dist_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const unitDir = "usr/lib/systemd/system"

// units are the installed units of attune below a root, and the fragment of a
// unit with all it was installed with.
func units(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	files, _ := filepath.Glob(filepath.Join(root, unitDir, "attune-*"))
	for _, f := range files {
		name := filepath.Base(f)
		if info, err := os.Stat(f); err != nil || info.IsDir() {
			continue
		}
		text := read(t, f)
		more, _ := filepath.Glob(f + ".d/*.conf")
		for _, m := range more {
			text += "\n" + read(t, m)
		}
		found[name] = text
	}
	if len(found) < 4 {
		t.Fatalf("installed are %d units", len(found))
	}
	return found
}

// A root to verify in needs the units ours name: they come from this machine.
func verifiable(t *testing.T) string {
	root := installed(t)
	for _, name := range []string{"systemd-udev-trigger.service", "systemd-udevd.service", "systemd-udevd-kernel.socket", "systemd-udevd-control.socket",
		"systemd-tmpfiles-setup.service", "shutdown.target", "sysinit.target", "basic.target", "paths.target", "umount.target", "local-fs.target",
		"local-fs-pre.target", "system.slice", "-.slice", "multi-user.target", "systemd-journald.socket", "systemd-journald.service", "graphical.target", "dbus.socket", "sockets.target"} {
		data, err := os.ReadFile(filepath.Join("/lib/systemd/system", name))
		if err != nil {
			continue // made by systemd itself, or of another release
		}
		if err := os.WriteFile(filepath.Join(root, unitDir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	must(t, "cp", "-a", filepath.Join(root, unitDir, "attune-replan.service"), filepath.Join(root, unitDir, "display-manager.service"))
	for _, path := range []string{"bin/rm", "bin/sleep", "bin/udevadm", "bin/systemctl", "bin/systemd-tmpfiles", "bin/sh", "lib/systemd/systemd-udevd", "lib/systemd/systemd-journald"} {
		for _, dir := range []string{"", "usr"} {
			f := filepath.Join(root, dir, path)
			if err := os.MkdirAll(filepath.Dir(f), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(f, []byte("#!\n"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	return root
}

func TestUnitsVerify(t *testing.T) {
	root := verifiable(t)
	argv := []string{tool(t, "systemd-analyze"), "verify", "--man=no", "--root=" + root}
	for name := range units(t, root) {
		argv = append(argv, name)
	}
	// display-manager.service is a stand-in that our drop-in is read with.
	if said, err := say(t, append(argv, "display-manager.service")...); err != nil || said != "" {
		t.Errorf("systemd-analyze verify: %v\n%s", err, said)
	}
	// And the proof that it would tell: a unit of the same root with a mistake.
	bad := filepath.Join(root, unitDir, "attune-bad.service")
	if err := os.WriteFile(bad, []byte("[Service]\nExecStart=/usr/bin/attune\nTpye=oneshot\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if said, _ := say(t, argv[0], "verify", "--man=no", "--root="+root, "attune-bad.service"); !strings.Contains(said, "Tpye") {
		t.Errorf("a mistake is not told: %q", said)
	}
}

// TestUnitOfAnotherName: the drop-in docs/image.md has for a unit that starts X
// under another name is sound, and the watcher begins when that one has told of
// its start: before, it would take another start for this one, or be gone.
func TestUnitOfAnotherName(t *testing.T) {
	_, text, ok := strings.Cut(read(t, "../docs/image.md"), "```ini\n# /usr/lib/systemd/system/kiosk.service.d/attune.conf")
	text, _, _ = strings.Cut(text, "```")
	if !ok {
		t.Fatal("docs/image.md has no drop-in")
	}
	if want := "\nBefore=attune-display-watch.service\n"; !strings.Contains(text, want) {
		t.Errorf("no %q in\n%s", want, text)
	}
	root := verifiable(t)
	for name, text := range map[string]string{"kiosk.service": "[Service]\nExecStart=/usr/bin/attune\n", "kiosk.service.d/attune.conf": "#" + text} {
		file := filepath.Join(root, unitDir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if said, err := say(t, tool(t, "systemd-analyze"), "verify", "--man=no", "--root="+root, "kiosk.service"); err != nil || said != "" {
		t.Errorf("systemd-analyze verify: %v\n%s", err, said)
	}
}

// exposure is the most systemd-analyze security may find, of 10.
var exposure = map[string]float64{
	"attune-boot.service":          2.9,
	"attune-state.service":         3.5,
	"attune-state-mend.service":    3.5,
	"attune-replan.service":        2.5,
	"attune-display-watch.service": 2.8,
	"attune-display-start.service": 4.1,
	"attune-daemon.service":        3.4,
}

func TestUnitsAreHardened(t *testing.T) {
	root := installed(t)
	score := regexp.MustCompile(`Overall exposure level for \S+: ([0-9.]+)`)
	for name := range units(t, root) {
		if !strings.HasSuffix(name, ".service") {
			continue
		}
		most, ok := exposure[name]
		if !ok {
			t.Errorf("%s: no row says how exposed it may be", name)
			continue
		}
		said := must(t, tool(t, "systemd-analyze"), "security", "--no-pager", "--offline=true", "--root="+root, name)
		m := score.FindStringSubmatch(said)
		if m == nil {
			t.Fatalf("%s: no level in %q", name, said)
		}
		level, _ := strconv.ParseFloat(m[1], 64)
		t.Logf("%s: %.1f of 10", name, level)
		if level > most {
			t.Errorf("%s: exposure %.1f, at most %.1f", name, level, most)
		}
	}
}

// TestOneUnitLoadsModules: what may load modules is one unit; all others name
// their capabilities, and that is none of them.
func TestOneUnitLoadsModules(t *testing.T) {
	bounded := regexp.MustCompile(`(?m)^CapabilityBoundingSet=(.*)$`)
	var may []string
	for name, text := range units(t, installed(t)) {
		if !strings.HasSuffix(name, ".service") {
			continue
		}
		lines := bounded.FindAllStringSubmatch(text, -1)
		if len(lines) != 1 || strings.HasPrefix(lines[0][1], "~") {
			t.Errorf("%s does not list its capabilities: %v", name, lines)
			continue
		}
		if slices.Contains(strings.Fields(lines[0][1]), "CAP_SYS_MODULE") {
			may = append(may, name)
		}
		if strings.Contains(text, "@module") != strings.Contains(lines[0][1], "CAP_SYS_MODULE") {
			t.Errorf("%s: the calls and the capability for modules go together", name)
		}
	}
	if !slices.Equal(may, []string{"attune-boot.service"}) {
		t.Errorf("modules may be loaded by %v", may)
	}
}

// TestUnitsOfBoot holds what a boot relies on.
func TestUnitsOfBoot(t *testing.T) {
	all := units(t, installed(t))
	for name, lines := range map[string][]string{
		"attune-boot.service": {"Type=notify", "RemainAfterExit=yes", "DefaultDependencies=no", "Before=display-manager.service", "SuccessExitStatus=3",
			"ConditionKernelCommandLine=!attune=off", "ConditionVirtualization=!container", "TimeoutStartSec=90s", "SendSIGKILL=no"},
		"attune-state.service":         {"DefaultDependencies=no", "Before=attune-boot.service", "ConditionKernelCommandLine=!attune=off", "TimeoutStartSec=20s", "TimeoutStopSec=5s"},
		"attune-state-mend.service":    {"DefaultDependencies=no", "After=attune-state.service attune-boot.service", "TimeoutStartSec=infinity", "SendSIGKILL=no"},
		"attune-replan.path":           {"DefaultDependencies=no", "PathExists=/run/attune/replan"},
		"attune-replan.service":        {"SuccessExitStatus=3", "StartLimitIntervalSec=0", "ConditionKernelCommandLine=!attune=off"},
		"attune-display-watch.service": {"SuccessExitStatus=3", "ConditionKernelCommandLine=!attune=off"},
		"attune-display-start.service": {"SuccessExitStatus=3", "ConditionKernelCommandLine=!attune=off", "Before=display-manager.service", "ConditionPathExists=!/run/attune/display.first", "TimeoutStartSec=60s", "TimeoutStopSec=5s"},
	} {
		have := strings.Split(all[name], "\n")
		for _, want := range lines {
			if !slices.Contains(have, want) {
				t.Errorf("%s: no %s", name, want)
			}
		}
		// A unit that could not be set up is a failed one, and the boot goes on
		// without us: so nothing that needs a writable place or the network.
		for _, never := range []string{"StateDirectory=", "CacheDirectory=", "PrivateTmp=yes", "ProtectKernelTunables=yes", "PrivateNetwork=yes", "network-online", "Requires=", "systemd-udev-settle",
			"ProtectSystem=", "ReadWritePaths=", "ProtectHome="} { // see TestHungMounts {
			for _, line := range have {
				if !strings.HasPrefix(line, "#") && strings.Contains(line, never) {
					t.Errorf("%s: %s", name, line)
				}
			}
		}
	}
	// Settings come as credentials too, and systemd hides those of the system
	// from a unit with mounts of its own.
	for name, text := range all {
		own := strings.Contains(text, "\nReadOnlyPaths=")
		if shown := strings.Contains(text, "\nBindReadOnlyPaths=-/run/credentials/@system:/run/attune/credentials\nEnvironment=CREDENTIALS_DIRECTORY=/run/attune/credentials\n"); own != shown {
			t.Errorf("%s: it has mounts of its own: %v, and sees credentials: %v", name, own, shown)
		}
	}
	for _, name := range []string{"attune-state.service", "attune-state-mend.service", "attune-display-start.service"} {
		if regexp.MustCompile(`(?m)^(Protect(System|Home|Proc|Kernel|Control)|Private|ReadWrite|ReadOnly|LoadCred)`).MatchString(all[name]) {
			t.Errorf("%s has mounts of its own: what it mounts would be seen by nobody", name)
		}
	}
}
