package kmod

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ulikunitz/xz"

	"attune/internal/corpus"
)

// corpusPath finds test data that is not the project's own, and skips the
// test when it is absent.
func corpusPath(t testing.TB, name string) string {
	t.Helper()
	file := filepath.Join(corpus.Dir(t), name)
	if _, err := os.Stat(file); err != nil {
		t.Skipf("not in the corpus: %v", err)
	}
	return file
}

// machines gives the names of the udevadm exports in the corpus.
func machines(t testing.TB) []string {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(corpusPath(t, "udevadm"), "*.txt.xz"))
	if len(files) == 0 {
		t.Skip("no machines in the corpus")
	}
	return files
}

// A record is one device of an export: its path and properties.
type record struct {
	path  string
	props map[string]string
}

// readExport reads one `udevadm info --export-db`, once: unpacking is most of
// the work of the tests that use them.
func readExport(t testing.TB, file string) []record {
	t.Helper()
	if records, ok := exports.Load(file); ok {
		return records.([]record)
	}
	records := parseExport(t, file)
	exports.Store(file, records)
	return records
}

var exports sync.Map // file name -> []record

func parseExport(t testing.TB, file string) []record {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := xz.NewReader(bufio.NewReader(f))
	if err != nil {
		t.Fatal(err)
	}
	var records []record
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "MODALIAS=") { // a few exports lost its "E: " on the way to the corpus
			line = "E: " + line
		}
		kind, rest, _ := strings.Cut(line, ": ")
		switch kind {
		case "P":
			records = append(records, record{rest, map[string]string{}})
		case "E":
			key, val, _ := strings.Cut(rest, "=")
			if len(records) > 0 {
				records[len(records)-1].props[key] = val
			}
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return records
}

// aliasesOf gives the distinct aliases of a machine, in the export's order.
func aliasesOf(records []record) []string {
	var aliases []string
	seen := map[string]bool{}
	for _, r := range records {
		if a := r.props["MODALIAS"]; a != "" && !seen[a] {
			seen[a] = true
			aliases = append(aliases, a)
		}
	}
	return aliases
}

// machineName is "LENOVO_T430S".
func machineName(file string) string {
	return strings.TrimSuffix(filepath.Base(file), ".txt.xz")
}
