package kmod

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestConfigFiles(t *testing.T) {
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	link := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s), Mode: fs.ModeSymlink | 0o777} }
	root := fstest.MapFS{
		"etc/modprobe.d/50-a.conf":            text("blacklist etc-50\n"),
		"etc/modprobe.d/masked.conf":          link("/dev/null"),
		"etc/modprobe.d/notes.txt":            text("blacklist never\n"),
		"etc/modprobe.d/.hidden.conf":         text("blacklist never\n"),
		"etc/modprobe.d/old.alias":            text("alias net-pf-10 off\n"),
		"etc/modprobe.d/sub.conf/x.conf":      text("blacklist never\n"),
		"run/modprobe.d/50-a.conf":            text("blacklist hidden\n"),
		"run/modprobe.d/10-z.conf":            text("blacklist run_10\n"),
		"usr/local/lib/modprobe.d/20-b.conf":  text("blacklist local_20\n"),
		"usr/lib/modprobe.d/masked.conf":      text("blacklist hidden\n"),
		"usr/lib/modprobe.d/sub.conf":         text("blacklist usr_sub\n"),
		"usr/lib/modprobe.d/60-c.conf":        text("blacklist usr_60\n"),
		"lib/modprobe.d/60-c.conf":            text("blacklist hidden\n"),
		"lib/modprobe.d/05-d.conf":            text("blacklist lib_05\n"),
		"lib/modprobe.d/05-d.conf.dpkg-dist":  text("blacklist never\n"),
		"somewhere/else/modprobe.d/99-x.conf": text("blacklist never\n"),
	}
	cfg, errs := ReadConfig(root, "")
	if len(errs) > 0 {
		t.Error(errs)
	}
	var got []string
	for _, b := range cfg.Blacklist {
		got = append(got, b.Module+" "+b.Source)
	}
	want := []string{
		"lib_05 /lib/modprobe.d/05-d.conf:1",
		"run_10 /run/modprobe.d/10-z.conf:1",
		"local_20 /usr/local/lib/modprobe.d/20-b.conf:1",
		"etc_50 /etc/modprobe.d/50-a.conf:1",
		"usr_60 /usr/lib/modprobe.d/60-c.conf:1",
		"usr_sub /usr/lib/modprobe.d/sub.conf:1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(cfg.Aliases) != 1 || cfg.Aliases[0].Name != "net_pf_10" {
		t.Errorf("aliases %+v", cfg.Aliases)
	}
}

func TestConfigLines(t *testing.T) {
	const text = "# a comment\n" +
		"\n" +
		"\toptions  snd-hda \ta=1\tb=\"c d\"\n" +
		"alias usb:v1-[0-9]* a-b extra\n" +
		"install x \\\n  /bin/sh -c 'a \\\\ b'\n" +
		"blacklist after-wrap\n" +
		"softdep m stray pre: a b post: c pre: d\n" +
		"alias only\n" +
		"alias [open m\n" +
		"blacklist\n" +
		"include /etc/x\n" +
		"nonsense here\n" +
		"remove y /bin/true"
	cfg, errs := ReadConfig(fstest.MapFS{"etc/modprobe.d/t.conf": {Data: []byte(text)}}, "")

	const at = "/etc/modprobe.d/t.conf:"
	entries := []struct {
		name string
		got  []Entry
		want Entry
	}{
		{"options", cfg.Options, Entry{"snd_hda", "a=1 b=\"c d\"", at + "3", "\toptions  snd-hda \ta=1\tb=\"c d\""}},
		{"alias", cfg.Aliases, Entry{"usb:v1_[0-9]*", "a_b", at + "4", "alias usb:v1-[0-9]* a-b extra"}},
		{"install", cfg.Installs, Entry{"x", "/bin/sh -c 'a \\ b'", at + "5", "install x   /bin/sh -c 'a \\ b'"}},
		{"remove", cfg.Removes, Entry{"y", "/bin/true", at + "14", "remove y /bin/true"}},
	}
	for _, e := range entries {
		if len(e.got) != 1 || e.got[0] != e.want {
			t.Errorf("%s: got %+v\nwant %+v", e.name, e.got, e.want)
		}
	}
	if b := cfg.Blacklist; len(b) != 1 || b[0] != (Ban{"after_wrap", ByBlacklist, at + "7", "blacklist after-wrap"}) {
		t.Errorf("blacklist: %+v", b)
	}
	if d := cfg.Softdeps; len(d) != 1 || !slices.Equal(d[0].Pre, []string{"a", "b", "d"}) || !slices.Equal(d[0].Post, []string{"c"}) {
		t.Errorf("softdeps: %+v", d)
	}
	var lines []string
	for _, err := range errs {
		line, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), at), ":")
		lines = append(lines, line)
	}
	if !slices.Equal(lines, []string{"9", "10", "11", "12", "13"}) {
		t.Errorf("errors: %v", errs)
	}
}

