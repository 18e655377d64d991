package main

import (
	"fmt"
)

// resolve prints the modules for each alias, one a line, as modprobe -R does.
func resolve(in *invocation) (int, error) {
	if err := in.parse(); err != nil {
		return 0, err
	}
	if len(in.args) == 0 {
		in.flags.Usage()
		return 0, errUsage
	}
	m, err := in.openToPlan()
	if err != nil {
		return 0, err
	}
	defer m.Close()
	r, problems := m.Resolver()
	status := in.warn(problems)
	answers := make([]resolved, 0, len(in.args))
	for _, alias := range in.args {
		a, err := r.Lookup(alias)
		if err != nil {
			return 0, fmt.Errorf("resolving %q: %w", alias, err)
		}
		if len(a.Modules) == 0 {
			fmt.Fprintf(in.stderr, "attune: no module for %q\n", alias)
			status = exitFailed
		}
		answers = append(answers, resolved{alias, a.Modules, a.Table})
	}
	if doubt := in.warn(r.Problems()); status == exitDone { // known only after a look-up
		status = doubt
	}
	return status, in.printAnswers(answers)
}

// A resolved alias, as --json prints it.
type resolved struct {
	Alias   string   `json:"alias"`
	Modules []string `json:"modules"`
	Table   string   `json:"table,omitempty"` // which table answered, see the kmod.Table constants
}

func (in *invocation) printAnswers(answers []resolved) error {
	if in.common.json {
		return in.printJSON(answers)
	}
	for _, a := range answers {
		for _, name := range a.Modules {
			fmt.Fprintln(in.stdout, name)
		}
	}
	return nil
}
