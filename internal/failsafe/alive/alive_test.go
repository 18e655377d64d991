package alive

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"attune/internal/corpus"
)

// listen stands in for a server: it answers each connection by what reply
// makes of the first n bytes.
func listen(t *testing.T, file string, n int, reply func([]byte) []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			got := make([]byte, n)
			if _, err := io.ReadFull(c, got); err == nil {
				c.Write(reply(got))
			}
			defer c.Close()
		}
	}()
}

func TestLook(t *testing.T) {
	root := t.TempDir()
	if got := Look(t.Context(), root); len(got) != 0 {
		t.Errorf("in an empty machine: %+v", got)
	}
	listen(t, filepath.Join(root, "tmp/.X11-unix/X0"), 12, func(asked []byte) []byte {
		if asked[0] != 'l' || binary.LittleEndian.Uint16(asked[2:]) == 11 {
			t.Errorf("greeted by % x", asked) // 11 would make us a client
		}
		return append([]byte{0, 5, 11, 0, 0, 0, 2, 0}, "wrong"...)
	})
	listen(t, filepath.Join(root, "tmp/.X11-unix/X1"), 12, func([]byte) []byte { return nil }) // hangs up or hangs
	sockets := "Num RefCount Protocol Flags Type St Inode Path\n" +
		"0: 00000002 00000000 00010000 0001 01 1 /tmp/.X11-unix/X2\n" +
		"0: 00000003 00000000 00000000 0001 03 2 /tmp/.X11-unix/X0\n" +
		"0: 00000003 00000000 00000000 0001 03 3 @/tmp/.X11-unix/X1\n"
	listen(t, filepath.Join(root, "tmp/.X11-unix/X2"), 12, func([]byte) []byte {
		t.Error("one without clients was asked")
		return nil
	})
	for name, text := range map[string]string{"proc/net/unix": sockets, "tmp/.X2-lock": "      4711\n", "proc/4711/comm": "Xorg\n"} {
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	calledBack := func([]byte) []byte {
		var out []byte
		for _, word := range []uint32{2, 12 << 16, 7} {
			out = binary.NativeEndian.AppendUint32(out, word)
		}
		return out
	}
	for _, name := range []string{"run/user/116/wayland-0", "run/user/1000/gamescope-0", "run/weston/wayland-1"} {
		listen(t, filepath.Join(root, name), 12, calledBack)
	}
	if err := os.WriteFile(filepath.Join(root, "run/user/116/wayland-0.lock"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
	defer cancel()
	got := Look(ctx, root)
	me := os.Getpid()
	want := []Server{{Name: "X0", PID: me}, {Name: "X2", PID: 4711, Quiet: true},
		{Name: "gamescope-0 of 1000", PID: me}, {Name: "wayland-0 of 116", PID: me}, {Name: "wayland-1 of weston", PID: me}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// What anybody may put into /tmp keeps nobody waiting.
func TestLockIsNoFile(t *testing.T) {
	root := t.TempDir()
	listen(t, filepath.Join(root, "tmp/.X11-unix/X0"), 12, func([]byte) []byte { return nil })
	if err := unix.Mkfifo(filepath.Join(root, "tmp/.X0-lock"), 0o666); err != nil {
		t.Fatal(err)
	}
	done := make(chan []Server, 1)
	go func() { done <- Look(t.Context(), root) }()
	select {
	case got := <-done:
		if len(got) != 0 {
			t.Errorf("%+v", got)
		}
	case <-time.After(2 * patience):
		t.Fatal("it waits for a FIFO")
	}
}

func TestUnseen(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "proc/77")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		comm, cmdline string
		want          bool
	}{
		{"Xorg", "/usr/lib/xorg/Xorg\x00:0", true},
		{"Xvfb", "Xvfb\x00:0", false},
		{"Xorg", "/usr/lib/xorg/Xorg\x00:10\x00-config\x00xrdp/xorg.conf", false},
	} {
		for name, data := range map[string]string{"comm": row.comm + "\n", "cmdline": row.cmdline} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got := shows(root, 77); got != row.want {
			t.Errorf("%s %q: %v", row.comm, row.cmdline, got)
		}
	}
	if !shows(root, 78) {
		t.Error("one that cannot be looked at does not count")
	}
}

// However many names a user listens on, the first servers of the machine are
// asked.
func TestSocketsOrder(t *testing.T) {
	root := t.TempDir()
	for n := range 60 {
		listen(t, filepath.Join(root, fmt.Sprintf("tmp/.X11-unix/X%d", 10+n)), 12, func([]byte) []byte { return nil })
	}
	listen(t, filepath.Join(root, "tmp/.X11-unix/X9"), 12, func([]byte) []byte { return nil })
	got := sockets(root, xSockets)
	if len(got) != maxSockets || filepath.Base(got[0]) != "X9" || filepath.Base(got[1]) != "X10" {
		t.Errorf("%q", got)
	}
	if os.Geteuid() != 0 {
		t.Skip("only root gives files away")
	}
	if err := os.Chown(filepath.Join(root, "tmp/.X11-unix/X9"), 1000, 1000); err != nil {
		t.Fatal(err)
	}
	if got := sockets(root, xSockets); filepath.Base(got[0]) != "X10" || slices.Contains(got, filepath.Join(root, "tmp/.X11-unix/X9")) {
		t.Errorf("a user's before root's: %q", got)
	}
}

// Whose a server is: root's and a service's count, a user's where he sits here.
func TestAtSeat(t *testing.T) {
	const here, afar = "UID=1000\nSEAT=seat0\nTTY=tty7\n", "UID=1000\nREMOTE=1\n"
	for _, row := range []struct {
		name, status, group string
		sessions            map[string]string
		want                bool
	}{
		{"root's", "Uid:\t0\t0\t0\t0\n", "0::/user.slice/user-0.slice/session-3.scope\n", map[string]string{"3": "UID=0\n"}, true},
		{"a kiosk's service", "Uid:\t1000\t1000\n", "0::/system.slice/kiosk.service\n", map[string]string{}, true},
		{"a user at the machine", "Uid:\t1000\t1000\n", "0::/user.slice/user-1000.slice/session-c1.scope\n", map[string]string{"c1": here}, true},
		{"a compositor of his own manager", "Uid:\t1000\t1000\n", "0::/user.slice/user-1000.slice/user@1000.service/session.slice/x.service\n", map[string]string{"c1": here}, true},
		{"somebody from afar", "Uid:\t1000\t1000\n", "0::/user.slice/user-1000.slice/session-2.scope\n", map[string]string{"2": afar}, false},
		{"while another sits here", "Uid:\t1001\t1001\n", "0::/user.slice/user-1001.slice/session-2.scope\n", map[string]string{"2": "UID=1001\n", "c1": here}, false},
		{"the same user, from afar", "Uid:\t1000\t1000\n", "0::/user.slice/user-1000.slice/session-2.scope\n", map[string]string{"2": afar, "c1": here}, false},
		{"no sessions are kept", "Uid:\t1000\t1000\n", "0::/user.slice/user-1000.slice/session-2.scope\n", nil, true},
		{"nothing is known of it", "", "", map[string]string{"c1": here}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			root := t.TempDir()
			files := map[string]string{"proc/77/cgroup": row.group}
			if row.status != "" {
				files["proc/77/status"] = "Name:\tXorg\n" + row.status
			}
			if row.sessions != nil {
				files["run/systemd/sessions/.keep"] = ""
			}
			for name, text := range row.sessions {
				files["run/systemd/sessions/"+name] = text
			}
			for name, text := range files {
				if err := os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got := atSeat(root, 77); got != row.want {
				t.Error(got)
			}
		})
	}
}

// A lock with the number of root's process beside a user's socket is no server.
func TestLockOfAnother(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root gives files away")
	}
	root := t.TempDir()
	socket := filepath.Join(root, "tmp/.X11-unix/X5")
	listen(t, socket, 12, func([]byte) []byte { return nil })
	for name, text := range map[string]string{"tmp/.X5-lock": "        77\n", "proc/77/comm": "Xorg\n", "proc/77/status": "Uid:\t0\t0\t0\t0\n"} {
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := Look(t.Context(), root); len(got) != 1 {
		t.Errorf("root's own: %+v", got)
	}
	if err := os.Chown(socket, 1000, 1000); err != nil {
		t.Fatal(err)
	}
	if got := Look(t.Context(), root); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// A real Xorg answers, and being asked is nothing to it: without -noreset the
// end of its only client would have it begin anew, with -terminate end.
func TestRealX(t *testing.T) {
	const server, driver = "/usr/lib/xorg/Xorg", "/usr/lib/xorg/modules/drivers/dummy_drv.so"
	for _, name := range []string{server, driver} {
		if _, err := os.Stat(name); err != nil {
			corpus.Missing(t, "no %s: install xserver-xorg-core xserver-xorg-video-dummy", name)
		}
	}
	if os.Geteuid() != 0 {
		t.Skip("Xorg on the dummy driver wants root here")
	}
	dir := t.TempDir()
	conf := filepath.Join(dir, "x.conf")
	text := "Section \"ServerFlags\"\n\tOption \"AutoAddDevices\" \"false\"\n\tOption \"AutoAddGPU\" \"false\"\nEndSection\nSection \"Device\"\n\tIdentifier \"d\"\n\tDriver \"dummy\"\nEndSection\n"
	if err := os.WriteFile(conf, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, "log")
	x := exec.Command(server, ":8731", "-config", conf, "-configdir", dir, "-logfile", log, "-terminate", "-novtswitch", "-sharevts", "-nolisten", "tcp", "vt63")
	ended := make(chan error, 1)
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { ended <- x.Wait() }()
	t.Cleanup(func() { x.Process.Kill() })
	quiet := true
	found := func() bool {
		for _, s := range Look(t.Context(), "/") {
			if s.Name == "X8731" && s.PID == x.Process.Pid && s.Quiet == quiet {
				return true
			}
		}
		return false
	}
	for range 60 {
		if found() {
			break
		}
		select {
		case err := <-ended:
			said, _ := os.ReadFile(log)
			if os.Getenv("ATTUNE_REQUIRE") == "" {
				t.Skipf("Xorg does not run on the dummy driver here: %v", err)
			}
			t.Fatalf("Xorg: %v\n%s", err, said)
		case <-time.After(100 * time.Millisecond):
		}
	}
	if !found() {
		said, _ := os.ReadFile(log)
		t.Fatalf("Xorg does not answer\n%s", said)
	}
	client, err := net.Dial("unix", "/tmp/.X11-unix/X8731")
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Write([]byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(client, make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	quiet = false
	for range 3 {
		if !found() {
			t.Error("it does not answer")
		}
	}
	select {
	case err := <-ended:
		t.Errorf("asking ended it: %v", err)
	case <-time.After(500 * time.Millisecond):
	}
}
