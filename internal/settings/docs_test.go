package settings_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"attune/internal/settings"
)

// The page names every setting as the table has it.
func TestDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/settings.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range settings.Keys() {
		row := fmt.Sprintf("| `%s` | %s | %s |\n", k.Name, k.Want, k.Doc)
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/settings.md has no row\n%s", row)
		}
	}
}
