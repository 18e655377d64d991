package detect

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// raw is what one device directory holds, before anything is made of it.
type raw struct {
	path  string
	dirs  []string          // names of the directories in it
	has   map[string]bool   // names of the files and links we care about
	files map[string]string // what was read, by name
	links map[string]string // targets as the kernel writes them

	unread []string // Device.Unread
}

func (r *raw) isDevice() bool { return r.has["uevent"] || r.has["modalias"] }

// telling are the files without which nobody knows what a device is or has.
var telling = map[string]bool{"modalias": true, "uevent": true, "driver": true}

// A deviceJob reads one directory under devices/: first its names, then, if it
// is a device, the few files that matter for its subsystem.
type deviceJob struct {
	raw
	s         *scanner
	dir       Dir
	alone     bool   // do not go into what lies below
	uevent    string // the file's text where it is known, "" where it is to be read
	steps     []step
	listed    bool
	linked    bool
	planned   bool
	driverDir string // "bus/pci/drivers/e1000e", "" without a driver link
	err       error  // why the directory could not be listed
}

func (j *deviceJob) next() (step, bool) {
	if !j.listed {
		return step{kind: readDir, path: j.path}, true
	}
	if len(j.steps) == 0 && !j.linked && j.isDevice() {
		j.linked = true
		if !j.busByAlias() {
			j.want(readLink, "subsystem")
		}
	}
	if len(j.steps) == 0 && !j.planned && j.isDevice() {
		j.planned = true
		j.plan()
	}
	if len(j.steps) == 0 {
		return step{}, false
	}
	st := j.steps[0]
	j.steps = j.steps[1:]
	return st, true
}

func (j *deviceJob) put(st step, r result) {
	if st.kind == readDir {
		j.listed, j.err, j.dir = true, r.err, r.dir
		if j.path != "devices" {
			j.failed(st, "directory", r.err)
		}
		j.list(r.entries)
		return
	}
	if r.err != nil {
		if telling[st.name] {
			j.failed(st, st.name, r.err)
		}
		return
	}
	switch {
	case st.name == "driver/module":
		j.s.mu.Lock()
		j.s.modules[j.driverDir] = path.Base(r.text)
		j.s.mu.Unlock()
	case st.kind == readLink:
		j.links[st.name] = r.text
		if st.name == "driver" {
			j.driver(r.text)
		}
	default:
		j.files[st.name] = r.text
	}
}

// failed notes what could not be read.
func (j *deviceJob) failed(st step, what string, err error) {
	if err != nil && !harmless(st, err) {
		j.unread = append(j.unread, what+": "+reason(err))
	}
}

// list sorts the names of the directory and queues the reads every device needs.
func (j *deviceJob) list(entries []Entry) {
	for _, e := range entries {
		name := e.Name
		switch {
		case e.IsDir:
			j.dirs = append(j.dirs, name)
			if name == "wireless" {
				j.note(name)
			}
		case attributes[name]:
			j.note(name)
		}
	}
	if !j.isDevice() || !j.has["modalias"] && strings.HasPrefix(j.path, acpiRoot) {
		j.linked, j.planned = true, true
		return
	}
	j.files, j.links = make(map[string]string, 4), make(map[string]string, 2)
	slices.Sort(j.dirs)
	for _, name := range []string{"driver", "physical_node"} {
		j.want(readLink, name)
	}
	if j.uevent != "" {
		j.files["uevent"] = j.uevent
		return
	}
	j.want(readFile, "uevent")
}

// acpiRoot is where the ACPI namespace starts. Most nodes in it (one for each
// PCI slot that might exist) have no ID: nothing can match them.
const acpiRoot = "devices/LNXSYSTM"

func (j *deviceJob) note(name string) {
	if j.has == nil {
		j.has = make(map[string]bool, 8)
	}
	j.has[name] = true
}

func (j *deviceJob) want(kind stepKind, name string) {
	if j.has[name] {
		j.steps = append(j.steps, step{kind, j.path + "/" + name, name, j.dir})
	}
}

// busByAlias takes the subsystem from the alias in uevent where that word
// belongs to one bus alone: one read less.
func (j *deviceJob) busByAlias() bool {
	for _, a := range aliases("", j.files["uevent"]) {
		if bus, _, _ := strings.Cut(a, ":"); aliasOfOneBus[bus] {
			j.links["subsystem"] = bus
			return true
		}
	}
	return false
}

