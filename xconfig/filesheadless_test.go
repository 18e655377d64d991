package xconfig

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attune/internal/corpus"
)

// TestHeadlessRuns starts X with what is written for a machine without a
// display: it shows a picture of just the size that was asked for.
func TestHeadlessRuns(t *testing.T) {
	for _, path := range []string{"/usr/lib/xorg/Xorg", "/usr/lib/xorg/modules/drivers/dummy_drv.so"} {
		if _, err := os.Stat(path); err != nil {
			corpus.Missing(t, "install xserver-xorg-core and xserver-xorg-video-dummy: %v", err)
		}
	}
	if os.Geteuid() != 0 {
		t.Skip("X wants a console, and root for it")
	}
	for i, size := range []string{"1280x800", "3840x2160", "7680x4320", "640x480"} {
		f := Facts{Image: Image{XServer: "/usr/lib/xorg/Xorg", Drivers: []string{"dummy", "modesetting"}}}
		d := PlanDisplays(f, Preferences{Headless: size})
		files, notes := Files(d, PlanInputs(f, Preferences{}, d), f.Image)
		dir := t.TempDir()
		for _, file := range files {
			if file.Dir != DirXorg {
				continue
			}
			if err := os.WriteFile(filepath.Join(dir, file.Name), file.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		log := startX(t, dir, i)
		for _, want := range []string{"DUMMY(0): Virtual size is " + size, "DUMMY(0): *Mode \"" + size + "\""} {
			if !strings.Contains(log, want) {
				t.Errorf("%s: X does not say %s (%v):\n%s", size, want, notes, log[max(0, len(log)-3000):])
			}
		}
	}
}

// startX runs a server until it takes clients, and gives its log. It shares
// whatever console there is and reads no mice and keyboards.
func startX(t *testing.T, dir string, number int) string {
	t.Helper()
	ready, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer ready.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	log := filepath.Join(t.TempDir(), "log")
	cmd := exec.CommandContext(ctx, "/usr/lib/xorg/Xorg", fmt.Sprintf(":%d", 51000+os.Getpid()%8000+number), "-config", os.DevNull, "-configdir", dir,
		"-logfile", log, "-nolisten", "tcp", "-nolisten", "unix", "-nolock", "-novtswitch", "-sharevts", "-noreset", "-displayfd", "3")
	cmd.Env = []string{"PATH=/usr/bin:/bin"}
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	said, _ := io.ReadAll(io.LimitReader(ready, 2))
	cancel()
	cmd.Wait()
	text, _ := os.ReadFile(log)
	if len(said) == 0 && strings.Contains(string(text), "xf86OpenConsole") {
		t.Skip("there is no console for X here")
	}
	return string(text)
}
