package powercut

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"attune/internal/records"
	"attune/internal/state"
)

// writer is set in the process that is killed: the root it writes to.
const writer = "ATTUNE_TEST_POWERCUT_ROOT"

func TestMain(m *testing.M) {
	if root := os.Getenv(writer); root != "" {
		s := records.OpenStore(root, "", false)
		s.State.Condition = state.Good // what the tests run on may be a tmpfs
		n := 0
		fmt.Sscan(os.Getenv(writer+"_FROM"), &n)
		fmt.Fprintln(os.Stderr, Write(os.Stdout, s, n))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// A writer killed at whatever moment has lost nothing it said was safe, and the
// next one goes on from there.
func TestKill(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "var/lib/attune"), 0o755); err != nil {
		t.Fatal(err)
	}
	kills := 200
	if testing.Short() {
		kills = 20
	}
	text, leftovers := "", 0
	for i := range kills {
		said := Read(text)
		out := run(t, root, said.Top, time.Duration(rand.IntN(12_000))*time.Microsecond)
		text += out
		if err := Check(os.DirFS(root), Read(text)); err != nil {
			t.Fatalf("kill %d: %v", i, err)
		}
		half, _ := filepath.Glob(filepath.Join(root, "var/lib/attune/records/.new-*"))
		leftovers = max(leftovers, len(half))
	}
	said := Read(text)
	if len(said.Last) != Kinds || leftovers > 1 {
		t.Errorf("%d records, %d files left half written at once", len(said.Last), leftovers)
	}
	t.Logf("%d kills, %d records said to be safe, up to %d half written found", kills, said.Top, leftovers)
}

// run starts a writer, and kills it a while after its first word.
func run(t *testing.T, root string, from int, after time.Duration) string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writer+"="+root, fmt.Sprintf("%s_FROM=%d", writer, from))
	var errs bytes.Buffer
	cmd.Stderr = &errs
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	first := make([]byte, 1)
	if n, _ := pipe.Read(first); n == 1 {
		out.Write(first)
	}
	time.Sleep(after)
	cmd.Process.Signal(unix.SIGKILL)
	out.ReadFrom(pipe)
	cmd.Wait()
	if errs.Len() > 0 {
		t.Fatalf("the writer: %s", errs.String())
	}
	return out.String()
}

// Check finds what it is for.
func TestCheck(t *testing.T) {
	for _, row := range []struct {
		name  string
		spoil func(dir, id string) error
		want  string
	}{
		{"all is well", func(string, string) error { return nil }, ""},
		{"half a line came through", func(string, string) error { return nil }, ""},
		{"a record is gone", func(dir, id string) error { return os.Remove(filepath.Join(dir, id+".json")) }, "is gone"},
		{"a record is empty", func(dir, id string) error { return os.Truncate(filepath.Join(dir, id+".json"), 0) }, "records.corrupt"},
		{"a record is cut short", func(dir, id string) error { return os.Truncate(filepath.Join(dir, id+".json"), 100) }, "records.corrupt"},
		{"a record is another's", func(dir, id string) error {
			return os.Rename(filepath.Join(dir, id+".json"), filepath.Join(dir, "keyboard-000000000000.json"))
		}, "lies in"},
	} {
		root := t.TempDir()
		if err := os.MkdirAll(filepath.Join(root, "var/lib/attune"), 0o755); err != nil {
			t.Fatal(err)
		}
		s := records.OpenStore(root, "", false)
		s.State.Condition = state.Good
		out := &stopping{after: 20}
		if err := Write(out, s, 0); err == nil {
			t.Fatal("it never ended")
		}
		s.Close()
		said := Read(out.text + "keyboard-00000000")
		if said.Top != 20 || len(said.Last) != Kinds {
			t.Fatalf("%+v", said)
		}
		id := ""
		for id = range said.Last {
			break
		}
		if err := row.spoil(filepath.Join(root, "var/lib/attune/records"), id); err != nil {
			t.Fatal(err)
		}
		err := Check(os.DirFS(root), said)
		if (err == nil) != (row.want == "") || err != nil && !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %s", row.name, err, row.want)
		}
		said.Last[id] += 2 * Kinds
		if err := Check(os.DirFS(root), said); err == nil {
			t.Errorf("%s: older than was said, and not told", row.name)
		}
	}
}

// stopping takes so many lines.
type stopping struct {
	after int
	text  string
}

func (s *stopping) Write(b []byte) (int, error) {
	if s.after == 0 {
		return 0, os.ErrClosed
	}
	s.after--
	s.text += string(b)
	return len(b), nil
}
