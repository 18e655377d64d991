// Package bustest runs buses of a test's own.
package bustest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"

	"attune/internal/corpus"
)

// config lets everybody do everything, with the limits of a system bus.
const config = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/><allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/><allow receive_type="method_return"/><allow receive_type="error"/><allow receive_type="signal"/>
  </policy>
  <limit name="max_replies_per_connection">50000</limit>
  <limit name="max_connections_per_user">1000</limit>
</busconfig>
`

// Start runs a bus until the test ends and gives its address.
func Start(t testing.TB) string {
	t.Helper()
	address, _ := StartToKill(t)
	return address
}

// StartToKill is Start for a bus that goes before the test ends.
func StartToKill(t testing.TB) (address string, kill func()) {
	t.Helper()
	return start(t, config)
}

// StartSystem is Start for a bus that allows what Debian's system bus does, and
// besides what some policy files say.
func StartSystem(t testing.TB, policies ...string) string {
	t.Helper()
	const file = "/usr/share/dbus-1/system.conf"
	stock, err := os.ReadFile(file)
	if err != nil {
		corpus.Missing(t, "%s is not installed", file)
	}
	head, rest, _ := strings.Cut(string(stock), "<listen>")
	_, rest, _ = strings.Cut(rest, "</listen>")
	// Another user, a process of its own, and what it would start: not in a test.
	head = strings.NewReplacer("<user>messagebus</user>", "", "<fork/>", "", "<pidfile>", "<!--", "</pidfile>", "-->", "<syslog/>", "", "<standard_system_servicedirs/>", "").Replace(head)
	rest, _, ok := strings.Cut(rest, "<includedir>")
	if !ok {
		t.Fatalf("%s is not what it was", file)
	}
	var all strings.Builder
	for _, p := range policies {
		path, err := filepath.Abs(p)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "<include>%s</include>", path)
	}
	address, _ := start(t, strings.ReplaceAll(head, "%", "%%")+"<listen>unix:path=%s</listen>"+strings.ReplaceAll(rest, "%", "%%")+all.String()+"</busconfig>")
	return address
}

func start(t testing.TB, config string) (address string, kill func()) {
	t.Helper()
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		corpus.Missing(t, "dbus-daemon is not installed")
	}
	dir, err := os.MkdirTemp("", "bus") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "conf")
	if err := os.WriteFile(file, fmt.Appendf(nil, config, filepath.Join(dir, "socket")), 0o644); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("dbus-daemon", "--config-file="+file, "--nofork", "--nopidfile", "--nosyslog", "--print-address=1")
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	t.Cleanup(kill)
	said := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n')
		said <- strings.TrimSpace(line)
	}()
	select {
	case address := <-said:
		if address != "" {
			return address, kill
		}
		t.Fatal("dbus-daemon ended and said no address")
	case <-time.After(10 * time.Second):
		t.Fatal("dbus-daemon said no address in 10 s")
	}
	return "", nil
}

// Connect is one more connection to a bus, until the test ends.
func Connect(t testing.TB, address string) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(address, dbus.WithSignalHandler(dbus.NewSequentialSignalHandler()))
	if err != nil {
		t.Fatalf("joining the bus of the test: %v", err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// ConnectAs is a connection of another user, who may be none of the machine's.
// Only root can be several users.
func ConnectAs(t testing.TB, address string, uid int) *dbus.Conn {
	t.Helper()
	if os.Geteuid() != 0 {
		corpus.Missing(t, "not root: no connections of other users can be made")
	}
	conn, err := as(uid, func() (*dbus.Conn, error) {
		return dbus.Connect(address, dbus.WithAuth(dbus.AuthExternal(strconv.Itoa(uid))), dbus.WithSignalHandler(dbus.NewSequentialSignalHandler()))
	})
	if err != nil {
		t.Fatalf("joining the bus of the test as user %d: %v", uid, err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// as runs f on a thread of the user: whom the bus takes a connection to be from
// is settled as it is made. The thread ends with it.
func as(uid int, f func() (*dbus.Conn, error)) (conn *dbus.Conn, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked
		// The call of package syscall is for all threads of the process.
		if _, _, e := unix.RawSyscall(unix.SYS_SETRESUID, ^uintptr(0), uintptr(uid), ^uintptr(0)); e != 0 {
			err = e
			return
		}
		conn, err = f()
	}()
	<-done
	return conn, err
}