// aliasOfOneBus lists buses whose devices alone have aliases of that word, and
// have them from the kernel's own code. ("acpi" and "of" stand on many buses.)
var aliasOfOneBus = map[string]bool{"pci": true, "usb": true, "virtio": true, "hid": true, "hdaudio": true}

// plan queues what this kind of device has to tell beyond the common files.
func (j *deviceJob) plan() {
	sub := subsystemOf(&j.raw)
	if !sameInUevent[sub] || len(aliases("", j.files["uevent"])) == 0 {
		j.want(readFile, "modalias")
	}
	if _, bound := j.links["driver"]; !bound {
		for _, name := range attributesOf[""] {
			j.attribute(name)
		}
	}
	for _, name := range attributesOf[sub] {
		if name != "class" || !j.has["modalias"] { // the alias has it
			j.attribute(name)
		}
	}
}

// waiting are attributes whose reader the kernel has wait for the device's lock,
// which a driver's probe holds: drivers/pci/pci-sysfs.c driver_override_show,
// drivers/usb/core/sysfs.c usb_string_attr. Since Linux 6.1's later releases
// uevent is one too, but says too much to be left out.
var waiting = map[string]bool{"driver_override": true, "product": true}

func (j *deviceJob) attribute(name string) {
	if !j.s.o.NoWaiting || !waiting[name] {
		j.want(readFile, name)
	}
}

// driver asks which module is behind a driver, once for each driver.
func (j *deviceJob) driver(target string) {
	j.driverDir = path.Join(j.path, target)
	if !fs.ValidPath(j.driverDir) {
		j.driverDir = ""
		return
	}
	j.s.mu.Lock()
	_, known := j.s.modules[j.driverDir]
	if !known {
		j.s.modules[j.driverDir] = ""
	}
	j.s.mu.Unlock()
	if !known {
		j.steps = append(j.steps, step{kind: readLink, path: j.driverDir + "/module", name: "driver/module"})
	}
}

func (j *deviceJob) done() {
	if j.dir != nil {
		j.dir.Close()
		j.dir = nil
	}
	sub := ""
	if j.isDevice() || len(j.unread) > 0 {
		sub = subsystemOf(&j.raw)
		j.s.mu.Lock()
		j.s.devices = append(j.s.devices, j)
		j.s.mu.Unlock()
	}
	if j.alone || leaf[sub] {
		return
	}
	for _, dir := range j.dirs {
		if !skip(j.path, dir, j.isDevice()) && !j.s.noCards(j.path, dir) {
			j.s.push(&deviceJob{raw: raw{path: j.path + "/" + dir}, s: j.s})
		}
	}
}

// sameInUevent lists buses that write the very same alias into uevent and into
// the modalias file: one read less. Others are long (cpu, input), or the file
// knows more.
var sameInUevent = map[string]bool{
	"pci": true, "usb": true, "platform": true, "virtio": true, "hid": true, "scsi": true, "pnp": true, "hdaudio": true,
}

// attributesOf lists what is read of a device besides uevent and modalias, by
// subsystem; "" is for all that have no driver. Only these: reading others can
// wake a sleeping card, ask a monitor or never end. waiting_for_supplier hangs
// the kernel itself: its reader wants the lock of a device whose driver is
// just binding, and binding, which holds it, removes the file and waits for
// the reader (drivers/base/core.c, device_links_driver_bound).
var attributesOf = map[string][]string{
	"":     {"driver_override"},
	"pci":  {"boot_vga", "revision", "class"},
	"usb":  {"authorized", "product"},
	"acpi": {"status"},
	"scsi": {"vendor", "model", "type"},
	"mmc":  {"name", "type"},
	"dmi":  dmiFiles,

	"sound":       {"id"},
	"thunderbolt": {"authorized", "device_name"},
}

// attributes are all names a device job looks for.
var attributes = func() map[string]bool {
	all := map[string]bool{
		"uevent": true, "modalias": true, "subsystem": true, "driver": true, "physical_node": true,
		"phy80211": true, // a directory or link: wireless interface
	}
	for _, names := range attributesOf {
		for _, name := range names {
			all[name] = true
		}
	}
	return all
}()

// subsystemOf is the base name of the subsystem link. Captures made of
// properties alone have it in uevent; the oldest have only the alias.
func subsystemOf(r *raw) string {
	if target, ok := r.links["subsystem"]; ok {
		return path.Base(target)
	}
	for key, value := range uevent(r.files["uevent"]) {
		if key == "SUBSYSTEM" {
			return value
		}
	}
	alias, _, ok := strings.Cut(r.files["modalias"], ":")
	if !ok {
		return ""
	}
	return alias
}
