package dist_test

import (
	"os"
	"path/filepath"
	"regexp"
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

// TestManualOfFindings: the page is well formed, and has each finding with what it
// means; the journal's catalog names this page.
func TestManualOfFindings(t *testing.T) {
	text := must(t, "./scripts/go", "run", "./dist/catalog", "-man")
	file := filepath.Join(t.TempDir(), "attune-findings.7")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if said, err := say(t, tool(t, "mandoc"), "-Tlint", "-W", "warning", file); err != nil || said != "" {
		t.Errorf("mandoc: %v\n%s", err, said)
	}
	words := func(s string) string {
		return strings.Join(strings.Fields(strings.NewReplacer("`", "\"", "\u2010", "-").Replace(s)), " ")
	}
	bold := regexp.MustCompile(".\x08")
	shown := words(bold.ReplaceAllString(must(t, "mandoc", "-Tutf8", "-O", "width=1000", file), ""))
	for _, k := range finding.Catalog() {
		if !strings.Contains(shown, k.ID+" ("+string(k.Level)+")") || !strings.Contains(shown, words(k.Means)) || !strings.Contains(shown, words(k.Do)) {
			t.Errorf("%s is not in the page as it is", k.ID)
		}
	}
	if journal := must(t, "./scripts/go", "run", "./dist/catalog"); strings.Count(journal, "Documentation: man:attune-findings(7)\n") != len(finding.Catalog()) {
		t.Error("the journal's catalog does not name the page")
	}
}
