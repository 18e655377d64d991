package initramfs

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestColdplug: it ends with attune, or with the time that is up, and leaves no
// process of its own behind.
func TestColdplug(t *testing.T) {
	for _, c := range []struct {
		name   string
		words  string // of the kernel command line
		attune string // what it does
		nap    string // how long the forty seconds are
		good   bool   // nothing is left for udev
		stays  bool   // attune goes on
	}{
		{name: "at rest", words: "quiet", attune: ": >DIR/initramfs/settled", nap: "40", good: true},
		{name: "not at rest", words: "quiet", attune: "exit 0", nap: "40"},
		{name: "it fails", attune: "exit 1", nap: "40"},
		{name: "beside udev's", words: "attune.initramfs=beside", attune: ": >DIR/initramfs/settled", nap: "40"},
		{name: "a driver that takes longer", attune: "exec /bin/sleep 20", nap: "0.3", stays: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			paths := strings.NewReplacer("/proc/cmdline", dir+"/cmdline", "/usr/bin/attune", dir+"/bin/attune", "/run/attune", dir, "/dev/kmsg", dir+"/kmsg", "/usr/lib/attune/initramfs", dir)
			scripts, _ := filepath.Glob("*[a-z]") // what it sources, too
			for _, name := range scripts {
				if text, err := os.ReadFile(name); err == nil && !strings.HasSuffix(name, ".go") {
					write(t, filepath.Join(dir, name), []byte(paths.Replace(string(text))))
				}
			}
			write(t, filepath.Join(dir, "cmdline"), []byte(c.words+"\n"))
			write(t, filepath.Join(dir, "initramfs/names"), nil)
			program(t, dir, "attune", strings.ReplaceAll(c.attune, "DIR", dir))
			program(t, dir, "sleep", "exec /bin/sleep "+c.nap)
			begin := time.Now()
			run := exec.Command("/bin/sh", filepath.Join(dir, "coldplug"))
			run.Env = []string{"PATH=" + filepath.Join(dir, "bin") + ":/usr/bin:/bin"}
			_ = run.Run() // how it ends is what is asked below
			if took := time.Since(begin); took > 10*time.Second {
				t.Errorf("it took %v", took)
			}
			if good := run.ProcessState.ExitCode() == 0; good != c.good {
				t.Errorf("it ends with %d, good: want %v", run.ProcessState.ExitCode(), c.good)
			}
			if runs(dir, "attune") != c.stays {
				t.Errorf("attune goes on: want %v", c.stays)
			}
			for i := 0; runs(dir, "sleep"); i++ {
				if i == 100 {
					t.Fatal("its sleep is left behind")
				}
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
}

// program puts a shell script there that leaves its process id behind.
func program(t *testing.T, dir, name, does string) {
	t.Helper()
	file := filepath.Join(dir, "bin", name)
	write(t, file, []byte("#!/bin/sh\necho $$ >"+dir+"/"+name+".pid\n"+does+"\n"))
	if err := os.Chmod(file, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if pid, ok := process(dir, name); ok {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may be over
		}
	})
}

func process(dir, name string) (pid int, ok bool) {
	text, err := os.ReadFile(filepath.Join(dir, name+".pid"))
	if err != nil {
		return 0, false
	}
	pid, err = strconv.Atoi(strings.TrimSpace(string(text)))
	return pid, err == nil && pid > 1
}

// runs: a process that ended and that nobody has waited for does not.
func runs(dir, name string) bool {
	pid, ok := process(dir, name)
	if !ok {
		return false
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	_, state, _ := strings.Cut(string(stat), ") ")
	return err == nil && !strings.HasPrefix(state, "Z")
}
