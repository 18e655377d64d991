package vm

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// How QEMU runs a guest's code.
const (
	accelTCG = "tcg,thread=multi,tb-size=512"
	accelKVM = "kvm"
)

var accelLock sync.Mutex

// Accel says how to run guests here: what ATTUNE_VM_ACCEL says, "tcg" or
// "kvm", or else KVM when a guest comes up under it within five seconds. The
// device alone proves nothing: nested virtualisation can open, start and then
// hang for ever. The answer holds until the host boots again.
func Accel(ctx context.Context, k Kernel) (string, error) {
	switch os.Getenv("ATTUNE_VM_ACCEL") {
	case "tcg":
		return accelTCG, nil
	case "kvm":
		return accelKVM, nil
	}
	accelLock.Lock()
	defer accelLock.Unlock()
	f, err := os.OpenFile("/dev/kvm", os.O_RDWR, 0)
	if err != nil {
		return accelTCG, nil
	}
	f.Close()
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	verdict := filepath.Join(cache, "accel")
	bootID := readTrimmed("/proc/sys/kernel/random/boot_id")
	if saved := strings.Fields(readTrimmed(verdict)); len(saved) == 2 && saved[0] == bootID {
		return saved[1], nil
	}
	accel, err := probeKVM(ctx, k)
	if err != nil {
		return "", err
	}
	return accel, os.WriteFile(verdict, []byte(bootID+" "+accel+"\n"), 0o644)
}

// probeKVM boots a guest with nothing to do. Whatever goes wrong speaks
// against KVM, unless it was the caller who ran out of time. A QEMU which the
// kernel does not even let die is not waited for.
func probeKVM(ctx context.Context, k Kernel) (string, error) {
	const limit, toDie = 5 * time.Second, 10 * time.Second
	g := Guest{Kernel: k, Machine: Machine{Name: "kvm-probe", Board: "q35"}, Deadline: limit}
	works := make(chan bool, 1)
	go func() {
		_, err := boot(ctx, g, accelKVM)
		works <- err == nil
	}()
	select {
	case ok := <-works:
		if ok {
			return accelKVM, nil
		}
	case <-time.After(limit + toDie):
	}
	return accelTCG, ctx.Err()
}

func readTrimmed(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}
