package records

import (
	"os"
	"path/filepath"
	"testing"
)

func TestInside(t *testing.T) {
	for _, row := range []struct {
		name, at, to string
		fine         bool
	}{
		{"nothing there yet", "", "", true},
		{"a link out of it", "var/lib/attune", "OUT", false},
		{"a link above it", "var", "OUT", false},
		{"a relative one", "run", "../..", false},
		{"a link within", "var", "data", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			root, out := t.TempDir(), t.TempDir()
			if row.to == "OUT" {
				row.to = out
			}
			if row.at != "" {
				at := filepath.Join(root, row.at)
				if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink(row.to, at); err != nil {
					t.Fatal(err)
				}
			}
			if err := Inside(root); err == nil != row.fine {
				t.Error(err)
			}
		})
	}
}
