package desktop

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"attune/detect"
	"attune/fixtures"
)

// refuse is what an ordinary user gets from every node.
type refuse struct{ err error }

func (r refuse) Connectors(string) ([]detect.ConnectorFacts, error) { return nil, r.err }
func (r refuse) Axes(string) ([]detect.Axis, error)                 { return nil, r.err }

func TestReadWithoutPermission(t *testing.T) {
	machine, _, err := fixtures.LoadFile("../../fixtures/seats/tablet-turned.txtar")
	if err != nil {
		t.Fatal(err)
	}
	sys, err := fs.Sub(machine, "sys")
	if err != nil {
		t.Fatal(err)
	}
	inv := detect.Scan(sys)
	for _, row := range []struct {
		name string
		err  error
		one  bool // sentence for all
	}{
		{"not a member of the group", &fs.PathError{Op: "open", Path: "/dev/x", Err: syscall.EACCES}, true},
		{"a sandbox", syscall.EPERM, true},
		{"a sick device", syscall.EIO, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, _, errs := Read(machine, inv, "", refuse{row.err})
			if len(errs) == 0 {
				t.Fatal("nothing is told")
			}
			denied, ok := errors.AsType[Denied](errs[0])
			if ok != row.one || ok && (len(errs) != 1 || len(denied.Nodes) < 2) {
				t.Errorf("%v", errs)
			}
			if ok && !strings.Contains(denied.Error(), "permission denied") {
				t.Error(denied)
			}
		})
	}
}
