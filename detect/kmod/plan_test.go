package kmod

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"attune/detect"
)

// A tree writes module trees in a line or two: "a: b c" is a module with what
// it needs, the last loaded first; "alias ...", "softdep ..." and "weakdep ..."
// are depmod's lines, "builtin a" is code in the kernel, all else is modprobe.d.
func tree(t testing.TB, cmdline string, lines ...string) *Resolver {
	t.Helper()
	const dir = "lib/modules/6.1.0/"
	files := map[string]*strings.Builder{}
	put := func(name, line string) {
		if files[name] == nil {
			files[name] = new(strings.Builder)
		}
		files[name].WriteString(line + "\n")
	}
	ko := func(name string) string { return "kernel/" + name + ".ko" }
	put(dir+"modules.dep", "")
	put(dir+"modules.builtin", "")
	for _, line := range lines {
		first, rest, _ := strings.Cut(line, " ")
		if module, ok := strings.CutSuffix(first, ":"); ok {
			line = ko(module) + ":"
			for _, dep := range strings.Fields(rest) {
				line += " " + ko(dep)
			}
			put(dir+"modules.dep", line)
			continue
		}
		switch first {
		case "alias":
			put(dir+"modules.alias", line)
		case "builtin":
			put(dir+"modules.builtin", ko(rest))
		case "softdep", "weakdep":
			put(dir+"modules."+first, line)
		case "conf":
			put("etc/modprobe.d/test.conf", rest)
		default:
			t.Fatalf("no such line: %q", line)
		}
	}
	root := fstest.MapFS{}
	for name, text := range files {
		root[name] = &fstest.MapFile{Data: []byte(text.String())}
	}
	ix, err := Open(root, "6.1.0")
	if err != nil {
		t.Fatal(err)
	}
	cfg, errs := ReadConfig(root, cmdline)
	if errs != nil {
		t.Fatal(errs)
	}
	return NewResolver(ix, cfg)
}

// device is one with an alias only; "pci:x" is a pci device.
func device(n int, aliases ...string) detect.Device {
	bus, _, _ := strings.Cut(aliases[0], ":")
	return detect.Device{Path: fmt.Sprintf("devices/%s%d", bus, n), Subsystem: bus, Modalias: aliases}
}

func devices(aliases ...string) detect.Inventory {
	var inv detect.Inventory
	for i, a := range aliases {
		inv.Devices = append(inv.Devices, device(i, a))
	}
	return inv
}

// show writes a plan in lines: what is loaded in which order and after what,
// then all else.
func show(p Plan) string {
	var b strings.Builder
	for _, s := range p.Steps {
		fmt.Fprint(&b, showStep(s), "\n")
	}
	for _, d := range p.Denied {
		fmt.Fprintf(&b, "denied %s by %s: %s", d.Module, d.By, d.Source)
		if d.Needs != "" {
			fmt.Fprintf(&b, ", needs %s", d.Needs)
		}
		b.WriteByte('\n')
	}
	for _, m := range p.Loaded {
		fmt.Fprintf(&b, "loaded %s\n", m.Module)
	}
	for _, m := range p.Builtin {
		fmt.Fprintf(&b, "builtin %s\n", m.Module)
	}
	for _, m := range p.Missing {
		fmt.Fprintf(&b, "missing %s %s\n", m.Alias, m.Module)
	}
	for _, w := range p.Weak {
		fmt.Fprintf(&b, "weak %s of %s\n", w.Module, w.For)
	}
	for _, n := range p.Notes {
		fmt.Fprintf(&b, "note %s\n", n)
	}
	return b.String()
}

func showStep(s Step) string {
	line := s.Module
	if len(s.After) > 0 {
		line += " after " + strings.Join(s.After, " ")
	}
	if !slices.Equal(s.Needs, s.After) {
		line += " needs " + strings.Join(s.Needs, " ")
	}
	if s.Params != "" {
		line += " with " + s.Params
	}
	if s.Install != "" {
		line += " by " + s.Install
	}
	if len(s.Else) > 0 {
		line += " else " + strings.Join(s.Else, " ")
	}
	return strings.TrimRight(line, " ")
}

