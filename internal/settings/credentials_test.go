package settings_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"attune/internal/settings"
)

// oem is an SMBIOS structure of type 11 with texts.
func oem(texts ...string) string {
	s := "\x0b\x05\x00\x0e" + string(rune(len(texts)))
	for _, t := range texts {
		s += t + "\x00"
	}
	if len(texts) == 0 {
		s += "\x00"
	}
	return s + "\x00"
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

const qemuName = "sys/firmware/qemu_fw_cfg/by_name/opt/io.systemd.credentials/"

func TestCredentials(t *testing.T) {
	t.Setenv("CREDENTIALS_DIRECTORY", "/run/credentials/attune-boot.service")
	for _, row := range []struct {
		name   string
		root   fstest.MapFS
		layout string
		dpi    int
		source string // of the layout
		warn   string
	}{
		{name: "one setting, of the system", root: tree("run/credentials/@system/attune.keyboard.layout", "de\n"), layout: "de", source: "credential attune.keyboard.layout"},
		{name: "a whole file", root: tree("run/credentials/@system/attune.settings", "# ours\n[keyboard]\nlayout = \"de\"\n[display]\ndpi = 120\n"), layout: "de", dpi: 120, source: "credential attune.settings:3"},
		{name: "one setting beats the file", root: tree("run/credentials/@system/attune.settings", "keyboard.layout = \"de\"", "run/credentials/@system/attune.keyboard.layout", "fr"), layout: "fr", source: "credential attune.keyboard.layout"},
		{name: "our unit's beats the system's", root: tree("run/credentials/@system/attune.keyboard.layout", "de", "run/credentials/attune-boot.service/attune.keyboard.layout", "fr"), layout: "fr", source: "credential attune.keyboard.layout"},
		{name: "QEMU's fw_cfg, no systemd", root: tree(qemuName+"attune.keyboard.layout/raw", "de"), layout: "de", source: "credential attune.keyboard.layout"},
		{name: "SMBIOS, no systemd", root: tree("sys/firmware/dmi/entries/11-0/raw", oem("vendor's text", "io.systemd.credential:attune.keyboard.layout=de", "io.systemd.credential:attune.display.dpi=120")), layout: "de", dpi: 120, source: "credential attune.keyboard.layout"},
		{name: "SMBIOS, in base64", root: tree("sys/firmware/dmi/entries/11-0/raw", oem("io.systemd.credential.binary:attune.settings="+b64("keyboard.layout = \"de\"\ndisplay.dpi = 120\n"))), layout: "de", dpi: 120, source: "credential attune.settings:1"},
		{name: "SMBIOS, in the second structure", root: tree("sys/firmware/dmi/entries/11-0/raw", oem(), "sys/firmware/dmi/entries/11-1/raw", oem("io.systemd.credential:attune.keyboard.layout=de")), layout: "de", source: "credential attune.keyboard.layout"},
		{name: "SMBIOS, in the table, where the kernel has no directory", root: tree("sys/firmware/dmi/tables/DMI", "\x01\x06\x00\x01ab\x00\x00"+oem("io.systemd.credential:attune.keyboard.layout=de")+"\x7f\x04\xff\xfe\x00\x00"), layout: "de", source: "credential attune.keyboard.layout"},
		{name: "others' credentials are not ours", root: tree("run/credentials/@system/passwd.hashed-password.root", "hunter2", "sys/firmware/dmi/entries/11-0/raw", oem("io.systemd.credential:attunex=1"))},
		{name: "a name nobody knows: no value is told", root: tree("run/credentials/@system/attune.keyboard.layuot", "hunter2"), warn: `credential attune.keyboard.layuot: there is no setting "keyboard.layuot", is keyboard.layout meant?`},
		{name: "a value that is none is not told", root: tree("run/credentials/@system/attune.display.dpi", "hunter2"), warn: "credential attune.display.dpi: display.dpi: want a whole number"},
		{name: "nor is one of a file", root: tree("run/credentials/@system/attune.settings", "display.dpi = 120\nwifi.psk = \"hunter2\""), dpi: 120, warn: `credential attune.settings:2: there is no setting "wifi.psk"`},
		{name: "nor in a rule", root: tree("run/credentials/@system/attune.settings", "[[output]]\nrole = \"hunter2\"\n"), warn: "credential attune.settings:2: role: want internal"},
		{name: "nor where it is no TOML", root: tree("run/credentials/@system/attune.settings", "display.dpi = 120\nhunter2 hunter2\n"), warn: "credential attune.settings:2: not TOML: nothing of it counts"},
		{name: "bytes", root: tree("run/credentials/@system/attune.settings", "\x00\xff\xfehunter2"), warn: "credential attune.settings:1: not TOML"},
		{name: "no base64", root: tree("sys/firmware/dmi/entries/11-0/raw", oem("io.systemd.credential.binary:attune.display.dpi=hunter2***")), warn: "credential attune.display.dpi: its SMBIOS string is not base64: it does not count"},
		{name: "no base64, and somebody else's", root: tree("sys/firmware/dmi/entries/11-0/raw", oem("io.systemd.credential.binary:other.key=***"))},
		{name: "a mark of UTF-8 before the text", root: tree("run/credentials/@system/attune.settings", "\ufeffdisplay.dpi = 120\n"), dpi: 120},
		{name: "a structure cut short", root: tree("sys/firmware/dmi/entries/11-0/raw", "\x0b\x05\x00\x0e\x01io.systemd.credential:attune.keyboard.layout=d")},
		{name: "a structure longer than it is", root: tree("sys/firmware/dmi/entries/11-0/raw", "\x0b\xff\x00\x0e\x01io.systemd.credential:attune.keyboard.layout=de\x00\x00")},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, errs := settings.Read(row.root, "", settings.Machine{})
			if row.name == "a structure cut short" { // the text that is there is taken
				row.layout, row.source = "d", "credential attune.keyboard.layout"
			}
			p := s.Preferences
			if p.Keyboard.Layout != row.layout || p.DPI != row.dpi || p.Sources["keyboard.layout"] != row.source {
				t.Errorf("%+v", p)
			}
			checkWarning(t, errs, row.warn)
			notTold(t, s, errs)
		})
	}
}

