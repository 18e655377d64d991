package load

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"golang.org/x/sys/unix"
)

// A Kernel is everything Loader does to the machine, pulled out so that a
// test can stand in for it. NewKernel gives the real one.
type Kernel struct {
	Finit func(fd int, params string, flags int) error // finit_module(2)
	Init  func(image []byte, params string) error      // init_module(2)
	Memfd func(name string) (*os.File, error)          // memfd_create(2), an unnamed file in memory
	Run   func(script string, args, env []string) error
}

// NewKernel is the running kernel.
func NewKernel() Kernel {
	return Kernel{Finit: unix.FinitModule, Init: unix.InitModule, Memfd: memfd, Run: runShell}
}

func memfd(name string) (*os.File, error) {
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("making a file in memory: %w", err)
	}
	return os.NewFile(uintptr(fd), name), nil
}

// afterShell is how long what the shell left in the background is listened to.
// A daemon keeps its end of the pipe for ever; it finds ours closed then.
const afterShell = time.Second

// runShell runs one modprobe.d command as modprobe does, by the shell. It has
// no deadline: a command which loads a slow driver must not die half way.
func runShell(script string, args, env []string) error {
	cmd := exec.Command("/bin/sh", append([]string{"-c", script, "sh"}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	if os.Getenv("PATH") == "" {
		cmd.Env = append(cmd.Env, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
	}
	out := tail{max: 1024}
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = afterShell
	err := cmd.Run()
	if errors.Is(err, exec.ErrWaitDelay) { // the shell itself ended well
		err = nil
	}
	if text := bytes.TrimSpace(out.buf); err != nil && len(text) > 0 {
		return fmt.Errorf("%w, saying %q", err, text)
	}
	return err
}

// A tail keeps the last max bytes written to it, so that a talkative command
// costs no memory.
type tail struct {
	buf []byte
	max int
}

func (t *tail) Write(p []byte) (int, error) {
	t.buf = append(t.buf, p...)
	if over := len(t.buf) - t.max; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
	}
	return len(p), nil
}
