// Package nettest gives a test networks of its own: namespaces, the links between
// them, and routers that announce themselves.
//
// It is for tests alone; nothing of it is in the attune program.
package nettest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"attune/internal/corpus"
)

// inside marks the program that Main started.
const inside = "ATTUNE_NETTEST"

// Main runs a package's tests in a network and a mount namespace of their own, with
// a /sys that shows this network: call it from TestMain. All threads are in them,
// unlike those of a test that leaves its network by itself. Who may not make
// namespaces runs them as they are, and Need then ends those that cannot be.
func Main(m *testing.M) {
	if os.Getenv(inside) != "" || os.Geteuid() != 0 {
		os.Exit(run(m))
	}
	runtime.LockOSThread() // Pdeathsig goes by the thread
	again := exec.Command("/proc/self/exe", os.Args[1:]...)
	again.Env = append(os.Environ(), inside+"=1")
	again.Stdin, again.Stdout, again.Stderr = os.Stdin, os.Stdout, os.Stderr
	again.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNET | unix.CLONE_NEWNS, Pdeathsig: unix.SIGKILL}
	err := again.Run()
	if again.ProcessState == nil {
		fmt.Fprintln(os.Stderr, "no namespaces can be made:", err)
		os.Exit(run(m))
	}
	os.Exit(again.ProcessState.ExitCode())
}

func run(m *testing.M) int {
	if os.Getenv(inside) == "" {
		return m.Run()
	}
	err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "")
	if err == nil {
		err = unix.Mount("sysfs", "/sys", "sysfs", 0, "")
	}
	if errors.Is(err, unix.EBUSY) { // there already: a test has started itself again
		err = nil
	}
	if err == nil {
		err = exec.Command("ip", "link", "set", "lo", "up").Run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "setting up the tests' own namespaces:", err)
		return 1
	}
	return m.Run()
}

// Need ends a test that Main could not give a network.
func Need(t testing.TB) {
	t.Helper()
	if os.Getenv(inside) == "" {
		corpus.Missing(t, "no network namespace can be made: not root")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		corpus.Missing(t, "ip is not installed")
	}
}

// IP runs one command of iproute2 in the test's own network.
func IP(t testing.TB, args string) string {
	t.Helper()
	out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput()
	if err != nil {
		t.Errorf("ip %s: %v: %s", args, err, out)
	}
	return string(out)
}

// A Space is another network.
type Space struct {
	t    testing.TB
	Path string // of its file, as ip's netns argument takes it
	work chan func()
}

// NewSpace makes one, which ends with the test.
func NewSpace(t testing.TB) *Space {
	t.Helper()
	Need(t)
	s := &Space{t: t, work: make(chan func())}
	ready := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends, and its network with it
		err := unix.Unshare(unix.CLONE_NEWNET)
		s.Path = fmt.Sprintf("/proc/%d/task/%d/ns/net", os.Getpid(), unix.Gettid())
		ready <- err
		for f := range s.work {
			f()
		}
	}()
	t.Cleanup(func() { close(s.work) })
	if err := <-ready; err != nil {
		t.Fatalf("making a network namespace: %v", err)
	}
	s.IP("link set lo up")
	return s
}

// Do runs f on a thread that is in it. Sockets made there stay in it.
func (s *Space) Do(f func()) {
	done := make(chan struct{})
	s.work <- func() { defer close(done); f() }
	<-done
}

// IP runs one command of iproute2 in it.
func (s *Space) IP(args string) (out string) {
	s.t.Helper()
	s.Do(func() { out = IP(s.t, args) })
	return out
}

// Cable lays one from the test's own network to s, with an end of that name in each.
// It is gone when the test ends.
func (s *Space) Cable(here, there string) {
	s.t.Helper()
	IP(s.t, "link add "+here+" type veth peer name "+there+" netns "+s.Path)
	s.t.Cleanup(func() {
		if _, err := os.Stat("/sys/class/net/" + here); err == nil {
			IP(s.t, "link del "+here)
		}
	})
}