// notTold looks for the secret in all that people are shown.
func notTold(t *testing.T, s settings.Settings, errs []error) {
	t.Helper()
	said := fmt.Sprint(errs)
	for _, name := range settings.Names() {
		e, err := s.Explain(name)
		data, _ := json.Marshal(e)
		said += string(data) + fmt.Sprint(err)
	}
	if strings.Contains(said, "hunter2") {
		t.Errorf("told: %s", said)
	}
}

// A credential nobody may read costs itself.
func TestCredentialNotReadable(t *testing.T) {
	root := tree("run/credentials/@system/attune.display.dpi", "120", "run/credentials/@system/attune.keyboard.layout/x", "")
	s, errs := settings.Read(root, "", settings.Machine{})
	if s.Preferences.DPI != 120 {
		t.Error("the other one does not count")
	}
	checkWarning(t, errs, `reading credential "attune.keyboard.layout": not a file`)
}

// guarded keeps the system's credentials from us.
type guarded struct{ fstest.MapFS }

func (g guarded) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == "run/credentials/@system" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return g.MapFS.ReadDir(name)
}

// Who is not root sees that there are credentials which may say more.
func TestCredentialsNotRoot(t *testing.T) {
	s, errs := settings.Read(guarded{tree("run/credentials/@system/attune.display.dpi", "120")}, "", settings.Machine{})
	want := settings.File{Path: "/run/credentials/@system", Rank: settings.Credential, State: "only root may read it"}
	if len(errs) > 0 || !slices.Contains(s.Files, want) || s.Preferences.DPI != 0 {
		t.Errorf("%+v, %v", s.Files, errs)
	}
}
