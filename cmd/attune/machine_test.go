package main

import (
	"bytes"
	"errors"
	"testing"

	"attune/internal/desktop"
)

// An ordinary user is told once what root would know, and that is no reason to
// look at something.
func TestWarn(t *testing.T) {
	denied := desktop.Denied{Nodes: []string{"dev/dri/card0", "dev/input/event3"}}
	for _, row := range []struct {
		name     string
		problems []error
		json     bool
		status   int
		lines    int
	}{
		{"nothing", nil, false, exitDone, 0},
		{"nodes that may not be opened", []error{denied}, false, exitDone, 1},
		{"the same for a program", []error{denied}, true, exitDone, 0},
		{"a problem besides", []error{denied, errors.New("x")}, true, exitWarnings, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			var errs bytes.Buffer
			in := &invocation{stderr: &errs}
			in.common.json = row.json
			status := in.warn(row.problems)
			if lines := bytes.Count(errs.Bytes(), []byte("\n")); status != row.status || lines != row.lines {
				t.Errorf("status %d, said %q", status, errs.String())
			}
		})
	}
}
