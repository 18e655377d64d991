package dist_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"attune/internal/corpus"
)

const fstabGenerator = "/usr/lib/systemd/system-generators/systemd-fstab-generator"

// TestStateByFstab: what docs/image.md has people write into fstab is mounted
// before attune looks, and a boot without the disk goes on. By nofail alone it
// would stand before nothing.
func TestStateByFstab(t *testing.T) {
	if !executable(fstabGenerator) {
		corpus.Missing(t, "systemd-fstab-generator is not installed")
	}
	options := regexp.MustCompile("`(nofail,[^`]*)`").FindStringSubmatch(read(t, "../docs/image.md"))
	if options == nil {
		t.Fatal("docs/image.md names no options")
	}
	dir := t.TempDir()
	fstab := filepath.Join(dir, "fstab")
	if err := os.WriteFile(fstab, []byte("LABEL=kept /var/lib/attune ext4 "+options[1]+" 0 2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	must(t, "env", "SYSTEMD_FSTAB="+fstab, "SYSTEMD_PROC_CMDLINE=", "SYSTEMD_IN_INITRD=0", fstabGenerator, dir, dir, dir)
	unit := read(t, filepath.Join(dir, "var-lib-attune.mount"))
	if !strings.Contains(unit, "\nBefore=attune-state.service\n") {
		t.Errorf("it is not waited for:\n%s", unit)
	}
	if _, err := os.Lstat(filepath.Join(dir, "local-fs.target.requires/var-lib-attune.mount")); err == nil {
		t.Error("a boot without the disk ends in emergency mode")
	}
}