func TestConfigCmdline(t *testing.T) {
	const line = `BOOT_IMAGE=/vmlinuz root=/dev/sda1 modprobe.blacklist=snd-pcsp,,floppy module_blacklist=nouveau ` +
		`rd.driver.blacklist=b43 i915.enable_guc=3 foo.bar "baz.qux=a b" e1000e.x="c d" systemd.unit=rescue.target ` +
		`.empty=1 empty.=1 two.dots.here=1 module-blacklist=dash "module_blacklist=quoted" unclosed.x="`
	cfg, errs := ReadConfig(fstest.MapFS{}, line)
	if len(errs) > 0 {
		t.Error(errs)
	}
	wantBans := []Ban{
		{"snd_pcsp", ByModprobeCmdline, "modprobe.blacklist=snd-pcsp,,floppy", ""},
		{"floppy", ByModprobeCmdline, "modprobe.blacklist=snd-pcsp,,floppy", ""},
		{"b43", ByDracutCmdline, "rd.driver.blacklist=b43", ""},
		{"quoted", ByKernelCmdline, `"module_blacklist=quoted"`, ""},
	}
	if !slices.Equal(cfg.Blacklist, wantBans) {
		t.Errorf("blacklist: %+v", cfg.Blacklist)
	}
	wantOptions := []Entry{
		{"i915", "enable_guc=3", "i915.enable_guc=3", ""},
		{"foo", "bar", "foo.bar", ""},
		{"baz", `qux="a b"`, `"baz.qux=a b"`, ""},
		{"e1000e", `x="c d"`, `e1000e.x="c d"`, ""},
		{"systemd", "unit=rescue.target", "systemd.unit=rescue.target", ""},
	}
	if !slices.Equal(cfg.Options, wantOptions) {
		t.Errorf("options: %+v", cfg.Options)
	}
}

// The kernel keeps one string for module_blacklist.
func TestKernelBlacklist(t *testing.T) {
	for _, tt := range []struct {
		name, cmdline string
		want          []string
	}{
		{"none", "quiet x.module_blacklist=a", nil},
		{"one", "module_blacklist=a,,snd-x", []string{"a", "snd_x"}},
		{"the last counts", "module_blacklist=a module_blacklist=b,c", []string{"b", "c"}},
		{"an empty one lifts it", "module_blacklist=a module_blacklist=", nil},
		{"quoted", `module_blacklist="a,b"`, []string{"a", "b"}},
		{"with a dash", "module-blacklist=a", []string{"a"}},
		{"within another's quotes", `dyndbg="file x module_blacklist=a" module_blacklist=b`, []string{"b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, _ := ReadConfig(fstest.MapFS{}, tt.cmdline)
			for _, bans := range [][]Ban{KernelBlacklist(tt.cmdline), cfg.Blacklist} {
				var got []string
				for _, b := range bans {
					got = append(got, b.Module)
				}
				if !slices.Equal(got, tt.want) {
					t.Errorf("got %v, want %v", got, tt.want)
				}
			}
		})
	}
}

func TestSoftdepOrder(t *testing.T) {
	root := fstest.MapFS{
		"lib/modules/1/modules.dep":     {},
		"lib/modules/1/modules.softdep": {Data: []byte("# Soft\nsoftdep m pre: own\n")},
		"etc/modprobe.d/a.conf":         {Data: []byte("softdep m pre: first\n")},
		"etc/modprobe.d/z.conf":         {Data: []byte("softdep m pre: last\nsoftdep other pre: x\n")},
	}
	ix, err := Open(root, "1")
	if err != nil {
		t.Fatal(err)
	}
	cfg, _ := ReadConfig(root, "")
	var got []string
	for _, d := range NewResolver(ix, cfg).Softdeps("m") {
		got = append(got, d.Pre...)
	}
	if want := []string{"first", "own", "last"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
