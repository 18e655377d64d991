package vm

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attune/internal/records/powercut"
	"attune/internal/vm/job"
)

const powerMounted = "VM-POWER mounted"

// powerScript waits for what the boot itself writes to be under way, says how
// the state disk is, and writes records until the power goes. It runs from
// there on, so that cuts fall into the boot too.
const powerScript = `exec >/dev/console 2>&1
until grep -q ' /var/lib/attune ext4 rw' /proc/self/mounts; do sleep 0.2; done
echo "` + powerMounted + `"
sh /run/vm/writer %d
echo "VM-POWER the writer ended"`

// The power goes at random moments of a boot and of writing records: after
// each, the disk is whole and no record lost or half written, and at the end
// there is a boot to the picture with nothing to tell.
func TestImagePowerCut(t *testing.T) {
	Available(t)
	t.Parallel()
	cuts := 3
	if os.Getenv("ATTUNE_SOAK") != "" {
		cuts = 50
	}
	disk, err := StateDisk{}.Make(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	var said strings.Builder
	mounted := 0
	for i := range cuts {
		// A third of the cuts fall into the boot, after its first seconds, which
		// are the kernel's and keep nothing; the others into writing.
		from, after := "", 5*time.Second+time.Duration(r.Int64N(int64(25*time.Second)))
		if i%3 != 0 {
			from, after = powerMounted, time.Duration(r.Int64N(int64(20*time.Second)))
		}
		top := powercut.Read(said.String()).Top
		console := cutPower(t, disk, top, from, after)
		said.WriteString(console)
		mounted += strings.Count(console, powerMounted)
		now := powercut.Read(said.String())
		t.Logf("cut %d, %.1f s after %q: %d records written before", i+1, after.Seconds(), from, now.Top-top)
		if strings.Contains(console, "VM-POWER the writer ended") {
			t.Errorf("the writer came to an end: %s", tail(console, 5))
		}
		if err := powercut.Check(os.DirFS(stateAfter(t, disk)), now); err != nil {
			t.Errorf("cut %d: %v", i+1, err)
		}
	}
	x := bootImage(t, ImageGuest{Machine: machine(t, "x-std"), State: disk})
	checkImage(t, x)
	checkStarts(t, x, 1)
	checkShown(t, x, "1600x900")
	for _, f := range toldBy(t, x) {
		if strings.HasPrefix(f.ID, "records.") || strings.HasPrefix(f.ID, "state.") {
			t.Errorf("after the cuts: %+v", f)
		}
	}
	top := powercut.Read(said.String()).Top
	t.Logf("%d boots cut, %d of them with the disk mounted, %d records written", cuts, mounted, top)
	if top == 0 {
		t.Errorf("no record was written in %d boots: nothing was tried", cuts)
	}
}

// cutPower boots, writes on from a number and loses its power; what came over
// the console is what was promised.
func cutPower(t *testing.T, disk string, top int, from string, after time.Duration) string {
	t.Helper()
	x, err := BootImage(t.Context(), ImageGuest{
		Kernel: imageKernel(t, "trixie"), Machine: machine(t, "x-std"), State: disk, Cut: max(after, time.Millisecond), CutFrom: from,
		Append: "systemd.mask=lightdm.service", // its processor time goes to writing
		Files:  map[string]string{"run/vm/writer": powercut.Script},
		Steps:  []job.Step{{Do: job.Exec, Name: "writing", Argv: []string{"sh", "-c", fmt.Sprintf(powerScript, top)}, Seconds: 600}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return x.Console
}

// stateAfter is a root whose state directory is what the disk holds once its
// journal is played back, as mounting it does. The disk itself stays as it is.
func stateAfter(t *testing.T, disk string) string {
	t.Helper()
	dir := t.TempDir()
	root := filepath.Join(dir, "var/lib/attune")
	if err := os.MkdirAll(filepath.Dir(root), 0o755); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(dir, "copy.img")
	for _, argv := range [][]string{
		{"cp", "--sparse=always", disk, copied},
		{"e2fsck", "-E", "journal_only", "-p", copied},
		{"e2fsck", "-f", "-n", copied}, // whole by its journal alone
		{"mkdir", root},
		{"debugfs", "-R", "rdump / " + root, copied},
	} {
		c := exec.Command(argv[0], argv[1:]...)
		c.Env = append(os.Environ(), "PATH="+os.Getenv("PATH")+":/usr/sbin:/sbin")
		if c.Path == argv[0] { // not in PATH of an ordinary user
			c.Path = filepath.Join("/usr/sbin", argv[0])
			c.Err = nil
		}
		if said, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", strings.Join(argv, " "), err, said)
		}
	}
	return dir
}
