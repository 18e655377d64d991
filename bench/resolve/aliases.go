package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/ulikunitz/xz"
)

// readAliases gives the distinct aliases of a `udevadm info --export-db`, in
// its order.
func readAliases(file string) ([]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("reading the machine (-corpus or ATTUNE_CORPUS says where): %w", err)
	}
	defer f.Close()
	r, err := xz.NewReader(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", file, err)
	}
	var aliases []string
	seen := map[string]bool{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		alias, ok := strings.CutPrefix(lines.Text(), "E: MODALIAS=")
		if ok && !seen[alias] {
			seen[alias] = true
			aliases = append(aliases, alias)
		}
	}
	return aliases, lines.Err()
}
