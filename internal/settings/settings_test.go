package settings_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"attune/internal/settings"
	"attune/xconfig"
)

func yes() *bool { b := true; return &b }

func TestLoad(t *testing.T) {
	for _, row := range []struct {
		name    string
		files   map[string]string
		cmdline string
		want    xconfig.Preferences
		warn    []string // each warning begins so
	}{
		{name: "nothing said"},
		{
			name:  "one file",
			files: map[string]string{"etc/attune/site.toml": "# the lab\n[keyboard]\nlayout = \"de\"\nvariant = \"nodeadkeys\"\n\n[touchpad]\ntap = true\n"},
			want: xconfig.Preferences{
				Keyboard: xconfig.Keyboard{Layout: "de", Variant: "nodeadkeys"}, Touchpad: xconfig.TouchpadOptions{Tap: yes()},
				Sources: map[string]string{"keyboard.layout": "/etc/attune/site.toml:3", "keyboard.variant": "/etc/attune/site.toml:4", "touchpad.tap": "/etc/attune/site.toml:7"},
			},
		},
		{
			name: "of one rank the later name wins; of two ranks the higher, whatever the names",
			files: map[string]string{
				"usr/lib/attune/90-image.toml": "keyboard.layout = \"fr\"\ndisplay.scale = 2",
				"etc/attune/10-site.toml":      "keyboard.layout = \"de\"\ndisplay.dpi = 120",
				"run/attune/20-server.toml":    "display.dpi = 140",
			},
			want: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "de"}, DPI: 140, Scale: 2, Sources: map[string]string{
				"keyboard.layout": "/etc/attune/10-site.toml:1", "display.dpi": "/run/attune/20-server.toml:1", "display.scale": "/usr/lib/attune/90-image.toml:2"}},
		},
		{
			name: "an empty file in /etc masks the image's",
			files: map[string]string{
				"usr/lib/attune/kiosk.toml": "display.no-blank = true",
				"etc/attune/kiosk.toml":     "",
			},
		},
		{
			name:    "the kernel command line beats every file, and a bare word means yes",
			files:   map[string]string{"etc/attune/a.toml": "keyboard.layout = \"fr\""},
			cmdline: `quiet attune.keyboard.layout=de attune.display.mirror attune.skip=usb attune.display.scale="1.5"`,
			want: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "de"}, Mirror: true, Scale: 1.5, Sources: map[string]string{
				"keyboard.layout": "kernel command line", "display.mirror": "kernel command line", "display.scale": "kernel command line", "boot.skip": "kernel command line"}},
		},
		{
			name: "rules; those of later files come first",
			files: map[string]string{
				"usr/lib/attune/10.toml": "[[output]]\nrole = \"any\"\nscale = 1.5\n",
				"etc/attune/20.toml": "[[output]]\nvendor = \"DEL\"\nposition = \"left-of eDP-1\"\n\n[[output]]\nconnector = \"HDMI-*\"\noff = true\n" +
					"[[touch]]\ndevice = \"0457:1013\"\noutput = \"internal\"\n[[touch]]\ndevice = \"*ILITEK*\"\noutput = { vendor = \"ACR\", name = \"T232*\" }\nrotate = \"left\"\n",
			},
			want: xconfig.Preferences{
				Outputs: []xconfig.OutputRule{
					{Match: xconfig.Match{Vendor: "DEL"}, Position: "left-of eDP-1", Source: "/etc/attune/20.toml:1"},
					{Match: xconfig.Match{Connector: "HDMI-*"}, Off: true, Source: "/etc/attune/20.toml:5"},
					{Match: xconfig.Match{Role: "any"}, Scale: 1.5, Source: "/usr/lib/attune/10.toml:1"},
				},
				Touch: []xconfig.TouchRule{
					{Device: "0457:1013", Output: xconfig.Match{Role: "internal"}, Source: "/etc/attune/20.toml:8"},
					{Device: "*ILITEK*", Output: xconfig.Match{Vendor: "ACR", Name: "T232*"}, Rotate: "left", Source: "/etc/attune/20.toml:11"},
				},
			},
		},
		{
			name: "a display in one line, as the command line has it",
			files: map[string]string{"etc/attune/a.toml": "[[touch]]\ndevice = \"a\"\noutput = \"vendor=DEL, role=external\"\n[[touch]]\ndevice = \"b\"\noutput = \"Internal\"\n" +
				"[[touch]]\ndevice = \"c\"\noutput = \"colour=red\"\n[[output]]\nrole = \"External\"\noff = true\n"},
			want: xconfig.Preferences{
				Outputs: []xconfig.OutputRule{{Match: xconfig.Match{Role: "External"}, Off: true, Source: "/etc/attune/a.toml:10"}},
				Touch: []xconfig.TouchRule{
					{Device: "a", Output: xconfig.Match{Vendor: "DEL", Role: "external"}, Source: "/etc/attune/a.toml:1"},
					{Device: "b", Output: xconfig.Match{Role: "Internal"}, Source: "/etc/attune/a.toml:4"},
				},
			},
			warn: []string{`/etc/attune/a.toml:9: output = "colour=red": matching displays by "colour=red": no field`},
		},
		{
			name: "what is wrong costs its own line",
			files: map[string]string{"etc/attune/a.toml": "[keyboard]\nlayuot = \"de\"\nmodel = 5\noptions = \"a b\"\nlayout = \"at\"\n" +
				"[display]\nscale = 9\ndefault-mode = \"big\"\ndpi = 96.5\nmirror = \"maybe\"\nheadless = \"none\"\n[mouse]\nspeed = nan\nprofile = \"quick\"\n"},
			want: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "at"}, Sources: map[string]string{"keyboard.layout": "/etc/attune/a.toml:5"}},
			warn: []string{
				`/etc/attune/a.toml:8: display.default-mode = "big": want WIDTHxHEIGHT`,
				`/etc/attune/a.toml:9: display.dpi = 96.5: want a whole number`,
				`/etc/attune/a.toml:11: display.headless = "none": want off or WIDTHxHEIGHT`,
				`/etc/attune/a.toml:10: display.mirror = "maybe": want true or false`,
				`/etc/attune/a.toml:7: display.scale = 9: want a number from 1 to 4`,
				`/etc/attune/a.toml:2: there is no setting "keyboard.layuot", is keyboard.layout meant?`,
				`/etc/attune/a.toml:3: keyboard.model = 5: want text`,
				`/etc/attune/a.toml:4: keyboard.options = "a b": want a name`,
				`/etc/attune/a.toml:14: mouse.profile = "quick": want flat`,
				`/etc/attune/a.toml:13: mouse.speed = NaN: want a number`,
			},
		},
		{
			name:  "a rule with an error does not count: without its match it would be about every display",
			files: map[string]string{"etc/attune/a.toml": "[[output]]\nconector = \"DP-1\"\noff = true\n[[output]]\noff = true\n[[output]]\nrole = \"biggest\"\n[[touch]]\noutput = \"any\"\n[[touch]]\ndevice = \"x\"\noutput = { conn = \"DP-1\" }\n"},
			warn: []string{
				`/etc/attune/a.toml:2: there is no key "conector", is connector meant?: this rule does not count`,
				`/etc/attune/a.toml:4: which display?`,
				`/etc/attune/a.toml:7: role = "biggest": want internal`,
				`/etc/attune/a.toml:8: which device?`,
				`/etc/attune/a.toml:12: there is no key "conn"`,
			},
		},
		{
			name:  "no TOML: nothing of the file counts",
			files: map[string]string{"etc/attune/a.toml": "[keyboard]\nlayout = \"de\"\nvariant = \n", "etc/attune/b.toml": "output = 5"},
			warn:  []string{"/etc/attune/a.toml:3: not TOML", "/etc/attune/b.toml:1: output: want rules"},
		},
		{name: "not settings", files: map[string]string{"etc/attune/a.toml~": "x", "etc/attune/.b.toml": "x", "etc/attune/README": "x"}},
		{name: "an unknown word of the command line is boot's business", cmdline: "attune.nonsense=1 attune=off"},
		{name: "a wrong value on the command line", cmdline: "attune.display.scale=much", warn: []string{`kernel command line: display.scale = "much": want a number`}},
	} {
		t.Run(row.name, func(t *testing.T) {
			root := fstest.MapFS{}
			for name, data := range row.files {
				root[name] = &fstest.MapFile{Data: []byte(data)}
			}
			s, warnings := settings.Read(root, row.cmdline, settings.Machine{})
			got := s.Preferences
			if row.want.Sources == nil {
				row.want.Sources = map[string]string{}
			}
			if d := cmp.Diff(row.want, got); d != "" {
				t.Errorf("want -, got +:\n%s", d)
			}
			if len(warnings) != len(row.warn) {
				t.Errorf("%d warnings, want %d: %v", len(warnings), len(row.warn), warnings)
			}
			for i, w := range warnings {
				if i < len(row.warn) && !strings.HasPrefix(w.Error(), row.warn[i]) {
					t.Errorf("warning %d: %v\nwant %s", i, w, row.warn[i])
				}
			}
		})
	}
}

