package explain

import (
	"path"
	"slices"
	"strings"

	"attune/detect"
	"attune/detect/kmod"
)

// Facts is what is known beside the inventory. Any part may be missing; the
// outcomes that need it are then not given.
type Facts struct {
	Plan    kmod.Plan       // what the devices' aliases ask for
	NoTree  string          // set when there is no plan: "this image has no modules for kernel 6.1.0"
	Loads   map[string]Load // how loads went, by module; absent: nobody tried
	Log     string          // the kernel's log, as dmesg prints it or as /dev/kmsg gives it
	Cmdline string          // /proc/cmdline
}

// A Load is how the load of one module went.
type Load struct {
	Err string // the loader's own sentence, "" when it is in the kernel
}

// A view is the facts arranged for looking up.
type view struct {
	inv     detect.Inventory
	f       Facts
	at      map[string]*detect.Device
	named   map[string][]*detect.Device // by last part of the path
	kids    map[string][]*detect.Device // by path of the nearest device above
	nodes   map[string][]*detect.Device // ACPI nodes by the device they describe
	module  map[string]detect.Module
	running map[string]bool // modules whose drivers drive something
	wishes  map[string]*wish
	log     *kernelLog
	cmdline []string
}

// A wish is what one device's aliases ask for.
type wish struct {
	want    []string // modules planned or in the kernel already
	builtin []string
	denied  []kmod.Denial
	absent  []string          // modules a table names and the image has not
	unsure  bool              // a damaged index could not say what there is
	install map[string]string // by module: the command modprobe.d puts in place of the load
}

func newView(inv detect.Inventory, f Facts) *view {
	v := &view{
		inv: inv, f: f, log: parseLog(f.Log), cmdline: strings.Fields(f.Cmdline),
		at: map[string]*detect.Device{}, named: map[string][]*detect.Device{}, kids: map[string][]*detect.Device{},
		module: map[string]detect.Module{}, wishes: map[string]*wish{}, nodes: map[string][]*detect.Device{},
	}
	for i := range inv.Devices {
		d := &inv.Devices[i]
		v.at[d.Path] = d
		v.named[path.Base(d.Path)] = append(v.named[path.Base(d.Path)], d)
		if d.PhysicalNode != "" {
			v.nodes[d.PhysicalNode] = append(v.nodes[d.PhysicalNode], d)
		}
	}
	for i := range inv.Devices {
		if p := v.above(inv.Devices[i].Path); p != nil {
			v.kids[p.Path] = append(v.kids[p.Path], &inv.Devices[i])
		}
	}
	for _, m := range inv.Modules {
		v.module[m.Name] = m
	}
	v.plan(f.Plan)
	v.rankDenials()
	v.running = v.runs()
	return v
}

func (v *view) plan(p kmod.Plan) {
	for _, s := range p.Steps {
		for _, w := range s.Why {
			if w.Device != "" && w.For == "" {
				v.wish(w.Device).wants(s)
			}
		}
	}
	for _, m := range p.Loaded {
		add(&v.wish(m.Device).want, m.Module)
	}
	for _, m := range p.Builtin {
		add(&v.wish(m.Device).builtin, m.Module)
	}
	for _, m := range p.Missing {
		if m.Module != "" {
			add(&v.wish(m.Device).absent, m.Module)
		}
	}
	for _, m := range p.Unsure {
		v.wish(m.Device).unsure = true
	}
	for _, d := range p.Denied {
		for _, w := range d.Why {
			if w.Device != "" {
				wi := v.wish(w.Device)
				wi.denied = append(wi.denied, d)
			}
		}
	}
}

func (w *wish) wants(s kmod.Step) {
	add(&w.want, s.Module)
	if s.Install != "" {
		if w.install == nil {
			w.install = map[string]string{}
		}
		w.install[s.Module] = s.Install
	}
}

func (v *view) wish(device string) *wish {
	w := v.wishes[device]
	if w == nil {
		w = &wish{}
		v.wishes[device] = w
	}
	return w
}

// asked gives a device's wish, empty when it has none.
func (v *view) asked(d *detect.Device) wish {
	if w := v.wishes[d.Path]; w != nil {
		return *w
	}
	return wish{}
}

// above is the nearest device a path lies in.
func (v *view) above(name string) *detect.Device {
	for p := path.Dir(name); p != "." && p != "/"; p = path.Dir(p) {
		if d := v.at[p]; d != nil {
			return d
		}
	}
	return nil
}

// inKernel says whether a module is loaded, going by /sys/module, the drivers
// at work and the loads.
func (v *view) inKernel(module string) bool {
	if v.running[module] {
		return true
	}
	if m, ok := v.module[module]; ok && m.InitState != "" && m.InitState != "going" {
		return true
	}
	l, tried := v.f.Loads[module]
	return tried && l.Err == ""
}

func add(list *[]string, s string) {
	if !slices.Contains(*list, s) {
		*list = append(*list, s)
	}
}

// name is how a sentence speaks of a device.
func name(d *detect.Device) string {
	return strings.TrimSpace(d.Subsystem + " " + path.Base(d.Path))
}
