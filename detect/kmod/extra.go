package kmod

import (
	"path"
	"slices"

	"attune/detect"
)

// An ExtraRow loads modules that no alias of the device gives. The fields
// which are set must all fit the device; a row with Module fits a module
// instead, once it is planned or in the kernel. What an image does not have is
// left out without a word.
type ExtraRow struct {
	Name      string   // of the row
	Subsystem string   // the device's
	Devtype   string   // the device's
	Sysname   string   // glob over the last part of the device's path
	Alias     string   // glob over each of the device's aliases
	Module    string   // or: this module
	Load      []string // in this order
	Why       string
	Link      string
}

const driversRules = "https://github.com/systemd/systemd/blob/main/rules.d/80-drivers.rules"

// extraRows: what udev's rules and experience add to the aliases.
var extraRows = []ExtraRow{{
	Name: "scsi generic", Subsystem: "scsi", Devtype: "scsi_device",
	Load: []string{"sg"},
	Why:  "tape changers, scanners and CD writers are driven through /dev/sg*, and sg's only alias is its device number",
	Link: "https://bugs.debian.org/657948",
}, {
	Name: "scsi disk", Subsystem: "scsi", Alias: "scsi:t-0x00*",
	Load: []string{"sd_mod"},
	Why:  "a disk without sd_mod is no disk; an index made without sd_mod's aliases has cost people their root",
	Link: "https://github.com/linuxkit/linuxkit/issues/1742",
}, {
	Name: "mmc card", Subsystem: "mmc", Alias: "mmc:block",
	Load: []string{"mmc_block"},
	Why:  "cards have no modalias file, only the uevent names mmc:block",
	Link: "https://github.com/anatol/booster/issues/90",
}, {
	Name: "memory stick", Subsystem: "memstick",
	Load: []string{"ms_block", "mspro_block"},
	Why:  "the memstick bus has no aliases; the two drivers tell old and Pro sticks apart themselves",
	Link: driversRules,
}, {
	Name: "flash media SD", Subsystem: "tifm", Sysname: "tifm_sd*",
	Load: []string{"tifm_sd"},
	Why:  "the tifm bus has no aliases, the card type is in the device's name",
	Link: driversRules,
}, {
	Name: "flash media MS", Subsystem: "tifm", Sysname: "tifm_ms*",
	Load: []string{"tifm_ms"},
	Why:  "the tifm bus has no aliases, the card type is in the device's name",
	Link: driversRules,
}, {
	Name: "xD card", Module: "r852",
	Load: []string{"sm_ftl"},
	Why:  "r852 makes a flash device of an xD card, and only sm_ftl makes a disk of that; udev asks mtd_probe, which reads the flash",
	Link: driversRules,
}, {
	Name: "parallel port", Module: "parport_pc",
	Load: []string{"ppdev"},
	Why:  "programs reach the parallel port through /dev/parport*, and ppdev's only alias is its device number",
	Link: driversRules,
}, {
	Name: "CPU temperature", Alias: "cpu:type:x86,ven0000*:feature:*,01C0*",
	Load: []string{"coretemp"},
	Why:  "Intel CPUs with a digital thermal sensor (DTHERM); indexes of older kernels have no alias for it",
	Link: "https://docs.kernel.org/hwmon/coretemp.html",
}, {
	Name: "CPU temperature, old number", Alias: "cpu:type:x86,ven0000*:feature:*,00E7*",
	Load: []string{"coretemp"},
	Why:  "kernels before the feature words were put in order number the thermal sensor 00E7; on a CPU without one coretemp answers ENODEV",
	Link: "https://docs.kernel.org/hwmon/coretemp.html",
}, {
	Name: "CPU temperature, old alias", Alias: "x86cpu:vendor:0000:*:feature:*,00E7*",
	Load: []string{"coretemp"},
	Why:  "kernels of that time write a CPU's alias in another form, which no index of today knows",
	Link: "https://docs.kernel.org/hwmon/coretemp.html",
}, {
	Name: "CPU temperature device", Subsystem: "platform", Alias: "platform:coretemp",
	Load: []string{"coretemp"},
	Why:  "the driver makes its own device and has no alias for it; where the device is recorded, the driver belongs to the machine",
	Link: "https://docs.kernel.org/hwmon/coretemp.html",
}, {
	Name: "nvidia display", Module: "nvidia",
	Load: []string{"nvidia_modeset", "nvidia_drm"},
	Why:  "nvidia alone lights no display; older nvidia_drm has no alias and nothing else loads it before the desktop wants it",
	Link: "https://github.com/openSUSE/nvidia-driver-G06/pull/87",
}, {
	Name: "nvidia display, Debian's names", Module: "nvidia_current",
	Load: []string{"nvidia_current_modeset", "nvidia_current_drm"},
	Why:  "the same modules, renamed so that several versions fit into one image",
	Link: "https://wiki.debian.org/NvidiaGraphicsDrivers",
}}

func (row *ExtraRow) note() string { return row.Why + " <" + row.Link + ">" }

// fits tells whether a row speaks of a device, and by which of its aliases.
func (row *ExtraRow) fits(d detect.Device) (alias string, ok bool) {
	if row.Module != "" || row.Subsystem != "" && row.Subsystem != d.Subsystem ||
		row.Devtype != "" && row.Devtype != d.Devtype ||
		row.Sysname != "" && !Glob(row.Sysname, path.Base(d.Path)) {
		return "", false
	}
	if row.Alias == "" {
		return "", true
	}
	i := slices.IndexFunc(d.Modalias, func(a string) bool { return Glob(row.Alias, a) })
	if i < 0 {
		return "", false
	}
	return d.Modalias[i], true
}
