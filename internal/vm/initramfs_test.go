package vm

import (
	"encoding/json"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"attune/detect/kmod"
	program "attune/internal/boot"
	"attune/internal/vm/job"
)

func initramfs(t testing.TB, suite, tool string) Initramfs {
	t.Helper()
	i, err := InitramfsOf(suite, tool)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// initramfsRecord is what attune did in there.
var initramfsRecord = job.Step{Do: job.Read, Name: "initramfs", Paths: []string{
	"run/attune/initramfs/*", "run/udev/rules.d/*", "proc/mounts"}}

// shortInitramfs is which rows of TestInitramfs are booted unless a long run is
// asked for: each suite, tool and bus at least once.
var shortInitramfs = []string{
	"bookworm/initramfs-tools/virtio_blk", "bookworm/dracut/nvme",
	"trixie/initramfs-tools/nvme", "trixie/initramfs-tools/usb_storage", "trixie/dracut/ahci", "trixie/dracut/usb_storage",
}

// In an initramfs of Debian's own making, attune's coldplug instead of udev's
// leads to the root on whatever bus it is, and the boot in there knows of it.
func TestInitramfs(t *testing.T) {
	Available(t)
	for _, suite := range Suites {
		for _, tool := range InitramfsTools {
			for _, c := range []struct{ bus, driver string }{
				{"", "virtio_blk"},
				{"sata", "ahci"},
				{"nvme", "nvme"},
				{"usb", "usb_storage"},
			} {
				name := suite + "/" + tool + "/" + c.driver
				if os.Getenv("ATTUNE_SOAK") == "" && !slices.Contains(shortInitramfs, name) {
					continue
				}
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					i := initramfs(t, suite, tool)
					m := machine(t, "q35-bare")
					m.SMP = 2
					r := initramfsOK(t, withAttune(t, Guest{Kernel: i.Kernel, Initrd: i.With(), Bus: c.bus, Machine: m, Job: job.Job{Steps: []job.Step{
						initramfsRecord,
						{Do: job.Exec, Name: "links", Argv: []string{"busybox", "ls", "/dev/disk/by-uuid"}},
						{Do: job.Snapshot, Name: "there"},
						{Do: job.Exec, Name: "boot", Argv: []string{"attune", "boot", "--json"}},
						{Do: job.Read, Name: "record", Paths: []string{"run/attune/machine.json"}},
					}}}))
					record := initramfsReport(t, r)
					maskGone(t, r)
					if !ended(record, tool) || !loaded(record, c.driver) && !slices.Contains(record.Running, c.driver) {
						t.Errorf("at rest %v, loaded %v: want %s among them", record.Settled, record.Summary().Loaded, c.driver)
					}
					files := step(t, r, "initramfs").Files
					if _, ok := files["run/attune/initramfs/instead"]; !ok {
						t.Errorf("udev's trigger went through everything: %v", slices.Sorted(names(files)))
					}
					if !strings.Contains(string(files["proc/mounts"]), " / erofs ro") {
						t.Errorf("the root is not the image:\n%s", files["proc/mounts"])
					}
					if links := step(t, r, "links").Stdout; !strings.Contains(links, "5a1e55a1") {
						t.Errorf("udev made no link for the root: %q", links)
					}
					handedOver(t, r, tool)
				})
			}
		}
	}
}

// handedOver: the boot in the real root, which has no udevd here, knows what
// was done before it and finds none of that left to do.
func handedOver(t *testing.T, r job.Result, tool string) {
	t.Helper()
	var there program.Report
	if err := json.Unmarshal(step(t, r, "record").Files["run/attune/machine.json"], &there); err != nil {
		t.Fatal(err)
	}
	if there.Initramfs == nil || !there.Initramfs.Settled && tool != "dracut" {
		t.Fatalf("the boot in the real root knows nothing of the initramfs: %+v", there.Initramfs)
	}
	for _, l := range there.Initramfs.Loads {
		if l.Err == "" && loaded(there, l.Module) {
			t.Errorf("%s was loaded in the initramfs, and again", l.Module)
		}
	}
}

