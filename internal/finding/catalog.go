package finding

// catalog is every finding, by area. A row is never renamed: journals, scripts
// and help pages go by it.
var catalog = []Kind{
	{"boot.not-settled", Limited, "The machine had not come to rest when time was up.", "Look at `attune explain` for devices still without a driver; give more time with attune.deadline= on the kernel command line."},
	{"boot.no-record", Limited, "Scratch space could not be written, so there is no record of the boot.", "See that /run is a tmpfs with room."},
	{"driver.failed", Failed, "A driver could not be loaded.", "Run `attune explain` for the reason and the device."},
	{"display.none", Note, "No display is connected.", "Connect a display; it is picked up at once."},
	{"display.late", Limited, "The graphics card PCI promised did not appear in time.", "Look at `attune explain` for the card; the picture comes from the firmware's frame buffer."},
	{"display.fallback", Limited, "The picture comes by a fallback, as the better way failed.", "Run `attune status` for what failed. `attune display retry` begins again with the best way."},
	{"display.config-refused", Limited, "X refused a configuration; what it took before is in use.", "Correct or remove the file it names."},
	{"settings.wrong", Limited, "A setting has no effect because something about it is wrong.", "Correct the line it names; `attune config` shows what is in force."},
	{"records.corrupt", Limited, "Something a user had chosen could not be read back and was put aside.", "Choose it again; the damaged file is kept beside with .bad in its name."},
	{"state.none", Note, "There is no place that outlives a reboot: what users choose lasts until the machine is switched off.", "Give the image a partition labelled attune-state, or mount something on /var/lib/attune."},
	{"state.read-only", Limited, "The state directory cannot be written: new choices last until the machine is switched off.", "See why the file system is read-only; a stick may be write-protected or damaged."},
	{"state.full", Limited, "The state directory is full: new choices last until the machine is switched off.", "Make room in it."},
}
