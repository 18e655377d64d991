package vm

import (
	"strings"
	"testing"

	"attune/internal/vm/job"
)

// A machine without a disk, whose root comes over the network, comes up as any
// other, and its link is as the initramfs left it to the end.
func TestImageNetworkRoot(t *testing.T) {
	Available(t)
	t.Parallel()
	g := ImageGuest{Kernel: imageKernel(t, "trixie"), Machine: machine(t, "x-std"), Bus: BusNBD, Append: "attune.keyboard.layout=de", Files: imageFiles,
		After: []job.Step{
			{Do: job.Read, Name: "disk", Paths: []string{"sys/block/nbd0/size", "sys/block/nbd0/pid"}},
			{Do: job.Read, Name: "network", Paths: []string{"proc/net/route", "proc/net/fib_trie", "sys/class/net/*/address"}},
		}}
	x := bootImage(t, g)
	checkImage(t, x)
	checkPlanned(t, imagePlan(t, x), x)
	checkLayout(t, x, "de")
	checkStarts(t, x, 1)
	savePictures(t, "image", t.Name(), x)
	var link string
	network := found(x.Result, "network")
	for name, mac := range network {
		if strings.TrimSpace(string(mac)) == job.BootMAC {
			link = strings.Split(name, "/")[3]
		}
	}
	if link == "" {
		t.Fatalf("the link to the server has gone: %q", network)
	}
	if !strings.Contains(string(network["proc/net/fib_trie"]), job.BootAddress) {
		t.Errorf("%s has lost its address:\n%s", link, network["proc/net/fib_trie"])
	}
	routed := false
	for line := range strings.Lines(string(network["proc/net/route"])) {
		f := strings.Fields(line)
		routed = routed || len(f) > 2 && f[0] == link && f[1] == "00000000" && f[2] == "0202000A" // 10.0.2.2, in the processor's order
	}
	if !routed {
		t.Errorf("%s has lost its route:\n%s", link, network["proc/net/route"])
	}
	if pid := found(x.Result, "disk")["sys/block/nbd0/pid"]; len(pid) == 0 {
		t.Error("the connection to the server of the root image has ended")
	}
	if disks := found(x.Result, "disk")["sys/block/nbd0/size"]; strings.TrimSpace(string(disks)) == "0" || len(disks) == 0 {
		t.Errorf("the root is not on the network: nbd0 has size %q", disks)
	}
}