func TestNewPlan(t *testing.T) {
	policy := func(change func(*Policy)) Policy { p, _ := DefaultPolicy(""); change(&p); return p }
	tests := []struct {
		name    string
		cmdline string
		tree    []string
		pol     *Policy
		inv     detect.Inventory
		want    string
	}{{
		name: "all modules of an alias, each with what it needs",
		tree: []string{"pps_core:", "ptp: pps_core", "e1000e: ptp pps_core", "other:",
			"alias pci:v8086* e1000e", "alias pci:* other"},
		inv:  devices("pci:v8086d1"),
		want: "pps_core\nptp after pps_core\ne1000e after pps_core ptp\nother\n",
	}, {
		name: "an alias nobody knows, a builtin, one already there",
		tree: []string{"a:", "b:", "alias pci:a a", "alias pci:b b", "builtin unix"},
		inv: func() detect.Inventory {
			inv := devices("pci:a", "pci:none", "unix", "pci:b")
			inv.Modules = []detect.Module{{Name: "a", InitState: "live"}, {Name: "b", InitState: "coming"}}
			return inv
		}(),
		want: "b\nloaded a\nbuiltin unix\nmissing pci:none \n",
	}, {
		name: "dependencies already there are not waited for",
		tree: []string{"ptp:", "e1000e: ptp", "alias pci:* e1000e"},
		inv: detect.Inventory{Devices: devices("pci:x").Devices,
			Modules: []detect.Module{{Name: "ptp", InitState: "live"}}},
		want: "e1000e\n",
	}, {
		name: "several softdep lines, before and after, an alias and one that does not exist",
		tree: []string{"crc32c_intel:", "crc32c_generic:", "btrfs:", "post1:", "post2:", "lib:", "pre_of_lib:",
			"alias crypto-crc32c crc32c_generic", "alias pci:x btrfs",
			"softdep btrfs pre: crypto-crc32c", "softdep btrfs pre: nothing-here crc32c-intel post: post1", "softdep btrfs post: post2"},
		inv: devices("pci:x"),
		want: "crc32c_generic\ncrc32c_intel\nbtrfs after crc32c_generic crc32c_intel needs\npost1 after btrfs needs\npost2 after btrfs needs\n" +
			"note /lib/modules/6.1.0/modules.softdep:2: softdep btrfs pre: no module for \"nothing-here\"\n",
	}, {
		name: "softdeps of a dependency",
		tree: []string{"lib:", "helper:", "drv: lib", "alias pci:x drv", "softdep lib pre: helper"},
		inv:  devices("pci:x"),
		want: "helper\nlib after helper needs\ndrv after lib\n",
	}, {
		name: "softdeps in a loop",
		tree: []string{"a:", "b:", "alias pci:x a", "softdep a pre: b", "softdep b pre: a"},
		inv:  devices("pci:x"),
		want: "b\na after b needs\nnote loop: b wants a (softdep pre), which waits for it\n",
	}, {
		name: "a softdep on what needs this",
		tree: []string{"a:", "b: a", "alias pci:x a", "softdep a pre: b"},
		inv:  devices("pci:x"),
		want: "a\nb after a\nnote loop: a wants b (softdep pre), which waits for it\n",
	}, {
		name: "dependencies in a loop, from a broken depmod",
		tree: []string{"a: b", "b: a", "alias pci:x a"},
		inv:  devices("pci:x"),
		want: "b\na after b\n",
	}, {
		name: "weakdeps are told",
		tree: []string{"a:", "b:", "alias pci:x a", "weakdep a b-x"},
		inv:  devices("pci:x"),
		want: "a\nweak b_x of a\n",
	}, {
		name: "blacklist stops aliases, not dependencies",
		tree: []string{"lib:", "drv: lib", "soft:", "alias pci:x drv", "alias pci:y lib", "alias pci:y soft",
			"softdep drv pre: soft", "conf blacklist lib", "conf blacklist soft"},
		inv: devices("pci:y", "pci:x"),
		want: "lib\nsoft\ndrv after lib soft needs lib\n" +
			"denied lib by blacklist: /etc/modprobe.d/test.conf:1\ndenied soft by blacklist: /etc/modprobe.d/test.conf:2\n",
	}, {
		name:    "three blacklists of the command line",
		cmdline: "modprobe.blacklist=a,b rd.driver.blacklist=c module_blacklist=lib",
		tree: []string{"a:", "c:", "lib:", "drv: mid lib", "mid: lib", "ok:", "alias pci:* a", "alias pci:* c", "alias pci:* drv", "alias pci:* ok",
			"softdep ok pre: lib"},
		inv: devices("pci:x"),
		want: "ok\ndenied a by modprobe.blacklist: modprobe.blacklist=a,b\ndenied c by rd.driver.blacklist: rd.driver.blacklist=c\n" +
			"denied drv by module_blacklist: module_blacklist=lib, needs lib\ndenied lib by module_blacklist: module_blacklist=lib\n",
	}, {
		name: "install commands, false ones also with softdeps and as dependencies",
		tree: []string{"a:", "b:", "c: lib", "lib:", "d:", "alias pci:* a", "alias pci:* b", "alias pci:* c", "alias pci:* d",
			"softdep a pre: b", "conf install a /bin/false", "conf install lib /bin/true # no", "conf install d modprobe -i d $CMDLINE_OPTS; true",
			"conf options d x=1"},
		inv: devices("pci:x"),
		want: "b\nd with x=1 by modprobe -i d $CMDLINE_OPTS; true\n" +
			"denied a by install: /etc/modprobe.d/test.conf:1\ndenied c by install: /etc/modprobe.d/test.conf:2, needs lib\n",
	}, {
		name:    "options of the module, of the alias, and of the command line",
		cmdline: `drv.debug=2 drv.name="a b"`,
		tree: []string{"drv:", "alias pci:x drv", "conf options drv debug=1", "conf options pci:x fast=1", "conf options other x=1",
			"conf options drv last"},
		inv:  devices("pci:x"),
		want: "drv with debug=1 fast=1 last debug=2 name=\"a b\"\n",
	}, {
		name:    "this program's own words",
		cmdline: "attune.deny=lib,snd-x attune.load=drv2,nothing,denied attune.sreial",
		tree:    []string{"lib:", "drv: lib", "snd-x:", "drv2:", "denied:", "alias pci:* drv", "alias pci:* snd_x", "conf blacklist drv2", "conf install denied /bin/false"},
		inv:     devices("pci:x"),
		want: "drv2\ndenied denied by install: /etc/modprobe.d/test.conf:2\n" +
			"denied drv by attune.deny: attune.deny=lib,snd-x, needs lib\n" +
			"denied snd_x by attune.deny: attune.deny=lib,snd-x\nmissing nothing \n",
	}, {
		name: "extra modules",
		tree: []string{"sg:", "sd_mod:", "parport:", "parport_pc: parport", "ppdev: parport", "mmc_block:", "alias acpi:PNP0400 parport_pc", "alias scsi:t-0x00* sd_mod", "conf blacklist mmc_block"},
		inv: detect.Inventory{Devices: []detect.Device{
			device(0, "acpi:PNP0400"),
			{Path: "devices/0:0:0:0", Subsystem: "scsi", Devtype: "scsi_device", Modalias: []string{"scsi:t-0x00"}},
			{Path: "devices/mmc0:1234", Subsystem: "mmc", Modalias: []string{"mmc:block"}},
			{Path: "devices/tifm_sd0:1", Subsystem: "tifm"},
		}},
		want: "parport\nparport_pc after parport\nppdev after parport parport_pc needs parport\nsd_mod\nsg\n" +
			"denied mmc_block by blacklist: /etc/modprobe.d/test.conf:1\nmissing mmc:block \n",
	}, {
		name: "extra modules for what is there already",
		tree: []string{"parport_pc:", "ppdev: parport_pc", "builtin r852", "sm_ftl:"},
		inv: detect.Inventory{Modules: []detect.Module{{Name: "parport_pc", InitState: "live"},
			{Name: "r852"}}},
		want: "ppdev\nsm_ftl\n",
	}, {
		name: "never by alias, but as a dependency and by force",
		pol:  ptr(policy(func(p *Policy) { p.Force = []Named{{"nvidiafb", "attune.load=nvidiafb"}} })),
		tree: []string{"cirrusfb:", "radeonfb:", "nvidiafb:", "needs_it: radeonfb", "alias pci:* cirrusfb", "alias pci:* radeonfb", "alias pci:* needs_it"},
		inv:  devices("pci:x"),
		want: "nvidiafb\nradeonfb\nneeds_it after radeonfb\n" +
			"denied cirrusfb by never-load: framebuffer drivers\ndenied radeonfb by never-load: framebuffer drivers\n",
	}, {
		name: "bound devices are left to who bound them",
		pol:  &Policy{SkipBound: true},
		tree: []string{"a:", "b:", "alias pci:a a", "alias pci:b b"},
		inv: detect.Inventory{Devices: []detect.Device{{Path: "devices/1", Modalias: []string{"pci:a"}, Driver: "x"},
			{Path: "devices/2", Modalias: []string{"pci:b"}}}},
		want: "b\n",
	}, {
		name: "a config alias to a module that is not there",
		tree: []string{"a:", "conf alias pci:x gone", "alias pci:x a"},
		inv:  devices("pci:x"),
		want: "missing pci:x gone\n",
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pol, _ := DefaultPolicy(tt.cmdline)
			if tt.pol != nil {
				pol = *tt.pol
			}
			r := tree(t, tt.cmdline, tt.tree...)
			if got := show(NewPlan(tt.inv, r, pol)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func ptr[T any](v T) *T { return &v }
