package vm

import (
	"slices"
	"testing"

	"attune/internal/vm/job"
)

func TestStablePath(t *testing.T) {
	for _, c := range []struct{ name, path, want string }{
		{"a PCI address stays", "pci0000:00/0000:00:1f.2", "pci0000:00/0000:00:1f.2"},
		{"SCSI disk", "pci0000:00/0000:00:12.0/host1/target1:0:0/1:0:0:0", "pci0000:00/0000:00:12.0/host#/target#:0:0/#:0:0:0"},
		{"USB behind a hub", "pci0000:00/0000:00:06.0/usb1/1-4/1-4.1/1-4.1:1.0", "pci0000:00/0000:00:06.0/usb#/#-4/#-4.1/#-4.1:1.0"},
		{"HID", "usb1/1-1/1-1:1.0/0003:0627:0001.000A", "usb#/#-1/#-1:1.0/0003:0627:0001.#"},
		{"MMC card", "mmc_host/mmc0/mmc0:4567", "mmc_host/mmc#/mmc#:#"},
		{"made by a driver", "0000:00:1f.0/iTCO_wdt.1.auto", "0000:00:1f.0/iTCO_wdt.#.auto"},
		{"PNP keeps its number", "pnp0/00:03/rtc/rtc0", "pnp0/00:03/rtc/rtc#"},
		{"SATA port", "0000:00:1f.2/ata3/host4/target4:0:0", "0000:00:1f.2/ata#/host#/target#:0:0"},
	} {
		if got := stablePath(c.path); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// Two disks which swapped their host numbers are no difference; one disk less
// is one.
func TestMinus(t *testing.T) {
	disk := func(paths ...string) []string {
		s := &job.State{Modules: []string{"sd_mod"}}
		for _, p := range paths {
			s.Devices = append(s.Devices, job.Device{Path: p, Driver: "sd"})
		}
		return Facts(s)
	}
	two := disk("x/host0/target0:0:0/0:0:0:0", "x/host1/target1:0:0/1:0:0:0")
	swapped := disk("x/host1/target1:0:0/1:0:0:0", "x/host2/target2:0:0/2:0:0:0")
	one := disk("x/host0/target0:0:0/0:0:0:0")
	if d := minus(two, swapped); d != nil {
		t.Errorf("renumbered: %v", d)
	}
	if d := minus(one, two); d != nil {
		t.Errorf("one less: %v", d)
	}
	want := []string{"driver x/host#/target#:0:0/#:0:0:0 sd"}
	if d := minus(two, one); !slices.Equal(d, want) {
		t.Errorf("one more: got %v, want %v", d, want)
	}
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"module sg", "module sg", true},
		{"module sg", "module sgx", false},
		{"*", "", true},
		{"driver * sd", "driver a/b/c sd", true},
		{"driver * sd", "driver a/b/c sdx", false},
		{"q35-*a", "q35-banana", true},
	} {
		if got := glob(c.pattern, c.text); got != c.want {
			t.Errorf("glob(%q, %q) = %v", c.pattern, c.text, got)
		}
	}
}

// Rows are found by name, and names are file names of kept logs.
func TestMachineTable(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Machines {
		if seen[m.Name] || m.Why == "" || m.Board == "" {
			t.Errorf("machine %q: named twice, or without a board or a why", m.Name)
		}
		seen[m.Name] = true
		for i, a := range m.args("blank") {
			if a == "" {
				t.Errorf("machine %q: argument %d is empty", m.Name, i)
			}
		}
	}
	if len(Machines) < 24 {
		t.Errorf("%d machines, want two dozen", len(Machines))
	}
	for _, d := range Differences {
		if d.Why == "" || d.Fact == "" || (d.Side != Ours && d.Side != Theirs) {
			t.Errorf("difference %+v: not whole", d)
		}
	}
}
