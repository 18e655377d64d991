package main

import (
	"errors"
	"io/fs"
	"regexp"
	"strings"
	"sync"

	"attune/detect"
	"attune/fixtures"
	"attune/internal/status"
)

// bootRecord is where a boot leaves its report.
const bootRecord = status.MachineFile

// recordBoot keeps of a boot's records how it went; what else is in them is in
// the capture or follows from it.
func (m *machine) recordBoot(keep *fixtures.Tree) error {
	r := status.Read(m.FS)
	var errs []error
	for _, f := range r.Damaged {
		errs = append(errs, f)
	}
	if r.Boot == nil && len(r.Events.Spans) == 0 && r.Ladder == nil {
		return errors.Join(errs...)
	}
	return errors.Join(append(errs, r.Keep(m.FS, nameless{keep, m.owners()})...)...)
}

// nameless is a keeper of texts in which devices may be named after people. The
// redaction knows such names where devices have them, and not within sentences.
type nameless struct {
	to     *fixtures.Tree
	owners *strings.Replacer
}

func (n nameless) AddFile(name string, data []byte) error {
	return n.to.AddFile(name, []byte(n.owners.Replace(string(data))))
}

// ownedName is a name such as "Anna's Headphones".
var ownedName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^"?(.+?)(['’]s? .*)$`) })

// owners replaces the names of this machine's devices that tell whose they are.
func (m *machine) owners() *strings.Replacer {
	var pairs []string
	add := func(label string) {
		if part := ownedName().FindStringSubmatch(label); part != nil {
			pairs = append(pairs, label, "someone"+part[2])
		}
	}
	if sys, err := fs.Sub(m.FS, "sys"); err == nil {
		for _, d := range detect.Scan(sys).Devices {
			add(d.Label)
		}
	}
	inputs, _ := detect.ScanInputs(m.FS, nil)
	for _, in := range inputs {
		add(in.Name)
	}
	return strings.NewReplacer(pairs...)
}