// One file cannot fill a boot's record.
func TestFewWarnings(t *testing.T) {
	root := fstest.MapFS{
		"etc/attune/a.toml": {Data: []byte("[display]\n" + many("x%d = 1\n", 5000) + "dpi = 120\n")},
		"etc/attune/b.toml": {Data: []byte(many("[[output]]\noff = true\n", 50))},
		"etc/attune/c.toml": {Data: []byte("keyboard.layout = \"" + strings.Repeat(" ", 500_000) + "\"\n")},
	}
	s, warnings := settings.Read(root, "", settings.Machine{})
	if s.Preferences.DPI != 120 {
		t.Error("a right line among the wrong ones does not count")
	}
	if len(warnings) != 50+1+50+1 {
		t.Fatalf("%d warnings", len(warnings))
	}
	if got := warnings[50].Error(); got != "/etc/attune/a.toml: and 4950 more" {
		t.Error(got)
	}
	if got := warnings[101].Error(); len(got) > 300 {
		t.Errorf("%d bytes for one wrong value", len(got))
	}
}

func many(line string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Replace(line, "%d", strconv.Itoa(i), 1))
	}
	return b.String()
}

// A warning says what is wanted, once.
func TestWantedOnce(t *testing.T) {
	for _, key := range settings.Keys() {
		for _, value := range []string{"[]", "9999", "96.5", `"\" no value"`} {
			root := fstest.MapFS{"etc/attune/a.toml": {Data: []byte(key.Name + " = " + value)}}
			_, warnings := settings.Read(root, "", settings.Machine{})
			for _, w := range warnings {
				_, said, ok := strings.Cut(w.Error(), ": want ")
				if !ok || !strings.Contains(said, strings.Split(key.Want, ",")[0]) {
					t.Errorf("%v; want %s", w, key.Want)
				}
				if parts := strings.Split(said, ": "); len(parts) > 1 && strings.Contains(parts[1], strings.TrimPrefix(parts[0], "a ")) {
					t.Errorf("%v says it twice", w)
				}
			}
		}
	}
}

