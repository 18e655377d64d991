// Package powercut writes records until the power goes, and says afterwards
// whether all that was promised is there.
//
// The writer is a shell script for a guest, or any process that prints as
// attune records set does: a record's name and value once it is safe. What was
// printed and the state directory found afterwards go to Check.
//
// It is for tests alone; nothing of it is in the attune program.
package powercut

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"attune/internal/records"
)

// Kinds is how many records the writer changes in turn.
const Kinds = 8

// Script is the writer for a guest with attune in it: its first argument is
// the number to begin with, on from the last one said before; it writes what is
// safe to its standard output, which is best a serial console.
const Script = `#!/bin/sh
n=${1:-0}
while :; do
	n=$((n + 1))
	attune records set keyboard --match product_name=cut-$((n % 8)) options=seq:$n || exit 1
done
`

// Said is the number last said to be safe, by record, and the highest.
type Said struct {
	Last map[string]int
	Top  int
}

var line = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(keyboard-[0-9a-f]{12}): options seq:([0-9]+), kept in /var/lib/attune/records/`)
})

// Read takes what was printed, of several boots one after the other. Half a
// line says nothing.
func Read(text string) Said {
	said := Said{Last: map[string]int{}}
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		m := line().FindStringSubmatch(s.Text())
		if m == nil {
			continue
		}
		n, err := strconv.Atoi(m[2])
		if err != nil {
			continue
		}
		said.Last[m[1]] = max(said.Last[m[1]], n)
		said.Top = max(said.Top, n)
	}
	return said
}

// slack is how far the writer may be ahead of what came through a console when
// the power went.
const slack = 50

// Check says what of the promises is broken on a machine whose root is given:
// a record that is gone, older than was said, from nowhere, or not whole.
func Check(root fs.FS, said Said) error {
	all, told := records.Read(root)
	var errs []error
	for _, f := range told {
		errs = append(errs, fmt.Errorf("%s: %w", f.ID, f))
	}
	found := map[string]int{}
	for _, s := range all {
		if n, ok := number(s); ok {
			found[s.ID()] = n
			if s.In != records.Machine || path.Base(s.Path) != s.ID()+".json" {
				errs = append(errs, fmt.Errorf("%s lies in %s", s.ID(), s.Path))
			}
		}
	}
	for id, n := range said.Last {
		got, there := found[id]
		switch {
		case !there:
			errs = append(errs, fmt.Errorf("%s, said to be safe with %d, is gone", id, n))
		case got < n:
			errs = append(errs, fmt.Errorf("%s, said to be safe with %d, has %d", id, n, got))
		}
	}
	for id, n := range found {
		if n > said.Top+slack {
			errs = append(errs, fmt.Errorf("%s has %d, and nobody came so far: %d", id, n, said.Top))
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(errs...)
}

func number(s records.Stored) (int, bool) {
	k, ok := s.Value.(*records.Keyboard)
	if !ok {
		return 0, false
	}
	text, ok := strings.CutPrefix(k.Options, "seq:")
	n, err := strconv.Atoi(text)
	return n, ok && err == nil
}
