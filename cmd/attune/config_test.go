package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// configured is a machine's root with settings of every kind.
var configured = map[string]string{
	"proc/cmdline":                               "quiet attune.display.scale=1.5 BOOTIF=01-8c-16-45-a0-b1-c2\n",
	"sys/devices/virtual/dmi/id/uevent":          "MODALIAS=dmi:bvnX:svnDell:pnOptiPlex7070:\n",
	"sys/devices/virtual/dmi/id/modalias":        "dmi:bvnX:svnDell:pnOptiPlex7070:\n",
	"sys/devices/virtual/dmi/id/sys_vendor":      "Dell\n",
	"sys/devices/virtual/dmi/id/product_name":    "OptiPlex 7070\n",
	"sys/devices/virtual/dmi/id/product_serial":  "SECRETSERIAL42\n",
	"usr/lib/attune/image.toml":                  "# the image's\n[keyboard]\nlayout = \"us\"\nvariant = \"intl\"\n[display]\ndpi = 96\n",
	"usr/lib/attune/kiosk.toml":                  "display.no-blank = true\n",
	"usr/lib/attune/quirks.d/dell.toml":          "[[quirk]]\ncomment = \"the fan\"\nlink = \"https://example.org/fan\"\nmatch.dmi.product_name = \"OptiPlex*\"\nset.display.dpi = 101\nset.modules.deny = [\"dell_smm_hwmon\"]\n",
	"etc/attune/kiosk.toml":                      "",
	"etc/attune/site.toml":                       "keyboard.layout = \"de\"\n",
	"etc/attune/machines/8c-16-45-a0-b1-c2.toml": "display.dpi = 120\n",
	"etc/attune/machines/other.toml":             "match.mac = \"8c:16:45:a0:b1:c3\"\ndisplay.dpi = 130\n",
	"run/credentials/@system/attune.settings":    "mouse.speed = 0.5\nwifi.psk = \"hunter2\"\n",
}

func configuredRoot(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range configured {
		at := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"sys/class/dmi/id": "../../devices/virtual/dmi/id", "sys/devices/virtual/dmi/id/subsystem": "../../../../class/dmi"} {
		at := filepath.Join(root, link)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, at); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// attuneIn runs a command and gives what it said.
func attuneIn(t *testing.T, wantStatus int, args ...string) (out, told string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if status := run(args, nil, &stdout, &stderr); status != wantStatus {
		t.Fatalf("attune %s: status %d, want %d: %s", strings.Join(args, " "), status, wantStatus, &stderr)
	}
	return stdout.String(), stderr.String()
}

func TestConfig(t *testing.T) {
	root := configuredRoot(t)
	out, told := attuneIn(t, exitWarnings, "config", "--root", root)
	for _, want := range []string{
		"display.dpi                  120                  site                 /etc/attune/machines/8c-16-45-a0-b1-c2.toml:1",
		"display.scale                1.5                  kernel command line  kernel command line",
		"keyboard.layout              de                   site                 /etc/attune/site.toml:1",
		"mouse.speed                  0.5                  credential           credential attune.settings:1",
		"modules.deny                 dell_smm_hwmon       hardware quirk       /usr/lib/attune/quirks.d/dell.toml:6",
		"masked by /etc/attune/kiosk.toml",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no line\n%s\nin\n%s", want, out)
		}
	}
	if strings.Contains(out, "no-blank") || strings.Contains(out, "keyboard.variant") || !strings.Contains(told, `credential attune.settings:2: there is no setting "wifi.psk"`) {
		t.Errorf("%s%s", out, told)
	}
}

func TestConfigExplain(t *testing.T) {
	root := configuredRoot(t)
	for _, row := range []struct {
		name, key string
		want      []string
	}{
		{"who lost", "display.dpi", []string{
			"display.dpi = 120", "from   /etc/attune/machines/8c-16-45-a0-b1-c2.toml:1 (site)\n       this machine, by its boot-mac",
			"lost   /usr/lib/attune/quirks.d/dell.toml:5 (hardware quirk) 101: lower rank than /etc/attune/machines/8c-16-45-a0-b1-c2.toml:1",
			"lost   /usr/lib/attune/image.toml:6 (image) 96: lower rank than /usr/lib/attune/quirks.d/dell.toml:5",
			"file   /usr/lib/attune/kiosk.toml: masked by /etc/attune/kiosk.toml",
		}},
		{"a quirk's reason", "modules.deny", []string{"       the fan (https://example.org/fan)"}},
		{"what a mask keeps from counting", "display.no-blank", []string{"display.no-blank is not set", "lost   /usr/lib/attune/kiosk.toml:1 (image) true: masked by /etc/attune/kiosk.toml"}},
		{"a variant of another layout", "keyboard.variant", []string{"is not set", "intl: belongs to the layout before that of /etc/attune/site.toml:1"}},
		{"nobody", "keyboard.model", []string{"keyboard.model is not set", "it takes an XKB model"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, _ := attuneIn(t, exitDone, "config", "--root", root, "--explain", row.key)
			for _, want := range row.want {
				if !strings.Contains(out, want) {
					t.Errorf("no\n%s\nin\n%s", want, out)
				}
			}
		})
	}
	if _, told := attuneIn(t, exitFailed, "config", "--root", root, "--explain", "keyboard.layuot"); !strings.Contains(told, "is keyboard.layout meant?") {
		t.Error(told)
	}
}

// From a capture the same is in force, from the same places, and nothing in it
// tells what only the machine may know.
func TestConfigOfCapture(t *testing.T) {
	root := configuredRoot(t)
	file := filepath.Join(t.TempDir(), "m.txtar")
	var stdout, stderr bytes.Buffer
	if status := run([]string{"capture", "--root", root, "-o", file}, nil, &stdout, &stderr); status == exitFailed {
		t.Fatal(stderr.String())
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"hunter2", "SECRETSERIAL42", "8c:16:45", "8c-16-45", "the image's", "130"} {
		if bytes.Contains(data, []byte(gone)) {
			t.Errorf("%q is in the capture", gone)
		}
	}
	was, is := inForce(t, exitWarnings, root), inForce(t, exitDone, file)
	for key, by := range was {
		// A file named after the machine's address has another name now.
		if got := is[key]; got != by && (!strings.Contains(by, "8c-16-45") || !strings.HasPrefix(got, "120 /etc/attune/machines/")) {
			t.Errorf("%s: was %s, is %s", key, by, got)
		}
	}
	if len(was) != len(is) || len(was) < 5 {
		t.Errorf("was %v, is %v", was, is)
	}
}

func inForce(t *testing.T, status int, root string) map[string]string {
	t.Helper()
	out, _ := attuneIn(t, status, "config", "--json", "--root", root)
	var c config
	if err := json.Unmarshal([]byte(out), &c); err != nil {
		t.Fatal(err)
	}
	by := map[string]string{}
	for _, e := range c.Settings {
		by[e.Key] = e.Value + " " + e.Winner[0].Source
	}
	return by
}

// A slip of the pen on the kernel command line is told here as a boot tells it.
func TestConfigUnknownWord(t *testing.T) {
	root := configuredRoot(t)
	if err := os.WriteFile(filepath.Join(root, "proc/cmdline"), []byte("attune.keybord.layout=de attune.display.mirror -- attune.dney=x\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	out, told := attuneIn(t, exitWarnings, "config", "--root", root)
	if !strings.Contains(told, "is attune.keyboard.layout meant?") || strings.Contains(told, "dney") {
		t.Errorf("told %q", told)
	}
	if want := "display.mirror               true "; !strings.Contains(out, want) {
		t.Errorf("no %q in\n%s", want, out)
	}
}
