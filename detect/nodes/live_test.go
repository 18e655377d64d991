package nodes_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"attune/detect"
	"attune/detect/drm"
	"attune/detect/nodes"
	"attune/internal/rootfs"
)

// inGuest is set where this test program runs as root on the machine of
// TestInQEMU.
const inGuest = "ATTUNE_NODES_GUEST"

func TestGuest(t *testing.T) {
	if os.Getenv(inGuest) == "" {
		t.Skip("runs in the machine of TestInQEMU")
	}
	r, err := rootfs.Open("/")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	sys, err := fs.Sub(r.FS, "sys")
	if err != nil {
		t.Fatal(err)
	}
	inv := detect.Scan(sys)
	began := time.Now()
	g := detect.ScanGraphics(r.FS, inv, nodes.Live())
	graphics := time.Since(began)
	inputs, problems := detect.ScanInputs(r.FS, nodes.Live())
	t.Logf("graphics %v, inputs %v, emulated", graphics, time.Since(began)-graphics)
	if len(g.Problems)+len(problems) > 0 {
		t.Errorf("%v %v", g.Problems, problems)
	}
	for _, c := range g.Cards {
		sameAsSysfs(t, r.FS, c)
		noMaster(t, c.Node)
		if err := drm.Probe(c.Node); err != nil {
			t.Errorf("%s: %v", c.Node, err)
		}
		noMaster(t, c.Node)
	}
	tablets := 0
	for _, in := range inputs {
		axes, err := nodes.Live().Axes(in.Node)
		if err != nil {
			t.Errorf("%s: %v", in.Name, err)
		}
		if strings.Contains(in.Name, "Tablet") {
			tablets++
			if len(axes) < 2 || axes[0] != (detect.Axis{Max: 32767}) {
				t.Errorf("%s: axes %v", in.Name, axes)
			}
		}
	}
	t.Logf("%d cards, %d inputs, %d tablets\n%s", len(g.Cards), len(inputs), tablets, detect.RecordNodes(r.FS, nodes.Live()))
	if len(g.Cards) != 2 || tablets != 2 {
		t.Errorf("%d cards, %d tablets of 2 and 2", len(g.Cards), tablets)
	}
	recorded := fstext{string(detect.RecordNodes(r.FS, nodes.Live()))}
	again := detect.ScanGraphics(r.FS, inv, detect.NodesOf(recorded))
	for i, c := range again.Cards {
		for j, con := range c.Connectors {
			if live := g.Cards[i].Connectors[j]; con.Name != live.Name || con.NonDesktop != live.NonDesktop || con.Orientation != live.Orientation {
				t.Errorf("recorded %+v, live %+v", con, live)
			}
		}
	}
}

// TestGuestUdev runs when udevd has: what it says of cards and input devices is
// what we say without it.
func TestGuestUdev(t *testing.T) {
	if os.Getenv(inGuest) == "" {
		t.Skip("runs in the machine of TestInQEMU")
	}
	r, err := rootfs.Open("/")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	hidden := withoutRun{r.FS}
	with, without := detect.ScanGraphics(r.FS, detect.Inventory{}, nil), detect.ScanGraphics(hidden, detect.Inventory{}, nil)
	for i, c := range with.Cards {
		if c.ID != without.Cards[i].ID {
			t.Errorf("card %q by udev, %q by us", c.ID, without.Cards[i].ID)
		}
		t.Logf("%s %s", c.ID, c.Driver)
	}
	theirs, _ := detect.ScanInputs(r.FS, nil)
	ours, _ := detect.ScanInputs(hidden, nil)
	for i, in := range theirs {
		t.Logf("%q %v by %s, ours %v, ignored %q", in.Name, in.Kinds, in.KindsWhy, ours[i].Kinds, in.Ignored)
		if in.KindsWhy != "udev" || ours[i].KindsWhy != "capabilities" || !slices.Equal(in.Kinds, ours[i].Kinds) {
			t.Errorf("%q: %v by %s, ours %v", in.Name, in.Kinds, in.KindsWhy, ours[i].Kinds)
		}
	}
	if len(with.Cards) != 2 || len(theirs) < 4 {
		t.Errorf("%d cards, %d inputs", len(with.Cards), len(theirs))
	}
}

// withoutRun is a machine on which udev has not run.
type withoutRun struct{ fs.FS }

func (w withoutRun) Open(name string) (fs.File, error) {
	if strings.HasPrefix(name, "run/") {
		return nil, fs.ErrNotExist
	}
	return w.FS.Open(name)
}

func (w withoutRun) ReadLink(name string) (string, error)   { return fs.ReadLink(w.FS, name) }
func (w withoutRun) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(w.FS, name) }

// sameAsSysfs: the node has the connectors that sysfs has, and the ids where
// the kernel shows them (since 6.5).
func sameAsSysfs(t *testing.T, root fs.FS, c detect.Card) {
	t.Helper()
	facts, err := nodes.Live().Connectors(c.Node)
	if err != nil || len(facts) != len(c.Connectors) || len(facts) == 0 {
		t.Fatalf("%s: %d connectors by node, %d by sysfs, %v", c.ID, len(facts), len(c.Connectors), err)
	}
	for i, f := range facts {
		if f.Name != c.Connectors[i].Name || f.ID == 0 {
			t.Errorf("%s: connector %d is %+v by node, %q by sysfs", c.ID, i, f, c.Connectors[i].Name)
		}
		id, err := fs.ReadFile(root, "sys/class/drm/"+strings.TrimPrefix(c.Node, "dri/")+"-"+f.Name+"/connector_id")
		t.Logf("%s %s id %d, sysfs says %q (%v)", c.ID, f.Name, f.ID, strings.TrimSpace(string(id)), err)
	}
}

// noMaster: after our questions somebody else can be the card's master, while
// an ordinary opener before us still has it open.
func noMaster(t *testing.T, node string) {
	t.Helper()
	fd, err := unix.Open("/dev/"+node, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	ioctl := func(number uintptr) unix.Errno {
		_, _, err := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), number, 0)
		return err
	}
	const set, drop = 0x641e, 0x641f
	if err := ioctl(drop); err != 0 { // the first opener is master
		t.Errorf("%s: opening it did not give us mastership (%v): somebody has it", node, err)
	}
	if _, err := nodes.Live().Connectors(node); err != nil {
		t.Error(err)
	}
	if err := ioctl(set); err != 0 {
		t.Errorf("%s: becoming master after our questions: %v", node, err)
	}
	if _, err := nodes.Live().Connectors(node); err != nil { // beside a master
		t.Error(err)
	}
	if err := drm.Probe(node); err == nil {
		t.Errorf("%s: probed beside a master", node)
	}
}

// fstext is a tree with one file, NodesFile.
type fstext struct{ text string }

func (f fstext) Open(string) (fs.File, error)    { return nil, fs.ErrNotExist }
func (f fstext) ReadFile(string) ([]byte, error) { return []byte(f.text), nil }
