package vm

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"attune/internal/vm/job"
)

// A Guest is one boot: which kernel, on which machine, to do what.
type Guest struct {
	Kernel  Kernel
	Machine Machine
	Job     job.Job

	Append   string                              // more words for the kernel command line
	Payload  map[string]string                   // programs for the guest's /run/vm: name -> file on the host
	Layer    string                              // a folder on the host, laid over the root image; with Job.System
	Initrd   string                              // an initramfs which mounts the root by itself, see BootInitramfs
	Bus      string                              // what the root image and the state disk hang on: of Buses, "" is virtio
	State    string                              // the file of a disk that keeps what a guest writes, "" for none
	Deadline time.Duration                       // 4 minutes when 0; waiting for a turn does not count
	ReadOnly bool                                // the state disk cannot be written
	Cut      time.Duration                       // the power goes this long after CutFrom came over the console; then there is no result but the console's
	CutFrom  string                              // the guest program's first word when ""
	Alone    bool                                // no other guest of ours runs meanwhile: for timing
	OnStart  func(m *Monitor) error              // called while the machine's firmware starts
	OnMark   func(name string, m *Monitor) error // called for each mark step, while the guest goes on

	net []string // QEMU's arguments for the card that the root image comes by
}

// Boot runs a guest to its end and gives its result. When anything breaks, the
// error quotes the end of the console and names the file with all of it.
func Boot(ctx context.Context, g Guest) (job.Result, error) {
	accel, err := Accel(ctx, g.Kernel)
	if err != nil {
		return job.Result{}, err
	}
	slots := 1
	if g.Alone {
		slots = Slots
	}
	release, err := takeSlots(ctx, slots)
	if err != nil {
		return job.Result{}, err
	}
	defer release()
	return boot(ctx, g, accel)
}

// A bench is the folder one QEMU works in.
type bench struct{ dir string }

func (b bench) path(name string) string { return filepath.Join(b.dir, name) }

func boot(ctx context.Context, g Guest, accel string) (job.Result, error) {
	dir, err := os.MkdirTemp("", "attune-vm-")
	if err != nil {
		return job.Result{}, err
	}
	defer os.RemoveAll(dir)
	b := bench{dir}
	if g.Bus == BusNBD {
		port, stop, err := serveNBD(filepath.Join(g.Kernel.Dir, "root.erofs"))
		if err != nil {
			return job.Result{}, fmt.Errorf("serving the image of machine %s: %w", g.Machine.Name, err)
		}
		defer stop()
		var words string
		g.net, words = netRoot(port)
		g.Append += " " + words
	}
	if err := b.prepare(g); err != nil {
		return job.Result{}, fmt.Errorf("preparing machine %s: %w", g.Machine.Name, err)
	}
	runErr := b.run(ctx, g, accel)
	if errors.Is(runErr, errNotStarted) && ctx.Err() == nil {
		runErr = b.run(ctx, g, accel)
	}
	if g.Cut > 0 && errors.Is(runErr, errCut) {
		return job.Result{Console: b.said()}, nil
	}
	r, err := b.result()
	r.Console = b.said()
	if stepErrors(r) != nil {
		keepFailed(g.name()+".dmesg", []byte(r.Dmesg))
	}
	if err == nil && r.Err != "" {
		err = errors.New(r.Err)
	}
	if err = cmp.Or(runErr, err); err != nil {
		err = fmt.Errorf("booting %s on %s: %w\n%s", g.Kernel.Release, g.Machine.Name, err, b.console(g))
	}
	return r, err
}

const (
	diskSize   = 64 << 20 // a power of two, or sd-card refuses it
	resultSize = 64 << 20
)

// prepare makes the disks and the initramfs.
func (b bench) prepare(g Guest) error {
	for name, size := range map[string]int64{"blank": diskSize, "results": resultSize} {
		f, err := os.Create(b.path(name))
		if err != nil {
			return err
		}
		if err := cmp.Or(f.Truncate(size), f.Close()); err != nil {
			return err
		}
	}
	if g.Initrd != "" {
		payload, err := payloadTar(g)
		if err != nil {
			return err
		}
		return os.WriteFile(b.path("payload"), payload, 0o644)
	}
	base, err := os.ReadFile(filepath.Join(g.Kernel.Dir, "initrd"))
	if err != nil {
		return err
	}
	payload, err := payload(g)
	if err != nil {
		return err
	}
	return os.WriteFile(b.path("initrd"), append(base, payload...), 0o644)
}

