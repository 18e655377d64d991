package dist_test

import (
	"strings"
	"testing"
)

// TestSELinux: the module is one the release's policy takes, every file that
// is installed or written has the label it needs, and X may read what is
// written for it. No kernel enforces anything here.
func TestSELinux(t *testing.T) {
	inDebians(t, func(t *testing.T, d debian) {
		tree := installed(t)
		asRoot(t, "cp", "-a", tree+"/usr/.", d.root+"/usr/")
		for _, f := range []string{"attune.te", "attune.fc"} {
			d.put(t, "tmp/"+f, read(t, "selinux/"+f), 0o644)
		}
		d.sh(t, `cd /tmp && checkmodule -M -m -o attune.mod attune.te && semodule_package -o attune.pp -m attune.mod -f attune.fc && semodule -n -s default -i attune.pp
			contexts=/etc/selinux/default/contexts/files/file_contexts
			setfiles -c "$(ls /etc/selinux/default/policy/policy.* | tail -n 1)" $contexts`)
		for path, want := range map[string]string{
			"/usr/bin/attune": "bin_t", "/usr/lib/attune/mount-state": "bin_t", "/usr/lib/attune/boot-until-ready": "bin_t",
			"/usr/lib/systemd/system/attune-boot.service":  "systemd_unit_t",
			"/usr/lib/udev/rules.d/90-attune.rules":        "udev_rules_t",
			"/run/attune":                                  "etc_runtime_t",
			"/run/attune/xorg.conf.d/10-attune-input.conf": "etc_runtime_t",
			"/run/udev/rules.d/70-attune-input.rules":      "udev_rules_t",
			"/var/lib/attune":                              "var_lib_t",
		} {
			said := d.sh(t, "matchpathcon -f /etc/selinux/default/contexts/files/file_contexts "+path+" 2>&1 || true")
			if !strings.Contains(said, ":"+want+":") {
				t.Errorf("%s is %q, want %s", path, strings.TrimSpace(said), want)
			}
		}
		// Every installed file has some label of its own or of its folder.
		said := d.sh(t, `cd / && find usr/lib/attune usr/share/attune usr/lib/systemd/system/attune-* -type f | sed 's,^,/,' | xargs matchpathcon -f /etc/selinux/default/contexts/files/file_contexts 2>&1`)
		if strings.Contains(said, "<<none>>") || strings.Contains(said, "default_t") || strings.Contains(said, "error") {
			t.Errorf("without a label: %s", said)
		}
		policy := "$(ls /etc/selinux/default/policy/policy.* | tail -n 1)"
		for _, class := range []string{"dir -p search", "file -p read"} {
			if said := d.sh(t, "sesearch -A -s xserver_t -t etc_runtime_t -c "+class+" "+policy); !strings.Contains(said, "allow") {
				t.Errorf("X may not use etc_runtime_t, class %s: %q", class, said)
			}
		}
	})
}
