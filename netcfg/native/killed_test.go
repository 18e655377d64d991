package native

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"attune/netcfg"
)

// victim names the directory of records in a process that is to be killed.
const victim = "ATTUNE_NATIVE_VICTIM"

// TestVictim is that process; by itself it tests nothing.
func TestVictim(t *testing.T) {
	files := os.Getenv(victim)
	if files == "" {
		return
	}
	b := &bed{t: t, files: dir(files)}
	b.open()
	for {
		other := static()
		other.ID, other.MTU, other.IPv6, other.Routes = "other", 0, netcfg.IP{Method: netcfg.Off}, nil
		for _, p := range []netcfg.Profile{static(), other} {
			if err := b.up(p); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Down(t.Context(), b.link("va")); err != nil {
			t.Fatal(err)
		}
	}
}

// A daemon that is killed at any moment leaves behind what the next one can undo.
func TestKilled(t *testing.T) {
	b := newBed(t)
	b.boot()
	back, err := b.Snapshot(t.Context(), b.link("va"))
	if err != nil {
		t.Fatal(err)
	}
	b.Close()
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 8 {
		c := exec.Command("/proc/self/exe", "-test.run=^TestVictim$")
		c.Env = append(os.Environ(), victim+"="+string(b.files))
		c.Stderr = os.Stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.IntN(1500)) * time.Millisecond)
		c.Process.Kill()
		if err := c.Wait(); err == nil || c.ProcessState.Exited() {
			t.Fatalf("it ended by itself: %v", err)
		}
		b.open()
		if i%2 == 0 {
			err = b.Forget(t.Context(), b.link("va"))
		} else {
			err = b.Restore(t.Context(), b.link("va"), back)
		}
		if err != nil {
			t.Errorf("undoing: %v", err)
		}
		b.isAsBooted()
		b.isFreeOfFiles()
		b.Close()
		if t.Failed() {
			return
		}
	}
}
