package kmod

// A Plan is what to load for a machine, and what not, each with its why.
// It is a value: the same inventory, index, configuration and policy give the
// same plan, in the same order.
type Plan struct {
	Steps   []Step   `json:"steps"`
	Denied  []Denial `json:"denied,omitempty"`
	Loaded  []Match  `json:"loaded,omitempty"`  // wanted, and in the kernel before the plan was made
	Builtin []Match  `json:"builtin,omitempty"` // answered by code in the kernel itself
	Missing []Match  `json:"missing,omitempty"` // aliases no table knows, Module is ""; or a module some table names and this image has not
	Unsure  []Match  `json:"unsure,omitempty"`  // as Missing, but a damaged index could not say: nobody knows whether there is one
	Weak    []Weak   `json:"weak,omitempty"`    // weakdeps: told, never loaded
	Notes   []string `json:"notes,omitempty"`   // one line each: broken loops, unknown softdep targets
}

// A Step is one module to put into the kernel, once.
type Step struct {
	Module   string   `json:"module"`             // with underscores
	File     string   `json:"file,omitempty"`     // relative to the module directory: kernel/drivers/net/e1000e/e1000e.ko.xz
	Params   string   `json:"params,omitempty"`   // "debug=1 name=\"a b\"", modprobe.d options then the kernel command line's
	After    []string `json:"after,omitempty"`    // modules that must be tried first: hard and soft
	Needs    []string `json:"needs,omitempty"`    // the hard ones of After: without them this one cannot load
	Install  string   `json:"install,omitempty"`  // modprobe.d install command, run instead of a load
	Priority int      `json:"priority,omitempty"` // higher starts earlier when several are ready: slow and gating drivers first
	Async    bool     `json:"async,omitempty"`    // no device asks for it by itself: need not wait for the probes of others
	Else     []string `json:"else,omitempty"`     // driver ladder: the modules to try when this one fails or does not bind
	Why      []Why    `json:"why"`                // every reason, the first is the one to print
}

// A Why is one reason for a step.
type Why struct {
	Device string `json:"device,omitempty"` // path of the device, relative to /sys
	Alias  string `json:"alias,omitempty"`  // the device's own alias
	Table  string `json:"table,omitempty"`  // which table answered: Answer.Table, "extra", "force" or "ladder"
	For    string `json:"for,omitempty"`    // set for a dependency: the module that wants it
	Kind   string `json:"kind,omitempty"`   // with For: "depends", "softdep pre", "softdep post", "extra"
	Note   string `json:"note,omitempty"`   // a table row's own reason and link
	Also   int    `json:"also,omitempty"`   // further CPUs with the same alias
}

// A Denial is a module that was wanted and will not be loaded.
type Denial struct {
	Module string   `json:"module"`
	By     DeniedBy `json:"by"`
	Source string   `json:"source"`          // "/etc/modprobe.d/x.conf:3" or the command line's word
	Text   string   `json:"text,omitempty"`  // the line itself
	Needs  string   `json:"needs,omitempty"` // set when not it is denied but this module, which it cannot load without
	Why    []Why    `json:"why"`
}

// DeniedBy names the mechanism that denies a module.
type DeniedBy string

const (
	ByBlacklist       DeniedBy = "blacklist"          // modprobe.d blacklist, stops aliases only
	ByInstallFalse    DeniedBy = "install"            // modprobe.d install NAME /bin/false or the like
	ByModprobeCmdline DeniedBy = "modprobe.blacklist" // kernel command line
	ByKernelCmdline   DeniedBy = "module_blacklist"   // kernel command line, the kernel itself answers EPERM
	ByDracutCmdline   DeniedBy = "rd.driver.blacklist"
	ByAttune          DeniedBy = "attune.deny" // kernel command line
	ByNever           DeniedBy = "never-load"  // our own table
	ByLadder          DeniedBy = "ladder"      // a better driver for the same device is tried first
	ByInitramfs       DeniedBy = "initramfs"   // left for the real root, see Policy.Leave
)

// A Match is one alias of one device and the module that answered.
type Match struct {
	Device string `json:"device"`
	Alias  string `json:"alias"`
	Module string `json:"module,omitempty"`
}

// A Weak is a module that another one may use and nobody has to load.
type Weak struct {
	Module string `json:"module"`
	For    string `json:"for"`
}
