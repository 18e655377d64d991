package files

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attune/detect/edid/timing"
	"attune/internal/corpus"
	"attune/internal/xtest"
	"attune/xconfig"
	"attune/xconfig/display"
	"attune/xconfig/input"
)

// TestHeadlessRuns starts X with what is written for a machine without a
// display: it shows a picture of just the size that was asked for.
func TestHeadlessRuns(t *testing.T) {
	dummyX(t)
	for _, size := range []string{"1280x800", "3840x2160", "7680x4320", "640x480"} {
		f := xconfig.Facts{Image: xconfig.Image{XServer: "/usr/lib/xorg/Xorg", Drivers: []string{"dummy", "modesetting"}}}
		d := display.Plan(f, xconfig.Preferences{Headless: size})
		files, notes := For(d, input.Plan(f, xconfig.Preferences{}, d), f.Image)
		log := startX(t, confDir(t, files))
		says(t, log, fmt.Sprint(size, notes), "DUMMY(0): Virtual size is "+size, "DUMMY(0): *Mode \""+size+"\"")
	}
}

// TestMonitorSectionsCount starts X with Monitor sections for an output the
// dummy driver has: X finds them by the name and does what they say.
func TestMonitorSectionsCount(t *testing.T) {
	dummyX(t)
	m := timing.DMTBySize(1280, 1024, 75, false).Mode
	on := xconfig.Output{Card: "c", Connector: "Virtual-1", XName: "DUMMY0", State: "on", Rotate: "normal", Scale: 1}
	forced, turned, off := on, on, on
	forced.Mode, forced.Forced = m, true
	turned.Rotate, turned.Mode, turned.Forced = "left", m, true
	off.State = "off"
	plain := startX(t, confDir(t, []xconfig.File{dummyDevice}))
	says(t, plain, "nothing said", "Output DUMMY0 has no monitor section")
	if strings.Contains(plain, "1280x1024_75.02") {
		t.Errorf("X takes the mode by itself:\n%s", plain)
	}
	tests := []struct {
		name string
		out  xconfig.Output
		want []string
	}{
		{"a mode the display did not name", forced, []string{"Output DUMMY0 using monitor section DUMMY0", "Output DUMMY0 using initial mode 1280x1024_75.02 +0+0"}},
		{"a mode and a turn", turned, []string{"Option \"Rotate\" \"left\"", "Output DUMMY0 using initial mode 1280x1024_75.02 +0+0"}},
		{"off", off, []string{"Output DUMMY0 disabled by config file"}},
	}
	for _, test := range tests {
		files, _ := For(xconfig.DisplayPlan{Outputs: []xconfig.Output{test.out}}, xconfig.InputPlan{}, xtest.Debian12)
		says(t, startX(t, confDir(t, append(files, dummyDevice))), test.name, test.want...)
	}
}

// dummyDevice has X use the dummy driver, as a kernel driver's card would be
// used without a word.
var dummyDevice = xconfig.File{Dir: xconfig.DirXorg, Name: "50-test.conf", Data: []byte(
	"Section \"Device\"\n\tIdentifier \"test\"\n\tDriver \"dummy\"\n\tVideoRam 65536\nEndSection\n" +
		"Section \"Screen\"\n\tIdentifier \"test\"\n\tDevice \"test\"\n\tDefaultDepth 24\n\tSubSection \"Display\"\n\t\tVirtual 2048 2048\n\tEndSubSection\nEndSection\n")}

func dummyX(t *testing.T) {
	t.Helper()
	for _, path := range []string{"/usr/lib/xorg/Xorg", "/usr/lib/xorg/modules/drivers/dummy_drv.so"} {
		if _, err := os.Stat(path); err != nil {
			corpus.Missing(t, "install xserver-xorg-core and xserver-xorg-video-dummy: %v", err)
		}
	}
	if os.Geteuid() != 0 {
		t.Skip("X wants a console, and root for it")
	}
}

func confDir(t *testing.T, files []xconfig.File) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		if f.Dir != xconfig.DirXorg {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func says(t *testing.T, log, about string, lines ...string) {
	t.Helper()
	for _, want := range lines {
		if !strings.Contains(log, want) {
			t.Errorf("%s: X does not say %s:\n%s", about, want, log[max(0, len(log)-4000):])
		}
	}
}

// startX runs a server until it takes clients, and gives its log. It shares
// whatever console there is and reads no mice and keyboards.
func startX(t *testing.T, dir string) string {
	t.Helper()
	ready, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer ready.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	log := filepath.Join(t.TempDir(), "log")
	cmd := exec.CommandContext(ctx, "/usr/lib/xorg/Xorg", fmt.Sprintf(":%d", 51000+rand.IntN(8000)), "-config", os.DevNull, "-configdir", dir,
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
