package vm

import (
	"regexp"
	"slices"
	"strings"

	"attune/internal/vm/job"
)

// Facts gives what of a state must be the same whoever loaded the modules:
// "module sg", "driver pci0000:00/0000:00:03.0 e1000e", sorted. What the
// kernel numbers in the order of loading has # for the number, so a fact may
// come more than once.
func Facts(s *job.State) []string {
	var out []string
	for _, m := range s.Modules {
		out = append(out, "module "+m)
	}
	for _, d := range s.Devices {
		if d.Driver != "" {
			out = append(out, "driver "+stablePath(d.Path)+" "+d.Driver)
		}
	}
	slices.Sort(out)
	return out
}

// unstable are the parts of a device path which depend on who came first.
var unstable = []struct{ find, replace string }{
	{`^mmc\d+:[0-9a-f]{4}$`, "mmc#:#"}, // MMC host:address, which the card makes up; newer QEMU anew each boot
	{`^(host|input|event|card|nvme|mmc|ata|serio|i2c-|usb|rtc|rport-|end_device-|port-|phy-|expander-|wdt|hwmon|thermal_zone|parport|lp|gameport|virtio|fb|floppy\.|ttyUSB)\d[\d:.\-]*$`, "$1#"},
	{`^target\d+:(\d+:\d+)$`, "target#:$1"},           // SCSI host:channel:target
	{`^\d+:(\d+:\d+:\d+)$`, "#:$1"},                   // SCSI host:channel:target:lun
	{`^\d+-(\d[\d.]*(:\d+\.\d+)?)$`, "#-$1"},          // USB bus-port[.port]:configuration.interface
	{`^([0-9A-F]{4}(:[0-9A-F]{4}){2})\.\S+$`, "$1.#"}, // HID bus:vendor:product.instance
	{`^hdaudioC\d+(D\d+)$`, "hdaudioC#$1"},
	{`^(\S+)\.\d+\.auto$`, "$1.#.auto"}, // platform devices made by drivers
}

var unstableRE = func() []*regexp.Regexp {
	var res []*regexp.Regexp
	for _, u := range unstable {
		res = append(res, regexp.MustCompile(u.find))
	}
	return res
}()

func stablePath(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		for j, re := range unstableRE {
			if re.MatchString(p) {
				parts[i] = re.ReplaceAllString(p, unstable[j].replace)
				break
			}
		}
	}
	return strings.Join(parts, "/")
}

// minus gives the facts of a which b lacks, counting: both are sorted.
func minus(a, b []string) []string {
	left := map[string]int{}
	for _, f := range b {
		left[f]++
	}
	var out []string
	for _, f := range a {
		if left[f]--; left[f] < 0 {
			out = append(out, f)
		}
	}
	return out
}
