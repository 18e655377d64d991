package kmod

import "strings"

// An UrgentRow starts some drivers before others when several could start.
// The first row which fits counts.
type UrgentRow struct {
	Name     string
	Prefix   string // of the module's file, relative to the module directory
	Module   string // or one module
	Priority int    // higher starts earlier; 0 is everybody else's
	Why      string
	Link     string
}

const scsiScan = "https://github.com/torvalds/linux/blob/master/drivers/scsi/scsi_scan.c"

// urgentRows: what takes long, and what other devices hide behind.
var urgentRows = []UrgentRow{{
	Name: "parallel SCSI, LSI 53C8xx", Prefix: "kernel/drivers/scsi/sym53c8xx_2/", Priority: 60,
	Why:  "resets the bus and scans 15 targets while it loads: 5 s",
	Link: scsiScan,
}, {
	Name: "parallel SCSI, AMD 53C974", Module: "am53c974", Priority: 60,
	Why:  "resets the bus and scans it while it loads: 5 s",
	Link: scsiScan,
}, {
	Name: "Fusion MPT", Prefix: "kernel/drivers/message/fusion/", Priority: 60,
	Why:  "boots the adapter's firmware while it loads, up to minutes with many disks",
	Link: "https://github.com/systemd/systemd/pull/13961",
}, {
	Name: "USB disks", Prefix: "kernel/drivers/usb/storage/", Priority: 55,
	Why:  "waits a second, by the clock, before it looks for the disk",
	Link: "https://github.com/torvalds/linux/blob/master/drivers/usb/storage/usb.c",
}, {
	Name: "USB host controllers", Prefix: "kernel/drivers/usb/host/", Priority: 50,
	Why:  "hubs, then devices, then their interfaces come one after another behind it",
	Link: "https://docs.kernel.org/driver-api/usb/usb.html",
}, {
	Name: "display drivers", Prefix: "kernel/drivers/gpu/drm/", Priority: 45,
	Why:  "large, slow to start, and the picture waits for them",
	Link: "https://docs.kernel.org/gpu/introduction.html",
}, {
	Name: "display drivers, out of tree", Module: "nvidia", Priority: 45,
	Why:  "as above",
	Link: "https://docs.kernel.org/gpu/introduction.html",
}, {
	Name: "NVMe", Prefix: "kernel/drivers/nvme/", Priority: 40,
	Why:  "the root file system may be behind it, and its probe is asynchronous: begin early",
	Link: "https://docs.kernel.org/nvme/index.html",
}, {
	Name: "SATA and PATA", Prefix: "kernel/drivers/ata/", Priority: 40,
	Why:  "links take seconds to train, disks to spin up",
	Link: "https://docs.kernel.org/driver-api/libata.html",
}, {
	Name: "SCSI adapters", Prefix: "kernel/drivers/scsi/", Priority: 40,
	Why:  "disks appear behind them and bring sd_mod, sg and more",
	Link: scsiScan,
}, {
	Name: "MMC hosts", Prefix: "kernel/drivers/mmc/", Priority: 35,
	Why:  "a card takes a second to answer and its driver comes after that",
	Link: "https://docs.kernel.org/driver-api/mmc/index.html",
}, {
	Name: "virtio buses and disks", Prefix: "kernel/drivers/virtio/", Priority: 35,
	Why:  "every virtio device hides behind its bus driver",
	Link: "https://docs.kernel.org/driver-api/virtio/virtio.html",
}, {
	Name: "input behind USB", Prefix: "kernel/drivers/hid/", Priority: 30,
	Why:  "usbhid, then a HID driver, then the input node come one after another",
	Link: "https://docs.kernel.org/hid/hid-transport.html",
}, {
	Name: "chips with many functions", Prefix: "kernel/drivers/mfd/", Priority: 30,
	Why:  "each function appears as a device of its own behind it",
	Link: "https://github.com/torvalds/linux/blob/master/drivers/mfd/mfd-core.c",
}, {
	Name: "ciphers and checksums", Prefix: "kernel/arch/x86/crypto/", Priority: -10,
	Why:  "test themselves for long while they load, and no device waits for them",
	Link: "https://github.com/torvalds/linux/blob/master/crypto/testmgr.c",
}, {
	Name: "virtualisation", Prefix: "kernel/arch/x86/kvm/", Priority: -10,
	Why:  "large, and no device waits for it",
	Link: "https://docs.kernel.org/virt/kvm/index.html",
}, {
	Name: "sound cards", Prefix: "kernel/sound/", Priority: 10,
	Why:  "codecs appear behind the bus and bring one more driver each",
	Link: "https://docs.kernel.org/sound/hd-audio/notes.html",
}}

// urgency of a module with a given file.
func (p *Policy) urgency(module, file string) int {
	for _, row := range p.Urgent {
		if row.Module == module || row.Prefix != "" && strings.HasPrefix(file, row.Prefix) {
			return row.Priority
		}
	}
	return 0
}
