package explain

import (
	"fmt"
	"path"
	"strings"

	"attune/detect"
)

// eprobeDefer is the kernel's EPROBE_DEFER, which is no error: "ask me again".
const eprobeDefer = 517

// asksFirmware: the kernel found no file and asks user space for it; the
// driver stands still until somebody answers or 60 s are over.
func asksFirmware(v *view, d *detect.Device) (Verdict, bool) {
	if d.RequestsFirmware == "" {
		return Verdict{}, false
	}
	return noFirmware(d.RequestsFirmware, "its driver is waiting for firmware file "+d.RequestsFirmware), true
}

func noFirmware(file, why string) Verdict {
	return Verdict{Outcome: FirmwareMissing, File: file, Why: why,
		Hint: "put the file (or the package that has it) under /lib/firmware before the module is loaded; the kernel does not ask twice"}
}

// firmwareMissing believes the log: which files a driver names beforehand is
// far more than what it needs.
func firmwareMissing(v *view, d *detect.Device) (Verdict, bool) {
	file := v.log.firmware(v, d)
	if file == "" {
		return Verdict{}, false
	}
	verdict := noFirmware(file, "its driver needs firmware file "+file+", which is not there")
	verdict.Modules = v.asked(d).want
	return verdict, true
}

// deferred: the kernel names the reason in devices_deferred, or the driver
// answered EPROBE_DEFER. A list without a reason also stands for devices
// without any driver, so the modules must speak for one.
func deferred(v *view, d *detect.Device) (Verdict, bool) {
	why := d.WaitingFor
	if why == "" && v.log.probes[path.Base(d.Path)].errno == eprobeDefer {
		why = "?"
	}
	w := v.asked(d)
	switch {
	case why == "":
		return Verdict{}, false
	case why != "?":
		return Verdict{Outcome: Deferred, Modules: w.want, Why: "its driver waits: " + why}, true
	case len(w.builtin) == 0 && !anyOf(w.want, v.inKernel):
		return Verdict{}, false
	}
	return Verdict{Outcome: Deferred, Modules: w.want, Why: "its driver waits for another device; the kernel does not say which",
		Hint: "/sys/kernel/debug/devices_deferred may say more"}, true
}

// modules follows what the plan wanted for the device.
func modules(v *view, d *detect.Device) (Verdict, bool) {
	w := v.asked(d)
	var loaded, failed, untried []string
	for _, m := range w.want {
		switch l, tried := v.f.Loads[m]; {
		case v.inKernel(m):
			loaded = append(loaded, m)
		case tried && l.Err != "":
			failed = append(failed, m)
		default:
			untried = append(untried, m)
		}
	}
	loaded = append(loaded, w.builtin...)
	denied := realDenials(w)
	switch {
	case len(loaded) > 0:
		return v.notBound(d, loaded, failed), true
	case len(failed) > 0:
		return v.failed(failed, untried), true
	case len(untried) > 0:
		return v.notLoaded(w, untried), true
	case len(denied) > 0:
		return v.denied(w), true
	case len(w.absent) > 0 && !w.unsure:
		return Verdict{Outcome: NoModule, Modules: w.absent,
			Why: fmt.Sprintf("its module %s is not in this image", strings.Join(w.absent, ", "))}, true
	case len(w.denied) > 0:
		return v.denied(w), true
	}
	return Verdict{}, false
}

func (v *view) notBound(d *detect.Device, loaded, failed []string) Verdict {
	if verdict, ok := byProgram(d, true); ok {
		return verdict
	}
	verdict := Verdict{Outcome: LoadedNotBound, Modules: loaded}
	names := strings.Join(loaded, ", ")
	p, probed := v.log.probes[path.Base(d.Path)]
	switch {
	case probed:
		verdict.Why = fmt.Sprintf("%s looked at it and gave it back: %s", p.driver, errnoText(p.errno))
	case len(loaded) == 1:
		verdict.Why = names + " is in the kernel and has not taken it"
	default:
		verdict.Why = names + " are in the kernel and none has taken it"
	}
	if len(failed) > 0 {
		verdict.Hint = v.failed(failed, nil).Why
	}
	return verdict
}

func (v *view) failed(failed, untried []string) Verdict {
	m := failed[0]
	verdict := Verdict{Outcome: LoadFailed, Modules: failed,
		Why: fmt.Sprintf("%s could not be loaded: %s", m, strings.TrimPrefix(v.f.Loads[m].Err, "loading "+m+": "))}
	if len(untried) > 0 {
		verdict.Hint = "not tried: " + strings.Join(untried, ", ")
	}
	return verdict
}

func (v *view) notLoaded(w wish, untried []string) Verdict {
	verdict := Verdict{Outcome: NotLoaded, Modules: untried,
		Why: fmt.Sprintf("this image has %s for it and nobody has loaded it", strings.Join(untried, ", ")), Hint: "attune boot loads it"}
	for _, m := range untried {
		if command := w.install[m]; command != "" {
			verdict.Hint = fmt.Sprintf("attune boot would not load %s but run the command modprobe.d has in its place (install): %s", m, short(command))
		}
	}
	if !v.tellsLoads() {
		verdict.Why = fmt.Sprintf("this image has %s for it; this capture does not say whether it is loaded", strings.Join(untried, ", "))
	}
	if word := v.word("attune=off"); word != "" {
		verdict.By, verdict.Hint = word, "attune=off on the kernel's command line keeps attune from loading it"
	}
	return verdict
}

func noAlias(v *view, d *detect.Device) (Verdict, bool) {
	if len(d.Modalias) > 0 {
		return Verdict{}, false
	}
	return Verdict{Outcome: NoDriver, Why: "it has no alias, so no module can ask for it"}, true
}

func noModule(v *view, d *detect.Device) (Verdict, bool) {
	switch {
	case v.f.NoTree != "":
		return Verdict{Outcome: NoModule, Why: v.f.NoTree}, true
	case v.asked(d).unsure:
		return Verdict{Outcome: Unreadable, Hint: "depmod makes the index anew",
			Why: "the image's module index is damaged and cannot be trusted, so nobody knows whether a module is there for it"}, true
	}
	return Verdict{Outcome: NoModule, Why: "no module in this image answers to " + short(d.Modalias[0])}, true
}

func anyOf(list []string, is func(string) bool) bool {
	for _, s := range list {
		if is(s) {
			return true
		}
	}
	return false
}

func short(s string) string {
	if len(s) > 80 {
		return s[:77] + "..."
	}
	return s
}