// ended: by itself, at rest; or in dracut's, where the boot goes on beside it, as
// soon as the root was there, and not because it took too long.
func ended(r program.Report, tool string) bool {
	return r.Settled || tool == "dracut" && r.Took < program.DefaultDeadline
}

func initramfsReport(t *testing.T, r job.Result) (record program.Report) {
	t.Helper()
	files := step(t, r, "initramfs").Files
	data, ok := files["run/attune/initramfs/machine.json"]
	if !ok {
		t.Fatalf("no record of attune in the initramfs: %v\n%s", slices.Sorted(names(files)), said(r.Dmesg))
	}
	if err := json.Unmarshal(data, &record); err != nil {
		t.Fatal(err)
	}
	t.Logf("reached the root after %.2f s; %s", reached(t, r), strings.ReplaceAll(strings.TrimSpace(record.Text()), "\n", "; "))
	return record
}

// said is what attune's scripts and systemd left in the kernel's log.
func said(dmesg string) string {
	var lines []string
	for line := range strings.Lines(dmesg) {
		if strings.Contains(line, "attune") || strings.Contains(line, "systemd") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

func names(files map[string][]byte) iter.Seq[string] { return maps.Keys(files) }

func loaded(r program.Report, module string) bool { return slices.Contains(r.Summary().Loaded, module) }

func reached(t *testing.T, r job.Result) float64 {
	t.Helper()
	up, err := Reached(r)
	if err != nil {
		t.Fatal(err)
	}
	return up
}

func initramfsOK(t *testing.T, g Guest) job.Result {
	t.Helper()
	r, err := BootInitramfs(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	if err := stepErrors(r); err != nil {
		t.Fatal(err)
	}
	return r
}

// A driver whose firmware is not in the initramfs is loaded from the real root,
// and one that is denied is loaded in neither, whoever says so and where.
func TestInitramfsLeaves(t *testing.T) {
	Available(t)
	for _, tool := range InitramfsTools {
		t.Run(tool, func(t *testing.T) {
			t.Parallel()
			i := initramfs(t, Suites[0], tool)
			m := machine(t, "q35-bare")
			m.Devices = append(slices.Clone(m.Devices), "i82559er,netdev=*", "virtio-scsi-pci", "nvme,drive=*,serial=n")
			r := initramfsOK(t, withAttune(t, Guest{Kernel: i.Kernel, Initrd: i.With(), Machine: m,
				Append: "attune.deny=nvme modprobe.blacklist=virtio_scsi", Job: job.Job{Steps: []job.Step{
					initramfsRecord,
					{Do: job.Snapshot, Name: "there"},
					{Do: job.Exec, Name: "boot", Argv: []string{"attune", "boot", "--json"}},
					{Do: job.Snapshot, Name: "after"},
					{Do: job.Read, Name: "record", Paths: []string{"run/attune/machine.json"}},
				}}}))
			record := initramfsReport(t, r)
			handedOver(t, r, tool)
			if tool == "initramfs-tools" && !slices.ContainsFunc(record.Plan.Denied, func(d kmod.Denial) bool { // dracut takes no network drivers
				return d.Module == "e100" && d.By == kmod.ByInitramfs && strings.Contains(d.Source, "e100/")
			}) {
				t.Errorf("e100 is not left for its firmware: %+v", record.Plan.Denied)
			}
			there, after := step(t, r, "there").Snapshot.Modules, step(t, r, "after").Snapshot.Modules
			if slices.Contains(there, "e100") || !slices.Contains(after, "e100") {
				t.Errorf("e100 in the initramfs: %v, in the real root: %v", slices.Contains(there, "e100"), slices.Contains(after, "e100"))
			}
			for _, denied := range []string{"nvme", "virtio_scsi"} {
				if slices.Contains(after, denied) {
					t.Errorf("%s is denied, and loaded", denied)
				}
			}
		})
	}
}
