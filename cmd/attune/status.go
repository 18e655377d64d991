package main

import (
	"fmt"

	"attune/internal/status"
)

// machineStatus says what works, what is limited and what has failed, and
// what to do about it.
func machineStatus(in *invocation) (int, error) {
	short := in.flags.Bool("short", false, "one line, for a login message or a panel")
	m, err := in.start(in.openToPlan)
	if err != nil {
		return 0, err
	}
	defer m.Close()
	f, err := m.StatusFacts()
	if err != nil {
		return 0, err
	}
	s := status.Of(f)
	code := exitDone
	if s.Health != status.Works {
		code = exitWarnings
	}
	switch {
	case in.common.json:
		return code, in.printJSON(s)
	case *short:
		_, err = fmt.Fprintln(in.stdout, s.Short())
		return code, err
	}
	return code, s.Text(in.stdout)
}
