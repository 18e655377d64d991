package service

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"attune/fixtures"
	"attune/internal/bus/bustest"
	"attune/internal/corpus"
	"attune/internal/peer"
)

// What the service may cost, as people see it in top and powertop.
const (
	mostIdle  = 25 << 10 // kB resident once somebody has asked for all objects
	mostEver  = 40 << 10 // the same after a flood of calls
	mostWoken = 12       // times a thread woke in the time: the runtime's monitor once a minute, and whom it wakes
)

// TestCost runs the program as it is installed, on the machine of a capture with a
// kernel's modules, and looks at the process.
func TestCost(t *testing.T) {
	t.Parallel() // most of it is waiting for another process to do nothing
	if os.Getuid() != 0 {
		corpus.Missing(t, "not root: a machine's /sys cannot be put into a namespace")
	}
	tree, release := corpus.ModTree(t, "bookworm")
	d := &measured{address: bustest.Start(t)}
	d.start(t, "../../fixtures/machines/q35-biggest.txtar", "--modules", tree, "--release", release)
	client := bustest.Connect(t, d.address)
	until(t, "the service is there", func() bool {
		has, err := peer.Has(t.Context(), client, Name)
		return has && err == nil
	})
	all := peer.Peer{Conn: client, Name: Name, Path: Root}
	if err := all.Call(t.Context(), managed, "GetManagedObjects", nil); err != nil {
		t.Fatal(err)
	}
	idle := d.status(t, "VmRSS")
	t.Logf("resident %d kB, at the most %d kB", idle, d.status(t, "VmHWM"))
	if idle > mostIdle {
		t.Errorf("resident are %d kB, at most %d", idle, mostIdle)
	}
	d.sleeps(t)
	flood(t, d.address)
	if peak := d.status(t, "VmHWM"); peak > mostEver {
		t.Errorf("after a flood of calls: at the most %d kB, want %d", peak, mostEver)
	} else {
		t.Logf("after a flood of calls: at the most %d kB, now %d kB", peak, d.status(t, "VmRSS"))
	}
	d.sleeps(t)
}

// measured is a process that is looked at.
type measured struct {
	address string
	pid     int
}

// start runs the program where /sys is that of a capture, and no network is.
func (d *measured) start(t *testing.T, capture string, args ...string) {
	t.Helper()
	dir := t.TempDir()
	machine, _, err := fixtures.LoadFile(capture)
	if err == nil {
		err = os.Mkdir(filepath.Join(dir, "machine"), 0o755)
	}
	if err == nil {
		err = fixtures.Unpack(machine, filepath.Join(dir, "machine"))
	}
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "attune")
	build := exec.Command("../../scripts/go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, "attune/cmd/attune")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, said)
	}
	argv := append([]string{"--mount", "--net", "--propagation", "private", "sh", "-c",
		`mount --bind "$1" /sys && shift && exec "$@"`, "-", filepath.Join(dir, "machine/sys"), program, "daemon", "--address", d.address, "--idle", "0"}, args...)
	c := exec.Command("unshare", argv...)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	d.pid = c.Process.Pid
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		if said.Len() > 0 {
			t.Errorf("it said\n%s", &said)
		}
	})
}

// status is a number of proc_pid_status(5).
func (d *measured) status(t *testing.T, field string) (n int) {
	t.Helper()
	return number(t, fmt.Sprintf("/proc/%d/status", d.pid), field)
}

func number(t *testing.T, file, field string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			n, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("%s has no %s", file, field)
	return 0
}

// woken counts how often its threads went to sleep, which is as often as they
// were woken.
func (d *measured) woken(t *testing.T) (sum int) {
	t.Helper()
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", d.pid))
	for _, thread := range threads {
		sum += number(t, thread, "voluntary_ctxt_switches")
	}
	return sum
}

// sleeps holds that it does nothing while nobody wants anything: for a minute
// with ATTUNE_SOAK, else for some seconds.
func (d *measured) sleeps(t *testing.T) {
	t.Helper()
	settle, long := 3*time.Second, 5*time.Second
	if os.Getenv("ATTUNE_SOAK") != "" {
		long = time.Minute
	}
	time.Sleep(settle) // it is another process, in a time of its own
	before := d.woken(t)
	time.Sleep(long)
	n := d.woken(t) - before
	t.Logf("woken %d times in %v", n, long)
	if n > mostWoken {
		t.Errorf("woken %d times in %v, at most %d", n, long, mostWoken)
	}
}

// flood is 10,000 calls at once from several connections of two users. Some are
// refused.
func flood(t *testing.T, address string) {
	t.Helper()
	var all sync.WaitGroup
	for n := range 20 {
		conn := bustest.ConnectAs(t, address, []int{1, 65534}[n%2]) // users that every machine has
		all.Go(func() {
			done := make(chan *dbus.Call, 500)
			for i := range 500 {
				method, args := managed+".GetManagedObjects", []any(nil)
				path := dbus.ObjectPath(Root)
				if i%10 == 0 {
					method, path, args = machineIface+".Explain", MachinePath, []any{""}
				}
				conn.Object(Name, path).Go(method, 0, done, args...)
			}
			for range 500 {
				<-done
			}
			conn.Close()
		})
	}
	all.Wait()
}
