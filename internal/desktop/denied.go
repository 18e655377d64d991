package desktop

import (
	"fmt"
	"strings"
	"syscall"

	"attune/detect"
)

// Denied says that device nodes may not be opened. The plan is made without
// what they know; only somebody who may open them gets more, so that nothing is
// wrong with the machine.
type Denied struct {
	Nodes []string // "dev/dri/card0", "dev/input/event3"
}

func (d Denied) Error() string {
	nodes, them := "1 device node", "it"
	if n := len(d.Nodes); n > 1 {
		nodes, them = fmt.Sprintf("%d device nodes", n), "them"
	}
	return fmt.Sprintf("asking %s for panel orientation, headsets, tiles and the size of touch surfaces: permission denied: run as root to ask %s", nodes, them)
}

// problems are a scan's as errors, those of nodes that may not be opened as one.
func problems(all []detect.Problem) (errs []error) {
	var denied Denied
	for _, p := range all {
		if strings.HasPrefix(p.Path, "dev/") && (p.Err == syscall.EACCES.Error() || p.Err == syscall.EPERM.Error()) {
			denied.Nodes = append(denied.Nodes, p.Path)
			continue
		}
		errs = append(errs, p)
	}
	if len(denied.Nodes) > 0 {
		errs = append(errs, denied)
	}
	return errs
}