// payload is the part of the initramfs which is this guest's own.
func payload(g Guest) ([]byte, error) {
	guest, err := buildTool("./internal/vm/guest")
	if err != nil {
		return nil, err
	}
	j, err := json.Marshal(g.Job)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	c := newCPIO(&buf)
	c.char("dev/console", 5, 1)
	c.file(job.File, 0o644, j)
	files := map[string]string{"init": guest}
	for name, path := range g.Payload {
		files[job.Payload+"/"+name] = path
	}
	if len(g.Payload) == 0 {
		c.parents(job.Payload + "/")
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		data, err := os.ReadFile(files[name])
		if err != nil {
			return nil, err
		}
		c.file(name, 0o755, data)
	}
	if g.Layer != "" {
		if err := c.tree(job.Layer, g.Layer); err != nil {
			return nil, err
		}
	}
	return buf.Bytes(), c.close()
}

// kernelWords are on every guest's command line. panic=-1 with -no-reboot: a
// panic ends QEMU, not the deadline. no_timer_check: on a busy host the
// kernel's test of the timer interrupt fails now and then, and it panics.
// Pictures show this line: it stays short.
const kernelWords = "console=ttyS0 quiet panic=-1 mitigations=off no_timer_check"

// args is QEMU's whole command line.
func (b bench) args(g Guest, accel string) []string {
	args := []string{
		"-nodefaults", "-no-user-config", "-display", "none", "-vga", "none", "-nic", "none",
		"-no-reboot", "-rtc", "base=utc", "-cpu", "max", "-accel", accel,
		"-kernel", filepath.Join(g.Kernel.Dir, g.Machine.kernel()), "-initrd", cmp.Or(g.Initrd, b.path("initrd")),
		"-append", strings.Join(strings.Fields(kernelWords+" "+g.Machine.Append+" "+g.Append), " "),
		"-serial", "file:" + b.path("console"),
		"-qmp", "unix:" + b.path("qmp") + ",server=on,wait=off",
		"-qmp", "unix:" + b.path(lastQMP) + ",server=on,wait=off",
		"-device", fmt.Sprintf("isa-debug-exit,iobase=%#x,iosize=1", job.ExitPort),
		"-drive", "if=none,id=results,format=raw,cache=unsafe,file=" + b.path("results"),
		"-device", "virtio-blk-pci,drive=results,serial=" + job.ResultDisk,
	}
	args = append(args, disks(g)...)
	if g.Initrd != "" {
		args = append(args,
			"-drive", "if=none,id=payload,format=raw,readonly=on,cache=unsafe,file="+b.path("payload"),
			"-device", "virtio-blk-pci,drive=payload,serial="+job.PayloadDisk)
	}
	return append(args, g.Machine.args(b.path("blank"))...)
}

// exitStatus is QEMU's after the guest's last word; its own troubles are 1.
const exitStatus = 2*job.ExitByte + 1

// run starts QEMU and sees it end.
func (b bench) run(ctx context.Context, g Guest, accel string) error {
	limit := cmp.Or(g.Deadline, 4*time.Minute)
	ctx, cancel := context.WithTimeout(ctx, limit+lastWordsLimit)
	defer cancel()
	var late atomic.Bool
	defer time.AfterFunc(limit, func() {
		late.Store(true)
		b.lastWords(ctx)
		cancel()
	}).Stop()
	var said bytes.Buffer
	q := exec.CommandContext(ctx, "qemu-system-x86_64", b.args(g, accel)...)
	q.Stdout, q.Stderr = &said, &said
	q.WaitDelay = 5 * time.Second
	// Should the test die without a word, its machines die with it.
	q.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := q.Start(); err != nil {
		return err
	}
	marks := make(chan error, 1)
	go func() {
		err := b.followMarks(ctx, g.OnStart, g.OnMark)
		if err != nil {
			cancel() // what the guest would go on with is not what was asked for
		}
		marks <- err
	}()
	go b.watchStart(ctx, cancel)
	cut := b.cutLater(ctx, g.Cut, cmp.Or(g.CutFrom, job.Hello), cancel)
	err := q.Wait()
	expired := ctx.Err()
	cancel()
	markErr := <-marks
	var exit *exec.ExitError
	switch {
	case cut():
		return errCut
	case late.Load():
		return fmt.Errorf("not done after %v: %w", limit, context.DeadlineExceeded)
	case expired == nil && errors.As(err, &exit) && exit.ExitCode() != exitStatus:
		return fmt.Errorf("qemu: %w: %s", err, bytes.TrimSpace(said.Bytes()))
	case markErr != nil:
		return markErr
	case !b.started():
		return errNotStarted
	case expired != nil:
		return expired
	case err != nil && exit == nil:
		return err
	}
	return nil
}

