package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"attune/internal/failsafe"
)

// What X's logs say, and that one of an earlier start is left alone.
func TestLogs(t *testing.T) {
	const decisive = "[ 1] (EE) \nFatal server error:\n[ 1] (EE) no screens found(EE) \n"
	const crash = "[ 1] (EE) Caught signal 11 (Segmentation fault). Server aborting\n"
	began := time.Now()
	old := began.Add(-time.Hour)
	for _, row := range []struct {
		name     string
		logs     map[string]string // name -> text; before "old " from an earlier start
		text     string
		decisive bool
		written  bool
	}{
		{name: "none"},
		{name: "X runs", logs: map[string]string{"var/log/Xorg.0.log": "[ 1] (II) fine\n"}, written: true},
		{name: "an earlier start's", logs: map[string]string{"old var/log/Xorg.0.log": decisive}},
		{name: "lightdm's own", logs: map[string]string{"var/log/lightdm/x-0.log": decisive}, text: "no screens found", decisive: true, written: true},
		{name: "a crash, and the start after it", logs: map[string]string{"var/log/Xorg.0.log": "[ 1] (II)\n", "var/log/Xorg.0.log.old": crash}, text: "Caught signal 11 (Segmentation fault). Server aborting", written: true},
		{name: "the decisive one counts", logs: map[string]string{"var/log/Xorg.0.log": crash, "var/log/lightdm/x-0.log": decisive}, text: "no screens found", decisive: true, written: true},
		{name: "a user's server", logs: map[string]string{"home/kiosk/.local/share/xorg/Xorg.0.log": decisive}, text: "no screens found", decisive: true, written: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			root := t.TempDir()
			for name, text := range row.logs {
				name, isOld := strings.CutPrefix(name, "old ")
				file := filepath.Join(root, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				if isOld {
					if err := os.Chtimes(file, old, old); err != nil {
						t.Fatal(err)
					}
				}
			}
			seen := logs{}
			for range 2 { // the second is from memory
				if a := seen.read(root, began.Add(-time.Minute)); a.Text != row.text || a.Decisive != row.decisive || a.Written != row.written {
					t.Errorf("%+v", a)
				}
			}
		})
	}
}

// A log in a home is its user's: a link is not followed to what only root may
// read, and a FIFO keeps nobody waiting.
func TestLogIsNoFile(t *testing.T) {
	dir := t.TempDir()
	name := func(base string) string { return filepath.Join(dir, base) }
	if err := os.WriteFile(name("secret"), []byte("Fatal server error:\nsecret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("secret", name("link")); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkfifo(name("fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{"link", "fifo", "absent"} {
		done := make(chan []byte, 1)
		go func() { done <- endOf(name(base)) }()
		select {
		case got := <-done:
			if len(got) > 0 {
				t.Errorf("%s: %q", base, got)
			}
		case <-time.After(5 * time.Second):
			t.Errorf("%s: it waits", base)
		}
	}
	if got := endOf(name("secret")); len(got) == 0 {
		t.Error("a log is not read")
	}
}

// What systemd says of the display manager's end.
func TestEndOf(t *testing.T) {
	for _, row := range []struct {
		name string
		env  map[string]string
		want failsafe.Kind
		why  string
	}{
		{"stopped", map[string]string{"SERVICE_RESULT": "success"}, failsafe.Stopped, ""},
		{"under another init", nil, failsafe.Stopped, ""},
		{"it died", map[string]string{"SERVICE_RESULT": "signal", "EXIT_CODE": "killed", "EXIT_STATUS": "SEGV"}, failsafe.Failed, "signal killed SEGV"},
		{"it gave up", map[string]string{"SERVICE_RESULT": "exit-code", "EXIT_CODE": "exited", "EXIT_STATUS": "1"}, failsafe.Failed, "exit-code exited 1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := (&ladder{}).endOf(func(name string) string { return row.env[name] }, account{})
			if e.Kind != row.want || e.Decisive || !strings.Contains(e.Why, row.why) {
				t.Errorf("%+v", e)
			}
		})
	}
}

// The line on the console says what was tried, what to look at and what to do.
func TestNoPicture(t *testing.T) {
	said := strings.Join(noPicture(failsafe.Decision{Failed: []failsafe.Failure{{Step: "planned", Why: "a"}, {Step: "driver fbdev", Why: "no screens found"}}}), "\n")
	for _, want := range []string{"display.no-picture", "planned, driver fbdev", "no screens found", "attune display status", "attune display retry"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
}
