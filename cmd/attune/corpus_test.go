package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"attune/fixtures"
	"attune/internal/corpus"
	"attune/internal/explain"
)

// attune runs a command line in this process.
func attune(t *testing.T, args ...string) (stdout []byte, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(args, strings.NewReader(""), &out, &errs)
	if status != exitDone && status != exitWarnings {
		t.Fatalf("attune %s: status %d: %s", strings.Join(args, " "), status, errs.String())
	}
	return out.Bytes(), status
}

// machines are the corpus and the project's own captures.
func machines(t *testing.T) []string {
	own, err := filepath.Glob("../../fixtures/machines/*.txtar")
	if err != nil || len(own) == 0 {
		t.Fatalf("no machines of our own: %v", err)
	}
	return append(own, corpus.Machines(t)...)
}

// A machine captured anew is decided about as the machine itself was: the
// plans are the same to the byte.
func TestCaptureReplaysToTheSamePlan(t *testing.T) {
	tree, _ := corpus.ModTree(t, "bookworm")
	for _, file := range append(machines(t), kept(t, "seats")...) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			copied := filepath.Join(t.TempDir(), "machine.txtar")
			attune(t, "capture", "--from", file, "--salt", "test", "-o", copied)
			before, _ := attune(t, "plan", "--json", "--root", file, "--modules", tree)
			after, _ := attune(t, "plan", "--json", "--root", copied, "--modules", tree)
			if !bytes.Equal(before, after) {
				t.Errorf("the plan has changed:\n%s", cmp.Diff(string(before), string(after)))
			}
		})
	}

	t.Run("captured twice", func(t *testing.T) {
		dir := t.TempDir()
		for _, name := range []string{"a", "b"} {
			attune(t, "capture", "--from", machines(t)[0], "--salt", "test", "-o", filepath.Join(dir, name))
		}
		a, _ := os.ReadFile(filepath.Join(dir, "a"))
		b, _ := os.ReadFile(filepath.Join(dir, "b"))
		if len(a) == 0 || !bytes.Equal(a, b) {
			t.Error("the same machine and salt gave two different files")
		}
	})
}

// empty captures hold block devices alone, and no device that has a driver.
var empty = map[string]bool{"two_dms_one_with_ubuntu_save.txt.xz": true, "linux-s390x-snapshot.tar.gz": true}

// Every machine, in every format, has exactly one outcome for each device.
func TestExplainOnEveryMachine(t *testing.T) {
	tree, _ := corpus.ModTree(t, "bookworm")
	for _, file := range machines(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			out, _ := attune(t, "explain", "--json", "--root", file, "--modules", tree)
			var verdicts []explain.Verdict
			if err := json.Unmarshal(out, &verdicts); err != nil {
				t.Fatal(err)
			}
			scanned, _ := attune(t, "scan", "--json", "--root", file)
			if n := bytes.Count(scanned, []byte("\n      \"path\": \"devices/")); len(verdicts) != n || (n == 0) != empty[filepath.Base(file)] {
				t.Errorf("%d verdicts for %d devices", len(verdicts), n)
			}
			seen := map[string]bool{}
			for _, v := range verdicts {
				if seen[v.Device] || !slices.Contains(explain.Outcomes, v.Outcome) || v.Why == "" {
					t.Errorf("%+v", v)
				}
				seen[v.Device] = true
			}
		})
	}
}

// A live capture of whatever machine the tests run on keeps nothing private.
func TestLiveCaptureKeepsNothingPrivate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "live.txtar")
	attune(t, "capture", "-o", file)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	host, _ := os.Hostname()
	if found := fixtures.FindPrivate(data, nil); len(found) > 0 {
		t.Errorf("in the capture: %+v", found)
	}
	if len(host) > 4 && bytes.Contains(data, []byte(host)) {
		t.Errorf("the host's name %q is in the capture", host)
	}
	tree, _, err := fixtures.LoadFile(file)
	if err != nil || !tree.Has("sys/devices") {
		t.Errorf("loading it again: %v", err)
	}
}