// What a guest that is late may still take to tell where it is.
const (
	lastWordsLimit = 20 * time.Second
	lastQMP        = "qmp.last"
	lastRegisters  = "registers"
)

// lastWords has the kernel of a guest that is late say on the console where
// each of its tasks is, and QEMU where its processors are.
func (b bench) lastWords(ctx context.Context) {
	m, err := b.monitor(ctx, lastQMP)
	if err != nil {
		return // so it has ended, or QEMU hangs
	}
	defer m.close()
	var registers string
	if m.Ask("human-monitor-command", map[string]any{"command-line": "info registers -a"}, &registers) == nil {
		os.WriteFile(b.path(lastRegisters), []byte(registers), 0o644)
	}
	if m.Do("inject-nmi", nil) == nil {
		m.untilEnd(lastWordsLimit)
	}
}

// errNotStarted: a kernel under emulation on a busy host now and then hangs or
// panics on its way up. That says nothing about what the guest was to show, so
// it is tried once more.
var errNotStarted = errors.New("the guest program did not start")

const startLimit = 90 * time.Second

// errCut: the power went, as was asked for.
var errCut = errors.New("the power was cut")

// cutLater ends the machine some time after a word came over the console, and
// gives a function to ask whether it has.
func (b bench) cutLater(ctx context.Context, after time.Duration, word string, end context.CancelFunc) func() bool {
	var done atomic.Bool
	if after > 0 {
		go func() {
			for !strings.Contains(b.said(), word) {
				if pause(ctx) != nil {
					return
				}
			}
			select {
			case <-ctx.Done():
			case <-time.After(after):
				done.Store(true)
				end()
			}
		}()
	}
	return done.Load
}

// started says whether the guest program has said its first word.
func (b bench) started() bool {
	data, err := os.ReadFile(b.path("console"))
	return err == nil && bytes.Contains(data, []byte(job.Hello))
}

// watchStart ends the machine when its guest program does not start in time.
func (b bench) watchStart(ctx context.Context, end context.CancelFunc) {
	for limit := time.Now().Add(startLimit); !b.started(); {
		if time.Now().After(limit) {
			end()
			return
		}
		if pause(ctx) != nil {
			return // ended, or out of time as a whole: for others to judge
		}
	}
}

// result reads what the guest wrote to its result disk.
func (b bench) result() (job.Result, error) {
	var r job.Result
	f, err := os.Open(b.path("results"))
	if err != nil {
		return r, err
	}
	defer f.Close()
	head := make([]byte, len(job.Magic)+17)
	if _, err := f.Read(head); err != nil {
		return r, err
	}
	var n int
	if _, err := fmt.Sscanf(string(head), job.Magic+"%d\n", &n); err != nil || n > resultSize {
		return r, errors.New("the guest ended without a result")
	}
	data := make([]byte, n)
	if _, err := f.ReadAt(data, int64(len(head))); err != nil {
		return r, fmt.Errorf("reading the result: %w", err)
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("reading the result: %w", err)
	}
	return r, nil
}

// said is all that came over the console.
func (b bench) said() string {
	data, _ := os.ReadFile(b.path("console"))
	return string(data)
}

// console gives the end of the console log, and where all of it is kept.
func (b bench) console(g Guest) string {
	data, _ := os.ReadFile(b.path("console"))
	registers, _ := os.ReadFile(b.path(lastRegisters))
	quoted := quote(string(data))
	for line := range strings.Lines(string(registers)) {
		if strings.Contains(line, "RIP=") {
			quoted += "\n" + strings.TrimSpace(line)
		}
	}
	data = append(data, registers...)
	kept := keepFailed(g.name()+".log", data)
	return fmt.Sprintf("console (%s):\n%s", kept, quoted)
}

// name is what files kept of a boot are called.
func (g Guest) name() string { return g.Kernel.Suite + "-" + g.Machine.Name }

// keepFailed keeps what a boot that went wrong had to tell, and says where.
func keepFailed(name string, data []byte) string {
	cache, err := cacheDir()
	if err != nil {
		return "not kept"
	}
	f := filepath.Join(cache, "failed", name)
	if os.MkdirAll(filepath.Dir(f), 0o755) != nil || os.WriteFile(f, data, 0o644) != nil {
		return "not kept"
	}
	return f
}

// quote is the end of a console's text, or of what came before a panic's list
// of tasks.
func quote(console string) string {
	const ends, most, after = "Kernel panic", 25, 3
	lines := strings.Split(strings.TrimSpace(console), "\n")
	if i := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, ends) }); i >= 0 {
		lines = lines[:min(i+after, len(lines))]
	}
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}
