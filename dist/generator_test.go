package dist_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestGenerator: udevd steps back where attune boots the machine, and nowhere else.
func TestGenerator(t *testing.T) {
	const wants, unit = "multi-user.target.wants/attune-boot.service", "attune-boot.service"
	tests := []struct {
		name    string
		words   string
		initrd  bool
		virt    string
		links   map[string]string // below the root -> to
		written bool
	}{
		{name: "on", links: map[string]string{"etc/systemd/system/" + wants: "/nowhere"}, written: true},
		{name: "on, by the image", links: map[string]string{"usr/lib/systemd/system/display-manager.service.wants/" + unit: "/nowhere"}, written: true},
		{name: "in a virtual machine", virt: "vm:kvm", links: map[string]string{"etc/systemd/system/" + wants: "/nowhere"}, written: true},
		{name: "a word that only looks like it", words: "attune=offline xattune=off *", links: map[string]string{"etc/systemd/system/" + wants: "/nowhere"}, written: true},
		{name: "not switched on"},
		{name: "attune=off", words: "quiet attune=off splash", links: map[string]string{"etc/systemd/system/" + wants: "/nowhere"}},
		{name: "masked by a word", words: "systemd.mask=attune-boot.service", links: map[string]string{"etc/systemd/system/" + wants: "/nowhere"}},
		{name: "masked", links: map[string]string{"usr/lib/systemd/system/" + wants: "/nowhere", "etc/systemd/system/" + unit: "/dev/null"}},
		{name: "in a container", virt: "container:podman", links: map[string]string{"etc/systemd/system/" + wants: "/nowhere"}},
		{name: "in an initramfs", initrd: true, links: map[string]string{"etc/systemd/system/" + wants: "/nowhere"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root, to := t.TempDir(), t.TempDir()
			text := read(t, "systemd/generators/attune-generator")
			for _, path := range []string{"/etc/", "/run/", "/usr/", "/proc/"} {
				text = strings.ReplaceAll(text, " "+path, " "+root+path)
			}
			script := strings.ReplaceAll(text, "</proc/", "<"+root+"/proc/")
			file := func(name, text string) {
				t.Helper()
				must(t, "mkdir", "-p", filepath.Dir(filepath.Join(root, name)))
				if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			file("generator", script)
			file("proc/cmdline", strings.TrimSpace("root=/dev/vda "+tt.words)) // the kernel ends it with a newline; a boot loader's words may not
			if tt.initrd {
				file("etc/initrd-release", "")
			}
			for name, target := range tt.links {
				must(t, "mkdir", "-p", filepath.Dir(filepath.Join(root, name)))
				if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
					t.Fatal(err)
				}
			}
			c := exec.Command("dash", filepath.Join(root, "generator"), to, to+"/early", to+"/late")
			c.Env = append(os.Environ(), "SYSTEMD_VIRTUALIZATION="+tt.virt)
			if said, err := c.CombinedOutput(); err != nil || len(said) > 0 {
				t.Errorf("%v: %s", err, said)
			}
			made, err := os.ReadFile(filepath.Join(to, "systemd-udevd.service.d/50-attune.conf"))
			if written := err == nil; written != tt.written {
				t.Fatalf("written %v, want %v", written, tt.written)
			}
			if tt.written && !strings.Contains(string(made), "[Service]\nStartupCPUWeight=10\n") {
				t.Errorf("it says %q", made)
			}
		})
	}
	// What it writes is sound to systemd, beside a unit of that name.
	root := verifiable(t)
	must(t, "mkdir", "-p", filepath.Join(root, "etc/systemd/system/systemd-udevd.service.d"))
	_, conf, _ := strings.Cut(read(t, "systemd/generators/attune-generator"), "<<'CONF'\n")
	conf, _, _ = strings.Cut(conf, "CONF\n")
	if err := os.WriteFile(filepath.Join(root, "etc/systemd/system/systemd-udevd.service.d/50-attune.conf"), []byte(conf), 0o644); err != nil {
		t.Fatal(err)
	}
	if said, err := say(t, tool(t, "systemd-analyze"), "verify", "--man=no", "--root="+root, "attune-boot.service"); err != nil || said != "" {
		t.Errorf("systemd-analyze verify: %v\n%s", err, said)
	}
}
