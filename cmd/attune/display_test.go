package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"attune/internal/failsafe"
	"attune/internal/inspect"
	"attune/internal/rootfs"
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
		{name: "a display manager's own server", logs: map[string]string{"var/lib/gdm3/.local/share/xorg/Xorg.0.log": decisive}, text: "no screens found", decisive: true, written: true},
		{name: "what anybody can write", logs: map[string]string{"home/guest/.local/share/xorg/Xorg.0.log": decisive}},
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

// A log may be a display manager's own: a link is not followed to what only root may
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

// Who holds the lock keeps the display manager from starting: nobody but root may.
func TestLadderLock(t *testing.T) {
	run, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer run.Close()
	unlock, err := lockLadder(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if info, err := run.Stat("ladder.lock"); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// A unit of another name is asked and told in the display manager's stead;
// words for systemctl are not taken.
func TestUnit(t *testing.T) {
	for name, want := range map[string]bool{"kiosk.service": true, "getty@tty1.service": true, `a\x2db.service`: true, "--now.service": false, "-x.service": false, "x": false, "a b.service": false, ".service": false, "": false} {
		if got := unitName().MatchString(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
	if got := systemdOf(""); got != (systemd{"display-manager.service"}) {
		t.Errorf("%+v", got)
	}
	if got := systemdOf("kiosk.service"); got != (systemd{"kiosk.service"}) {
		t.Errorf("%+v", got)
	}
	var out, told strings.Builder
	if status := run([]string{"display", "started", "--unit", "--now"}, nil, &out, &told); status != exitUsage || !strings.Contains(told.String(), "no service's name") {
		t.Errorf("%d: %s", status, told.String())
	}
}

// The ladder of another machine, or of a container's host, is not this one's.
func TestMayTell(t *testing.T) {
	m := &machine{Machine: &inspect.Machine{Root: &rootfs.Root{Name: "a recording"}}}
	if err := m.mayTell(common{}); err == nil || !strings.Contains(err.Error(), "not the running machine") {
		t.Errorf("%v", err)
	}
	m = &machine{Machine: &inspect.Machine{Root: &rootfs.Root{Live: true}}}
	if err := m.mayTell(common{modules: "/x"}); err == nil {
		t.Error("another machine's modules")
	}
	if got, boots := m.mayTell(common{}), m.mayBoot(common{}, false); (got == nil) != (boots == nil) {
		t.Errorf("%v, a boot: %v", got, boots)
	}
}

// Where there are no steps none is next.
func TestSayNext(t *testing.T) {
	var out strings.Builder
	in := &invocation{stdout: &out}
	in.sayNext(&ladder{})
	if strings.Contains(out.String(), "0 of 0") || !strings.Contains(out.String(), "nothing to show a picture with") {
		t.Error(out.String())
	}
	out.Reset()
	in.sayNext(&ladder{rec: failsafe.Record{Unit: "kiosk.service", Facts: failsafe.Facts{Steps: []failsafe.Step{{Name: failsafe.Planned}}}}})
	if !strings.Contains(out.String(), "step 1 of 1") || !strings.Contains(out.String(), "systemctl restart kiosk ") {
		t.Error(out.String())
	}
}

// The line on the console says what was tried, what to look at and what to do.
func TestNoPicture(t *testing.T) {
	said := strings.Join(noPicture(failsafe.Decision{Failed: []failsafe.Failure{{Step: "planned", Why: "a"}, {Step: "driver fbdev", Why: "no screens found"}}}, "kiosk.service"), "\n")
	for _, want := range []string{"display.no-picture", "planned, driver fbdev", "no screens found", "attune display status", "attune display retry && systemctl restart kiosk"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
}
