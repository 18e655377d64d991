package boot

import (
	"path"
	"slices"
	"strings"

	"attune/detect"
	"attune/detect/kmod"
)

// A Promise is a display device that must come to have a card: it is there, the
// image has a driver for it, and nothing forbids that driver.
type Promise struct {
	Device  string   `json:"device"`            // path relative to /sys
	Modules []string `json:"modules,omitempty"` // the drivers that may make its card
	Why     string   `json:"why"`               // what the promise goes by

	State PromiseState `json:"state,omitempty"` // "" while it is waited for
	Card  string       `json:"card,omitempty"`  // "card0", once there is one
	Ended string       `json:"ended,omitempty"` // what State goes by
	MS    int64        `json:"ms"`              // when that was known, since boot (the program) began

	firmware bool // what the firmware left, by simpledrm: counts where nothing else does
	look     look
}

// A PromiseState says what became of a promise.
type PromiseState string

// The states.
const (
	PromiseUp   PromiseState = "up"   // the card is there and knows its connectors
	PromiseDead PromiseState = "dead" // its drivers were tried and do not take the device
	PromiseLate PromiseState = "late" // not there when time was up
)

// Kept tells whether the card is there.
func (p Promise) Kept() bool { return p.State == PromiseUp }

// drmFolder is where the kernel keeps drivers that make cards.
const drmFolder = "/drivers/gpu/drm/"

// outsideDRM are drivers that make cards and come from elsewhere.
var outsideDRM = map[string]bool{"nvidia_drm": true}

// firmwareDRM show what the firmware left: no device needs one of them for its
// picture where it has a driver of its own.
var firmwareDRM = map[string]bool{"simpledrm": true, "ofdrm": true, "efidrm": true, "vesadrm": true}

// withoutDevice drive nothing that is there.
var withoutDevice = map[string]bool{"vkms": true, "vgem": true}

// ignoreNomodeset are the drivers which do not ask for nomodeset: in Linux 6.1
// those below drivers/gpu/drm that neither call drm_firmware_drivers_only nor
// use a drm_module_* macro of drm_module.h.
var ignoreNomodeset = map[string]bool{
	"gud": true, "udl": true, "gm12u320": true, "pl111": true, "logicvc_drm": true, "nvidia_drm": true,
	"etnaviv": true, "lima": true, "panfrost": true, "v3d": true,
	"simpledrm": true, "ofdrm": true, "efidrm": true, "vesadrm": true,
}

// declines tells whether a driver is told to leave its devices alone. Most have
// a parameter modeset, which counts for more than nomodeset.
func declines(module, params string, nomodeset bool) bool {
	modeset := ""
	for _, word := range strings.Fields(params) {
		if v, ok := strings.CutPrefix(word, "modeset="); ok {
			modeset = v
		}
	}
	switch {
	case module == "nvidia_drm":
		return false // it makes a card either way
	case modeset == "0":
		return true
	case modeset != "" && modeset != "-1":
		return false
	}
	return nomodeset && !ignoreNomodeset[module]
}

// A promiser says which display devices must come, from what is known of the
// image. It reads nothing itself.
type promiser struct {
	plan      func(detect.Device) kmod.Plan              // for one device
	file      func(module string) (path string, ok bool) // of a module in the image
	nomodeset bool
}

// promises of an inventory, sorted by device: the firmware's are left out where
// there is another. cards are the devices that have a card, with its driver.
func (p promiser) promises(devices []detect.Device, cards map[string]string) []Promise {
	var all []Promise
	for _, d := range devices {
		if slices.ContainsFunc(all, func(q Promise) bool { return strings.HasPrefix(d.Path, q.Device+"/") }) {
			continue // a device below one that is waited for: the same card
		}
		if q, ok := p.promise(d, cards); ok {
			all = append(all, q)
		}
	}
	if slices.ContainsFunc(all, func(q Promise) bool { return !q.firmware }) {
		all = slices.DeleteFunc(all, func(q Promise) bool { return q.firmware })
	}
	return all
}

func (p promiser) promise(d detect.Device, cards map[string]string) (Promise, bool) {
	if driver, ok := cards[d.Path]; ok {
		if !detect.Between(d.Driver) {
			driver = d.Module // the names differ: bochs_drm is of bochs
		}
		return Promise{Device: d.Path, Modules: just(driver), Why: "it has a card already"}, true
	}
	if !mayShow(d) {
		return Promise{}, false
	}
	modules, firmware := p.drivers(d)
	if d.Driver != "" && d.Module != "" && !slices.Contains(modules, d.Module) && !detect.Between(d.Driver) {
		return Promise{}, false // vfio-pci has it, or a driver that makes no card
	}
	if len(modules) == 0 {
		return Promise{}, false
	}
	return Promise{Device: d.Path, Modules: modules, Why: why(d, modules), firmware: firmware}, true
}

func why(d detect.Device, modules []string) string {
	what := d.Subsystem + " device"
	if d.Role == detect.RoleGPU {
		what = "display device"
	}
	return what + " " + path.Base(d.Path) + ", driven by " + strings.Join(modules, " or ")
}

// quietBuses hold no display: asking the index about them would be for nothing.
var quietBuses = map[string]bool{
	"cpu": true, "acpi": true, "pnp": true, "input": true, "hid": true, "scsi": true, "serio": true, "dmi": true,
	"mmc": true, "sdio": true, "bluetooth": true, "sound": true, "block": true, "net": true, "mei": true, "nvme": true,
}

// mayShow tells which devices are worth a question: those that say they are for
// displays, and those of other buses than PCI which nobody has taken.
func mayShow(d detect.Device) bool {
	if d.Role == detect.RoleGPU {
		return true
	}
	return d.Subsystem != "pci" && d.Driver == "" && !quietBuses[d.Subsystem]
}

// drivers are the modules that make cards out of a device, by what would be
// loaded for it.
func (p promiser) drivers(d detect.Device) (modules []string, firmware bool) {
	if gpu, ok := virtioGPU(d); ok {
		d = gpu
	}
	if len(d.Modalias) == 0 {
		return nil, false
	}
	plan := p.plan(d)
	add := func(module, file, params string) {
		if !strings.Contains("/"+file, drmFolder) && !outsideDRM[module] || withoutDevice[module] || declines(module, params, p.nomodeset) {
			return
		}
		if !slices.Contains(modules, module) {
			modules = append(modules, module)
			firmware = firmware || firmwareDRM[module]
		}
	}
	for _, s := range plan.Steps {
		if asks(s, d) {
			add(s.Module, s.File, s.Params)
		}
	}
	for _, m := range plan.Loaded {
		if file, ok := p.file(m.Module); ok {
			add(m.Module, file, "")
		}
	}
	return modules, firmware
}

// asks tells a driver of the device from what that driver needs. nvidia_drm is
// none by its alias and comes with nvidia.
func asks(s kmod.Step, d detect.Device) bool {
	return outsideDRM[s.Module] || slices.ContainsFunc(s.Why, func(w kmod.Why) bool { return w.For == "" && w.Device == d.Path })
}

// virtioGPU is the device that appears below a virtio GPU's PCI device when
// virtio_pci has taken that one: device ID 0x1040 plus 16, the GPU's number.
// Virtual I/O Device (VIRTIO) 1.2, 4.1.2 and 5.
func virtioGPU(d detect.Device) (detect.Device, bool) {
	if d.Subsystem != "pci" || d.Vendor != 0x1af4 || d.Product != 0x1050 {
		return d, false
	}
	return detect.Device{Path: d.Path, Subsystem: "virtio", Modalias: []string{"virtio:d00000010v00001AF4"}}, true
}

func just(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}
