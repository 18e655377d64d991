// Package job is what host and guest say to each other: a Job goes in with
// the initramfs, a Result comes out on a disk. Both are JSON.
//
// It knows no QEMU and no system call.
package job

// Where things are in a guest.
const (
	Dir         = "run/vm"        // the payload in a guest's root; first in PATH
	Payload     = "payload"       // the payload in the initramfs
	RootDisk    = "root"          // serial of the disk which holds the root image
	PayloadDisk = "payload"       // serial of the disk with the payload, where a foreign initramfs mounts the root
	ResultDisk  = "results"       // serial of the disk which takes the result
	File        = "job.json"      // the job, in the initramfs
	Order       = "modules/order" // modules to load before the root can be mounted, in the initramfs
	Hello       = "VM-HELLO"      // what the guest program prints first
	MarkLine    = "VM-MARK "      // what a mark step prints on the console before its name
	MeetLine    = "VM-MEET "      // the same for a meet step
	AnswerTTY   = "dev/ttyS1"     // where a meet step hears from the host
	ExitPort    = 0xf4            // isa-debug-exit: a byte n written here ends QEMU at once with status 2n+1
	ExitByte    = 42
	Layer       = "layer"          // files laid over the root image, in the initramfs
	Service     = "vm-guest"       // the unit of the guest program under systemd
	Magic       = "attune result " // the result disk begins with it, then 16 digits of length, newline, the JSON
)

// A Job is what one guest does, from its first step to power-off.
type Job struct {
	Steps  []Step            `json:"steps"`
	Files  map[string]string `json:"files,omitempty"`  // put into the root before the first step: path without leading slash -> contents
	Events bool              `json:"events,omitempty"` // record every kernel event from before the first step on
	System bool              `json:"system,omitempty"` // the image's own init is process 1, and the guest program a service of it; Files outside run and tmp lie over the root, which stays read-only
}

// A Step is one thing to do.
type Step struct {
	Do      string   `json:"do"`                // one of the constants below
	Name    string   `json:"name,omitempty"`    // to find it again in the result
	Argv    []string `json:"argv,omitempty"`    // Exec
	Env     []string `json:"env,omitempty"`     // Exec: added to the environment
	Paths   []string `json:"paths,omitempty"`   // Read, Wait, Start: globs without leading slash
	Text    string   `json:"text,omitempty"`    // Wait: what the file must contain besides being there
	Seconds float64  `json:"seconds,omitempty"` // Watch: how long; Exec, Wait, Udevd, Meet, Start: the longest (0: 120)
}

// What a step can do.
const (
	Snapshot = "snapshot" // modules, devices, drivers, nodes as they are now
	Udevd    = "udevd"    // start systemd-udevd, trigger subsystems and devices, settle; timed as one
	Exec     = "exec"     // run Argv, keep what it prints and how it ends
	Watch    = "watch"    // do nothing for Seconds, tell what changed
	Read     = "read"     // keep the files which match Paths
	Wait     = "wait"     // until one of Paths exists
	Start    = "start"    // start Argv, leave it running, go on when one of Paths exists; an error when it ends before that
	Mark     = "mark"     // print Name on the console, where the host waits for it
	Meet     = "meet"     // the same, and go on when the host is done with it
)

// A Result is everything a guest brought back.
type Result struct {
	Release string       `json:"release"`           // uname -r
	Up      float64      `json:"up"`                // seconds since boot at which the first step began
	Steps   []StepResult `json:"steps"`             // one for each step begun
	Events  []Event      `json:"events,omitempty"`  // with Job.Events
	Lost    int          `json:"lost,omitempty"`    // how often the event buffer overflowed
	Err     string       `json:"err,omitempty"`     // why the guest gave up before the last step
	Dmesg   string       `json:"dmesg,omitempty"`   // the kernel's log at the end
	Cmdline string       `json:"cmdline,omitempty"` // /proc/cmdline
	Console string       `json:"-"`                 // what came over the serial console, as the host heard it
}

// A StepResult is what became of one step. Times are seconds since boot.
type StepResult struct {
	Do       string            `json:"do"`
	Name     string            `json:"name,omitempty"`
	Start    float64           `json:"start"`
	End      float64           `json:"end"`
	Err      string            `json:"err,omitempty"`      // why the step could not be done
	Exit     int               `json:"exit"`               // exit status, 128+n for signal n
	Stdout   string            `json:"stdout,omitempty"`   // Exec
	Stderr   string            `json:"stderr,omitempty"`   // Exec
	MaxRSS   int64             `json:"max_rss,omitempty"`  // Exec: peak resident kB, looked at every 20 ms
	CPU      float64           `json:"cpu,omitempty"`      // Exec: user and system seconds
	Snapshot *State            `json:"snapshot,omitempty"` // Snapshot
	Changes  []string          `json:"changes,omitempty"`  // Watch: "+module sg", "-driver DEVICE usbhid", "uevent add /devices/..."
	Files    map[string][]byte `json:"files,omitempty"`    // Read: path without leading slash
}

// Seconds is how long the step took.
func (s StepResult) Seconds() float64 { return s.End - s.Start }

// Find gives the step of that name.
func (r Result) Find(name string) (StepResult, bool) {
	for _, s := range r.Steps {
		if s.Name == name {
			return s, true
		}
	}
	return StepResult{}, false
}

// A State is a machine's modules, devices and nodes at one moment.
type State struct {
	Up      float64  `json:"up"`
	Modules []string `json:"modules"` // /proc/modules, sorted
	Devices []Device `json:"devices"` // sorted by path
	Nodes   []Node   `json:"nodes"`   // sorted by path
}

// A Device is a directory under /sys/devices which has a modalias or a driver.
type Device struct {
	Path     string   `json:"path"`               // relative to /sys/devices
	Modalias []string `json:"modalias,omitempty"` // modalias file, then uevent's when it says otherwise
	Driver   string   `json:"driver,omitempty"`   // base name of the driver link
}

// A Node is what a driver made for the rest of the system to use.
type Node struct {
	Class string `json:"class"` // net, block, input, sound, drm, ...
	Name  string `json:"name"`  // eth0, sda
	Path  string `json:"path"`  // relative to /sys/devices
}

// An Event is one kernel event, as heard in the guest.
type Event struct {
	Up     float64 `json:"up"`
	Action string  `json:"action"`
	Path   string  `json:"path"` // DEVPATH
}
