package boot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"attune/detect/kmod"
	"attune/detect/kmod/load"
	"attune/detect/uevent"
	"attune/fixtures"
)

// A rig is a machine made up for a test: a tree that grows as modules are
// loaded, a kernel that says so, and an image with modules.
type rig struct {
	t      *testing.T
	mu     sync.RWMutex
	tree   *fixtures.Tree
	events chan message
	seq    int
	order  []string                               // modules loaded, in the order they ended
	onLoad map[string]func(context.Context) error // what loading a module does besides
	log    bytes.Buffer
}

type message struct {
	ev  uevent.Event
	err error
}

const release = "6.1.0-test"

// newRig makes a machine with one image: lines "module: alias alias" and
// dependencies "module < needs". A module may stand with its folder below
// kernel/.
func newRig(t *testing.T, image ...string) *rig {
	r := &rig{t: t, tree: fixtures.New(), events: make(chan message, 20_000), onLoad: map[string]func(context.Context) error{}}
	var alias, dep strings.Builder
	for _, line := range image {
		name, aliases, _ := strings.Cut(line, ":")
		name, needs, _ := strings.Cut(strings.TrimSpace(name), " < ")
		fmt.Fprintf(&dep, "kernel/%s.ko:", name)
		if needs != "" {
			fmt.Fprintf(&dep, " kernel/%s.ko", needs)
		}
		dep.WriteString("\n")
		for _, a := range strings.Fields(aliases) {
			fmt.Fprintf(&alias, "alias %s %s\n", a, path.Base(name))
		}
	}
	r.file("lib/modules/"+release+"/modules.alias", alias.String())
	r.file("lib/modules/"+release+"/modules.dep", dep.String())
	if err := r.tree.AddDir("sys/devices"); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) file(name, text string) {
	if err := r.tree.AddFile(name, []byte(text)); err != nil {
		r.t.Error(err)
	}
}

// write is file while the machine runs.
func (r *rig) write(name, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.file(name, text)
}

// put makes a device appear without a word of the kernel's.
func (r *rig) put(device, subsystem, alias string, env ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	dir := "sys/devices/" + device
	text := strings.Join(append(env, ""), "\n")
	if alias != "" {
		text += "MODALIAS=" + alias + "\n"
		r.file(dir+"/modalias", alias+"\n")
	}
	r.file(dir+"/uevent", text)
	up := strings.Repeat("../", strings.Count(device, "/")+2)
	if err := r.tree.AddLink(dir+"/subsystem", up+"bus/"+subsystem); err != nil {
		r.t.Error(err)
	}
	if err := r.tree.AddLink("sys/bus/"+subsystem+"/devices/"+path.Base(device), "../../../devices/"+device); err != nil {
		r.t.Error(err)
	}
}

// plug makes a device appear and lets the kernel say so.
func (r *rig) plug(device, subsystem, alias string, env ...string) {
	r.put(device, subsystem, alias, env...)
	r.say("add", device, append(env, "SUBSYSTEM="+subsystem, "MODALIAS="+alias)...)
}

// bind gives a device its driver.
func (r *rig) bind(device, subsystem, driver string) {
	r.mu.Lock()
	r.file("sys/bus/"+subsystem+"/drivers/"+driver+"/uevent", "")
	up := strings.Repeat("../", strings.Count(device, "/")+2)
	if err := r.tree.AddLink("sys/devices/"+device+"/driver", up+"bus/"+subsystem+"/drivers/"+driver); err != nil {
		r.t.Error(err)
	}
	r.mu.Unlock()
	r.say("bind", device, "SUBSYSTEM="+subsystem, "DRIVER="+driver)
}

func (r *rig) say(action, device string, env ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seq++
	raw := fmt.Sprintf("%s@/devices/%s\x00ACTION=%[1]s\x00DEVPATH=/devices/%[2]s\x00SEQNUM=%d\x00%s\x00", action, device, r.seq, strings.Join(env, "\x00"))
	ev, err := uevent.Parse([]byte(raw))
	r.events <- message{ev, err}
}

// The rig as a Listener.

func (r *rig) Receive(ctx context.Context) (uevent.Event, error) {
	select {
	case m := <-r.events:
		return m.ev, m.err
	case <-ctx.Done():
		return uevent.Event{}, ctx.Err()
	}
}
func (r *rig) Stats() uevent.Stats { return uevent.Stats{} }
func (r *rig) Close() error        { return nil }

// The rig as an fs.FS that may grow while it is read.

func (r *rig) Open(name string) (fs.File, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.tree.Open(name)
}
func (r *rig) ReadFile(name string) ([]byte, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.tree.ReadFile(name)
}
func (r *rig) ReadDir(name string) ([]fs.DirEntry, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.tree.ReadDir(name)
}
func (r *rig) ReadLink(name string) (string, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.tree.ReadLink(name)
}
func (r *rig) Lstat(name string) (fs.FileInfo, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.tree.Lstat(name)
}

// load is the kernel taking a module: 10 ms, then whatever the test says.
func (r *rig) load(ctx context.Context, s kmod.Step) (load.Loading, error) {
	time.Sleep(10 * time.Millisecond)
	var err error
	if f := r.onLoad[s.Module]; f != nil {
		err = f(ctx)
	}
	r.mu.Lock()
	r.order = append(r.order, s.Module)
	r.mu.Unlock()
	return load.Loading{How: load.Direct, Attempts: 1}, err
}

func (r *rig) env() Env {
	return Env{
		Root: r, Modules: r, Release: release, Events: NewJournal(&r.log, 0, "test"), Load: r.load,
		Listen: func() (Listener, error) { return r, nil },
	}
}

func (r *rig) options(words string) Options {
	opt := ParseCmdline(words)
	for _, w := range opt.Warnings {
		r.t.Error(w)
	}
	return opt
}

func (r *rig) boot(words string) Report {
	return New(r.env(), r.options(words)).Run(context.Background())
}

// loaded asserts which modules are in the kernel, in any order.
func (r *rig) loaded(want ...string) {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	got := slices.Sorted(slices.Values(r.order))
	slices.Sort(want)
	if !slices.Equal(got, want) {
		r.t.Errorf("loaded %q, want %q", got, want)
	}
}

// entries are the lines of events.jsonl of one kind.
func (r *rig) entries(kind string) (list []Entry) {
	for line := range strings.Lines(r.log.String()) {
		var e Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			r.t.Fatalf("events.jsonl: %v in %q", err, line)
		}
		if e.Kind == kind {
			list = append(list, e)
		}
	}
	return list
}

var errBroken = fmt.Errorf("module init: %w", os.ErrInvalid)
