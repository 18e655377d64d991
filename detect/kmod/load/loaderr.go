package load

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"
)

// A Reason is why a module did not get into the kernel: one of a closed list.
type Reason string

// The reasons. Text gives each in plain words.
const (
	NoDevice        Reason = "no device"          // its init found nothing to drive: normal
	NoFile          Reason = "no file"            // the image's index names a file that is not there
	UnknownSymbol   Reason = "unknown symbol"     // it needs code this kernel does not have
	WrongKernel     Reason = "wrong kernel"       // built for another kernel, or no module at all
	BadFile         Reason = "bad file"           // cut off, not what its name says, or not readable
	TooBig          Reason = "too big"            // larger than a module may be
	KernelBlacklist Reason = "module_blacklist"   // the kernel's own command line
	Lockdown        Reason = "lockdown"           // unsigned, and the kernel is locked down
	KeyRejected     Reason = "key rejected"       // unsigned or signed with a key the kernel does not trust
	BadSignature    Reason = "bad signature"      // the signature cannot be read
	ModulesDisabled Reason = "modules disabled"   // kernel.modules_disabled=1
	NoCapability    Reason = "no capability"      // not run with CAP_SYS_MODULE
	NotPermitted    Reason = "not permitted"      // a security module or a sandbox
	NoModules       Reason = "no module support"  // CONFIG_MODULES=n
	BadParameter    Reason = "bad parameter"      // a parameter's value, or the device setup
	OutOfMemory     Reason = "out of memory"      // after retries
	Busy            Reason = "busy"               // another load of it was failing at the same time
	DependencyLost  Reason = "dependency failed"  // what it needs did not load
	CommandFailed   Reason = "command failed"     // the modprobe.d install command
	NotStarted      Reason = "not started"        // the deadline came first
	InitFailed      Reason = "module init failed" // any other answer of its init
)

// A Error is a module the kernel does not have and why. Unwrap gives the
// errno where there is one.
type Error struct {
	Module string
	Reason Reason
	Text   string // the reason in plain words, naming what denies
	Needs  string // with DependencyLost: the module that failed first
	Err    error
}

func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("loading %s: %s", e.Module, e.Text)
	}
	return fmt.Sprintf("loading %s: %s: %v", e.Module, e.Text, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Harmless tells whether an error of a load is part of any boot: a driver
// which finds nothing to drive says so with ENODEV, and what needs that driver
// has then nothing to do either.
func Harmless(err error) bool {
	var le *Error
	if !errors.As(err, &le) {
		return false
	}
	return le.Reason == NoDevice || le.Reason == DependencyLost && Harmless(le.Err)
}

// Classify says what an error of a load means, as a *Error; nil stays nil.
// One errno can have several causes: facts tell them apart.
func Classify(err error, module string, facts KernelFacts) error {
	var le *Error
	if err == nil || errors.As(err, &le) {
		return err
	}
	reason, text := explainErrno(err, module, facts)
	return &Error{Module: module, Reason: reason, Text: text, Err: err}
}

func explainErrno(err error, module string, f KernelFacts) (Reason, string) {
	if errors.Is(err, unix.EPERM) {
		return explainEPERM(module, f)
	}
	if errors.Is(err, ErrTooBig) {
		return TooBig, "its file is " + ErrTooBig.Error()
	}
	for _, row := range errnoReasons {
		if errors.Is(err, row.errno) {
			return row.reason, row.text
		}
	}
	var errno unix.Errno
	if errors.As(err, &errno) {
		return InitFailed, "its start failed"
	}
	return BadFile, "its file cannot be used"
}

// explainEPERM asks in the order in which the kernel does (may_init_module,
// then blacklisted, then the signature check of kernel/module/main.c).
func explainEPERM(module string, f KernelFacts) (Reason, string) {
	switch {
	case f.ModulesDisabled:
		return ModulesDisabled, "the kernel takes no more modules (kernel.modules_disabled=1)"
	case f.NoCapability:
		return NoCapability, "this program may not load modules (no CAP_SYS_MODULE)"
	case slices.Contains(f.Blacklist, module):
		return KernelBlacklist, "the kernel's command line denies it (module_blacklist=" + module + ")"
	case f.Lockdown != "" && f.Lockdown != "none":
		return Lockdown, "it is not signed and the kernel is locked down (" + f.Lockdown + ")"
	}
	return NotPermitted, "the kernel does not permit it (a security module or a sandbox)"
}

// What the kernel's answers mean, from kernel/module/main.c and signing.c.
// EPERM is not here, it has too many causes.
var errnoReasons = []struct {
	errno  unix.Errno
	reason Reason
	text   string
}{
	{unix.ENODEV, NoDevice, "it found no device to drive"},
	{unix.ENXIO, NoDevice, "it found no device to drive"},
	{unix.ENOENT, UnknownSymbol, "it needs a symbol this kernel does not have (is modules.dep out of date?)"},
	{unix.ENOEXEC, WrongKernel, "it was built for another kernel or is no module"},
	{unix.ELIBBAD, WrongKernel, "its sections are corrupt"},
	{unix.EKEYREJECTED, KeyRejected, "the kernel accepts only modules signed with a key it trusts"},
	{unix.ENOKEY, KeyRejected, "the key it is signed with is not in the kernel's keyring"},
	{unix.EKEYEXPIRED, KeyRejected, "the key it is signed with has expired"},
	{unix.EKEYREVOKED, KeyRejected, "the key it is signed with was revoked"},
	{unix.EBADMSG, BadSignature, "its signature is broken"},
	{unix.ENOPKG, BadSignature, "its signature uses an algorithm this kernel does not have"},
	{unix.ENODATA, BadSignature, "it has no signature"},
	{unix.EINVAL, BadParameter, "it refused a parameter or the state of its device"},
	{unix.ERANGE, BadParameter, "a parameter is out of range"},
	{unix.ENOMEM, OutOfMemory, "there was not enough memory"},
	{unix.EBUSY, Busy, "its device or another load of it was busy"},
	{unix.ENOSYS, NoModules, "this kernel takes no modules at all"},
	{unix.EACCES, NotPermitted, "its file may not be read or used (a security module?)"},
	{unix.EFBIG, TooBig, "its file is larger than a module may be"},
	{unix.EIO, BadFile, "its file cannot be read"},
	{unix.ENOTDIR, NoFile, "its file is not in this image"},
}

// dependencyError says that a needed module is not there, with the first cause
// of the chain.
func dependencyError(module, dep string, err error) error {
	var le *Error
	for errors.As(err, &le) && le.Reason == DependencyLost {
		dep, err = le.Needs, le.Err
	}
	return &Error{Module: module, Reason: DependencyLost, Needs: dep, Text: "it needs " + dep, Err: err}
}
