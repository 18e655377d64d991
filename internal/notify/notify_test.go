package notify

import (
	"bytes"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coreos/go-systemd/v22/journal"

	"attune/internal/finding"
)

// A service manager that listens is told, in one message.
func TestReady(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	t.Setenv("NOTIFY_SOCKET", socket)
	if err := Ready("VGA-1 1024x768\nREADY=0"); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 200)
	n, err := conn.Read(buf)
	if got, want := string(buf[:n]), "READY=1\nSTATUS=VGA-1 1024x768 READY=0"; err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestNobodyListens(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	if err := Ready("fine"); err != nil {
		t.Error(err)
	}
	t.Setenv("NOTIFY_SOCKET", filepath.Join(t.TempDir(), "gone"))
	if err := Ready("fine"); err == nil || !strings.Contains(err.Error(), "telling the service manager") {
		t.Errorf("a socket that is gone: %v", err)
	}
}

type entry struct {
	message  string
	priority journal.Priority
	fields   map[string]string
}

func TestTell(t *testing.T) {
	failed := finding.New("driver.failed", "0000:00:02.0", "loading bochs:\nno memory \x1b[2J")
	limited := finding.New("display.late", "0000:00:02.0", "no card")
	for _, row := range []struct {
		name            string
		journal         bool
		entries         int
		stderr, console string // what is in them
	}{
		{"with a journal", true, 2, "", "attune: 0000:00:02.0: loading bochs: no memory"},
		{"without one", false, 0, "attune: 0000:00:02.0: no card", "attune: 0000:00:02.0: loading bochs: no memory"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []entry
			var stderr bytes.Buffer
			console := filepath.Join(t.TempDir(), "console")
			if err := os.WriteFile(console, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			teller := Teller{Stderr: &stderr, Console: console}
			if row.journal {
				teller.Send = func(m string, p journal.Priority, f map[string]string) error {
					got = append(got, entry{m, p, f})
					return nil
				}
			}
			for range 2 { // the second time says nothing new
				if err := teller.Tell([]finding.Finding{failed, limited}, func(finding.Finding) map[string]string {
					return map[string]string{"ATTUNE_MODULE": "bochs", "ATTUNE_REASON": ""}
				}); err != nil {
					t.Error(err)
				}
			}
			if len(got) != row.entries {
				t.Fatalf("the journal has %d entries", len(got))
			}
			if row.journal {
				e := got[0]
				if e.priority != journal.PriErr || e.fields["MESSAGE_ID"] != finding.MessageID("driver.failed") || e.fields["ATTUNE_MODULE"] != "bochs" {
					t.Errorf("entry %+v", e)
				}
				if _, empty := e.fields["ATTUNE_REASON"]; empty {
					t.Error("an empty field")
				}
			}
			shown, err := os.ReadFile(console)
			if err != nil || !strings.Contains(string(shown), row.console) || strings.Contains(string(shown), "\x1b") || strings.Contains(string(shown), "no card") {
				t.Errorf("the console shows %q, %v", shown, err)
			}
			if !strings.Contains(stderr.String(), row.stderr) || row.stderr == "" && stderr.Len() > 0 || strings.Count(stderr.String(), "no card") > 1 {
				t.Errorf("stderr: %q", stderr.String())
			}
		})
	}
}

// Who cannot be told is told of, and the others are told all the same.
func TestTellFails(t *testing.T) {
	sent := 0
	teller := Teller{Console: filepath.Join(t.TempDir(), "none", "console"), Send: func(string, journal.Priority, map[string]string) error {
		sent++
		return errors.New("the socket is full")
	}}
	err := teller.Tell([]finding.Finding{finding.New("driver.failed", "a", "b"), finding.New("display.none", "", "c")}, nil)
	if err == nil || sent != 2 || !strings.Contains(err.Error(), "telling the console") || !strings.Contains(err.Error(), "the socket is full") {
		t.Errorf("%d sent, %v", sent, err)
	}
}
