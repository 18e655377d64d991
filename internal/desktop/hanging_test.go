package desktop

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"attune/detect"
	"attune/fixtures"
	"attune/internal/finding"
)

// away is a machine whose state directory is on a server that is gone.
type away struct {
	*fixtures.Tree
	back chan struct{}
}

func (a away) wait(name string) {
	if strings.HasPrefix(name, stateDir) {
		<-a.back
	}
}

func (a away) Open(name string) (fs.File, error)          { a.wait(name); return a.Tree.Open(name) }
func (a away) ReadFile(name string) ([]byte, error)       { a.wait(name); return a.Tree.ReadFile(name) }
func (a away) ReadDir(name string) ([]fs.DirEntry, error) { a.wait(name); return a.Tree.ReadDir(name) }
func (a away) Stat(name string) (fs.FileInfo, error)      { a.wait(name); return a.Tree.Stat(name) }
func (a away) Lstat(name string) (fs.FileInfo, error)     { a.wait(name); return a.Tree.Lstat(name) }

// The picture comes without it, after one wait, and it is said why what was
// chosen does not count.
func TestHanging(t *testing.T) {
	tree, _, err := fixtures.LoadFile("../../fixtures/seats/tablet-turned.txtar")
	if err != nil {
		t.Fatal(err)
	}
	sys, err := fs.Sub(tree, "sys")
	if err != nil {
		t.Fatal(err)
	}
	root := away{tree, make(chan struct{})}
	defer close(root.back)
	begin := time.Now()
	f, p, errs := Read(root, detect.Scan(sys), "", detect.NodesOf(tree))
	if took := time.Since(begin); took > patience*3/2 {
		t.Errorf("it took %v", took)
	}
	if on := Decide(f, p).Displays.Outputs; len(on) == 0 {
		t.Error("no display")
	}
	told := 0
	for _, err := range errs {
		if f, ok := errors.AsType[finding.Finding](err); ok && f.ID == "state.hanging" && f.Subject == "/"+stateDir {
			told++
		}
	}
	if told == 0 {
		t.Errorf("%v", errs)
	}
}
