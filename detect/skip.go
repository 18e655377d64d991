package detect

import "strings"

// leaf lists subsystems whose devices have nothing below them that matters:
// queues, partitions, connectors, handlers.
var leaf = map[string]bool{
	"block": true, "drm": true, "input": true, "cpu": true,
	"tty": true, "hidraw": true, "ieee80211": true, "firmware": true,
	"event_source": true, "graphics": true,
}

// never lists directories that hold no device wherever they are: attribute
// groups, and devices of classes that no driver binds to and no person asks for.
// On a server most of /sys/devices is one of these.
var never = map[string]bool{
	"power": true, "link": true, "statistics": true, "queues": true, "msi_irqs": true, "mq": true,
	"holders": true, "slaves": true, "integrity": true, "trace": true, "tty": true,
	"bdi": true, "vc": true, "vtconsole": true, "workqueue": true, "hwmon": true,
	"wakeup": true, "bsg": true, "scsi_device": true, "scsi_disk": true,
	"scsi_generic": true, "scsi_host": true, "i2c-dev": true, "hidraw": true,
	"pci_bus": true, "power_supply": true, "ptp": true, "pps": true, "hwrng": true,
	"devlink": true, "cpuid": true, "msr": true, "infiniband_mad": true, "infiniband_verbs": true,
}

// top lists what is skipped directly under one directory.
var top = map[string]map[string]bool{
	"devices": {"breakpoint": true, "software": true, "tracepoint": true, "uprobe": true, "kprobe": true},
	// Nothing here stands for hardware, but for dmi (the machine's identity) and
	// what drivers make up (input, mac80211_hwsim).
	"devices/virtual": {
		"mem": true, "block": true, "net": true, "thermal": true,
		"graphics": true, "memory_tiering": true, "iommu": true, "leds": true,
		"powercap": true, "rfkill": true, "sound": true, "ppp": true, "nd": true, "dca": true,
	},
	// One directory for each 128 MB of memory: tens of thousands on a server.
	"devices/system": {
		"memory": true, "node": true, "clocksource": true, "clockevents": true,
		"machinecheck": true, "memory_tiering": true, "edac": true, "xen_memory": true,
	},
}

// skip says whether a directory is not worth opening. device says that it lies
// in a device, not in a folder of devices.
func skip(parent, name string, device bool) bool {
	if never[name] || top[parent][name] {
		return true
	}
	if parent == "devices/virtual/misc" {
		return name != "uhid" // Bluetooth keyboards and mice hang below it
	}
	if strings.HasPrefix(parent, "devices/system/cpu") {
		return !isNumbered(name, "cpu") || parent != "devices/system/cpu"
	}
	return device && (strings.HasPrefix(name, "ep_") || // USB endpoints
		strings.Contains(name, "-port") && !strings.Contains(name, ":") || // USB hub ports
		strings.HasPrefix(name, "pcmC")) // sound streams
}

// noCards says whether a scan for cards alone can leave a directory out.
func (s *scanner) noCards(parent, name string) bool {
	switch {
	case !s.o.CardsOnly:
		return false
	case parent == "devices/virtual": // who made the machine stands there, by which settings and quirks go
		return name != "dmi"
	case parent != "devices":
		return false
	}
	return name == "system" || name == "pnp0" || strings.HasPrefix(name, "LNXSYSTM") && !s.vmbus
}

// isNumbered says whether name is prefix and a number: "event12".
func isNumbered(name, prefix string) bool {
	digits, ok := strings.CutPrefix(name, prefix)
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}
