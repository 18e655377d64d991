package boot

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// An initramfs holds a part of the image's modules and of their firmware. What
// is missing was written down when it was made, by dist/initramfs/lists.
const (
	// "kernel/drivers/gpu/drm/amd/amdgpu/amdgpu.ko amdgpu/vega10_sos.bin":
	// a module of the initramfs and a firmware file it may ask for in vain.
	initramfsFirmware = "usr/lib/attune/initramfs/firmware"
	// "nvidia": a module the image has and the initramfs has not.
	initramfsElsewhere = "usr/lib/attune/initramfs/elsewhere"
)

// ForInitramfs are the options of a boot in an initramfs: modules alone, and
// of those none that would only be spoilt here. A driver which asks for
// firmware that is not there fails and asks no second time; the image's own
// driver comes too late where another one has the device.
func (o Options) ForInitramfs(root fs.FS, cmdline string) Options {
	o.NoDesktop = true
	o.Alone = true // a udevd in there is kept from it
	lines := func(name string) []string {
		data, err := fs.ReadFile(root, name)
		if errors.Is(err, fs.ErrNotExist) {
			err = errors.New("it was not written when this initramfs was made")
		}
		if err != nil {
			o.Warnings = append(o.Warnings, fmt.Errorf("what to leave for the real root: %s: %w", name, err))
		}
		return strings.FieldsFunc(string(data), func(r rune) bool { return r == '\n' })
	}
	o.Policy.Leave = leave(lines(initramfsFirmware), rootHangsOn(cmdline))
	o.Policy.Elsewhere = map[string]bool{}
	for _, name := range lines(initramfsElsewhere) {
		o.Policy.Elsewhere[moduleOf(name)] = true
	}
	return o
}

// A rootRow is drivers the way to the root may need. They are tried without
// their firmware too: most do without it, and there is nothing to go on to
// without the root.
type rootRow struct {
	name     string
	prefixes []string // of the module's file
	network  bool     // only where the root comes over the network
}

var rootRows = []rootRow{
	{name: "disks and what they hang on", prefixes: []string{
		"kernel/drivers/ata/", "kernel/drivers/block/", "kernel/drivers/message/", "kernel/drivers/mmc/",
		"kernel/drivers/nvme/", "kernel/drivers/scsi/", "kernel/drivers/target/", "kernel/drivers/usb/host/", "kernel/drivers/usb/storage/",
		"kernel/drivers/virtio/", "kernel/drivers/pci/", "kernel/drivers/firewire/"}},
	{name: "keyboards, for a disk's passphrase", prefixes: []string{"kernel/drivers/hid/", "kernel/drivers/input/"}},
	{name: "network", network: true, prefixes: []string{"kernel/drivers/net/", "kernel/drivers/infiniband/", "kernel/net/"}},
}

// rootHangsOn are the rows which count for a kernel command line.
func rootHangsOn(cmdline string) (rows []rootRow) {
	network := networkRoot(cmdline)
	for _, row := range rootRows {
		if !row.network || network {
			rows = append(rows, row)
		}
	}
	return rows
}

// networkRoot tells a root that comes over the network, by the words of
// initramfs-tools, dracut and live-boot.
func networkRoot(cmdline string) bool {
	for word := range strings.FieldsSeq(cmdline) {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "ip", "nfsroot", "netroot", "nbdroot", "BOOTIF", "netboot", "fetch", "httpfs", "ftpfs", "rd.neednet":
			return true
		case "root", "boot":
			if scheme, _, _ := strings.Cut(strings.TrimPrefix(value, "live:"), ":"); networkSchemes[scheme] {
				return true
			}
		}
	}
	return false
}

var networkSchemes = map[string]bool{"/dev/nfs": true, "nfs": true, "nfs4": true, "nbd": true, "iscsi": true, "cifs": true,
	"http": true, "https": true, "ftp": true, "tftp": true, "fcoe": true, "dhcp": true, "dhcp6": true}

// leave reads the lines of initramfsFirmware: module -> why it is left.
func leave(lines []string, kept []rootRow) map[string]string {
	left := map[string]string{}
	for _, line := range lines {
		file, firmware, ok := strings.Cut(line, " ")
		if !ok || keeps(kept, file) {
			continue
		}
		if _, known := left[moduleOf(file)]; !known {
			left[moduleOf(file)] = "its firmware " + firmware + " is not in the initramfs"
		}
	}
	return left
}

func keeps(rows []rootRow, file string) bool {
	for _, row := range rows {
		for _, prefix := range row.prefixes {
			if strings.HasPrefix(file, prefix) {
				return true
			}
		}
	}
	return false
}

// moduleOf is a module's name by its file: "kernel/drivers/usb/host/xhci-pci.ko.xz" is xhci_pci.
func moduleOf(file string) string {
	name, _, _ := strings.Cut(file[strings.LastIndexByte(file, '/')+1:], ".ko")
	return strings.ReplaceAll(name, "-", "_")
}