// What cannot be read as a file is told and never waited for.
func TestFIFO(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "etc/attune"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkfifo(filepath.Join(dir, "etc/attune/a.toml"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, warnings := settings.Read(os.DirFS(dir), "", settings.Machine{}); len(warnings) != 1 || !strings.Contains(warnings[0].Error(), "/etc/attune/a.toml: not a file") {
		t.Errorf("%v", warnings)
	}
}

func TestKeysAreSorted(t *testing.T) {
	if !slices.IsSorted(settings.Names()) {
		t.Error("the table is searched by halves and must be sorted")
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("[[output]]\nrole=\"any\"\nmode=\"1920x1080@60\"\n", "attune.keyboard.layout=de")
	f.Add("[keyboard]\nlayout=\"de\"\n[[touch]]\ndevice=\"a\"\noutput={role=\"touch\"}", "attune.display.dpi=96")
	f.Add("a.b.c = [[1],[{x=2}]]\n[[a.d]]\n", "")
	f.Add("[[quirk]]\ncomment=\"c\"\nlink=\"https://l\"\n[quirk.match]\ndmi={sys_vendor=\"*\"}\npci=[\"8086:*\"]\n[[quirk.output]]\nrole=\"any\"\n", "attune.profile=a keyboard-layouts=de")
	f.Add("match.mac = [\"00:11:*\"]\n[display]\ndpi = 96", "BOOTIF=01-00-11-22-33-44-55")
	f.Fuzz(func(t *testing.T, data, cmdline string) {
		root := fstest.MapFS{}
		for _, dir := range []string{"", "vendor.d/", "profiles/", "quirks.d/", "machines/"} {
			root["etc/attune/"+dir+"a.toml"] = &fstest.MapFile{Data: []byte(data)}
		}
		s, _ := settings.Read(root, cmdline, laptop)
		p := s.Preferences
		for _, r := range p.Outputs {
			if r.Match == (xconfig.Match{}) {
				t.Errorf("a rule about nothing came through: %+v", r)
			}
		}
		if p.Scale != 0 && (p.Scale < 1 || p.Scale > 4) {
			t.Errorf("scale %v came through", p.Scale)
		}
	})
}
