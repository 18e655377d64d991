package dist_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attune/internal/finding"
)

// TestCatalog has journalctl read the catalog and say what it is asked.
func TestCatalog(t *testing.T) {
	root := t.TempDir()
	for _, dir := range []string{"usr/lib/systemd/catalog", "var/lib/systemd/catalog"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	text := must(t, "./scripts/go", "run", "./dist/catalog")
	if err := os.WriteFile(filepath.Join(root, "usr/lib/systemd/catalog/attune.catalog"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	journalctl := tool(t, "journalctl")
	if said := must(t, journalctl, "--root="+root, "--update-catalog"); said != "" {
		t.Errorf("journalctl --update-catalog: %s", said)
	}
	said := must(t, journalctl, "--root="+root, "--no-pager", "--dump-catalog")
	for _, k := range finding.Catalog() {
		if !strings.Contains(said, "-- "+finding.MessageID(k.ID)) || !strings.Contains(said, "Subject: "+k.ID+"\n") || !strings.Contains(said, k.Means) {
			t.Errorf("%s is not in what journalctl knows", k.ID)
		}
	}
}
