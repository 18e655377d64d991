package main

import (
	"context"
	"encoding/json"
	"io"
	"testing"
	"testing/fstest"

	"attune/internal/boot"
	"attune/internal/desktop"
	"attune/internal/inspect"
	"attune/internal/rootfs"
	"attune/internal/xwrite"
)

// A replan that could not be made leaves in place, and on record, what was made
// before.
func TestReplanNotMade(t *testing.T) {
	out := openScratch(t)
	before := bootDone{Report: boot.Report{Release: "6.1"}, Desktop: &desktop.Applied{Pass: desktop.Pass{X: xwrite.Accepted}}}
	if err := writeReport(out, before); err != nil {
		t.Fatal(err)
	}
	m := &machine{Machine: &inspect.Machine{Root: &rootfs.Root{FS: fstest.MapFS{}}}}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	done, err := m.replanOnce(ctx, &invocation{stderr: io.Discard}, out)
	if err != nil || len(done.Problems) == 0 {
		t.Errorf("%v, problems %q", err, done.Problems)
	}
	var after bootDone
	data, err := out.ReadFile("machine.json")
	if err == nil {
		err = json.Unmarshal(data, &after)
	}
	if err != nil || after.Release != "6.1" || after.Desktop == nil || after.Desktop.X != xwrite.Accepted {
		t.Errorf("on record: %s, %v", data, err)
	}
}
