package settings_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"attune/internal/settings"
)

// kept is what a recording takes.
type kept map[string]*fstest.MapFile

func (k kept) AddFile(name string, data []byte) error {
	k[name] = &fstest.MapFile{Data: bytes.Clone(data)}
	return nil
}

// A recording has no secret in it, and from it the same is decided.
func TestRecordCredentials(t *testing.T) {
	root := tree(
		"run/credentials/@system/attune.settings", "# hunter2 is not kept by who redacts\n[keyboard]\nlayout = \"de\"\npsk = \"hunter2\"\n[display]\ndpi = 9999\n[[output]]\nrole = \"any\"\nscale = 2\n",
		"run/credentials/@system/attune.display.scale", "2\n",
		"run/credentials/@system/attune.wifi", "hunter2",
		"run/credentials/@system/attune.display.mirror", "hunter2",
		"run/credentials/@system/other", "hunter2",
		"sys/firmware/dmi/entries/11-0/raw", oem("io.systemd.credential:attune.keyboard.variant=nodeadkeys", "io.systemd.credential:attune.x=hunter2"),
	)
	record := kept{}
	if errs := settings.Record(root, record); len(errs) > 0 {
		t.Error(errs)
	}
	for name, f := range record {
		text := strings.Replace(string(f.Data), "# hunter2 is not kept by who redacts", "", 1)
		if strings.Contains(text, "hunter2") {
			t.Errorf("%s: %s", name, text)
		}
	}
	was, _ := settings.Read(root, "", settings.Machine{})
	is, errs := settings.Read(fstest.MapFS(record), "", settings.Machine{})
	same(t, was, is)
	if len(errs) > 0 {
		t.Error(errs)
	}
}

// A file that would say something else without its secrets is left out.
func TestRecordNoPlainCredential(t *testing.T) {
	root := tree("run/credentials/@system/attune.settings", "display.dpi = 120\npsk = \"\"\"\nhunter2\ndisplay.scale = 2\n\"\"\"\n")
	record := kept{}
	errs := settings.Record(root, record)
	checkWarning(t, errs, "recording credential attune.settings: it has more in it than settings")
	if len(record) > 0 {
		t.Error(record)
	}
}

// same: all that is in force is the same, from the same places.
func same(t *testing.T, a, b settings.Settings) {
	t.Helper()
	said := func(s settings.Settings) string {
		var all []string
		for _, e := range s.InForce() {
			all = append(all, fmt.Sprint(e.Key, "=", e.Value, " by ", e.Winner))
		}
		return strings.Join(all, "\n") + fmt.Sprint(s.Preferences.Outputs, s.Preferences.Touch)
	}
	if said(a) != said(b) {
		t.Errorf("was\n%s\nis\n%s", said(a), said(b))
	}
}

// A recording of a machine has the files that are its own and no other's, and
// says that they are, as addresses do not survive.
func TestRecordMachines(t *testing.T) {
	disk := lab("one", "match.mac = \""+macA+"\"\ndisplay.dpi = 120", "other", "match.mac = \""+macB+"\"\ndisplay.dpi = 130",
		"series", "match.mac = \"00:11:*\"\nkeyboard.layout = \"fr\"", "gone", "match.mca = \"x\"")
	root := in(disk, macA, "")
	record := kept{}
	if errs := settings.Record(root, record); len(errs) > 0 {
		t.Error(errs)
	}
	if record["etc/attune/machines/other.toml"] != nil || record["etc/attune/machines/one.toml"] == nil {
		t.Errorf("%v", record)
	}
	for _, f := range record { // what redacting does
		f.Data = bytes.ReplaceAll(f.Data, []byte(macA), []byte("9a:bb:cc:00:00:01"))
	}
	was, warned := settings.Read(root, "", settings.Machine{})
	is, warnedAgain := settings.Read(fstest.MapFS(record), "", settings.Machine{})
	same(t, was, is)
	if was.Preferences.DPI != 120 || was.Preferences.Keyboard.Layout != "fr" || fmt.Sprint(warned) != fmt.Sprint(warnedAgain) || len(warned) != 1 {
		t.Errorf("%v, then %v", warned, warnedAgain)
	}
	again := kept{}
	if errs := settings.Record(fstest.MapFS(record), again); len(errs) > 0 || len(again) != len(record) {
		t.Errorf("a recording of the recording: %d files of %d, %v", len(again), len(record), errs)
	}
}

// What another machine's files say of a conflict is recorded as it was.
func TestRecordConflict(t *testing.T) {
	disk := lab("one", "match.mac = \""+macA+"\"\ndisplay.dpi = 120", "two", "match.uuid = \""+uuidA+"\"\ndisplay.dpi = 130")
	record := kept{}
	if errs := settings.Record(in(disk, macA, uuidA), record); len(errs) > 0 {
		t.Error(errs)
	}
	s, errs := settings.Read(fstest.MapFS(record), "", settings.Machine{})
	if s.Preferences.DPI != 96 {
		t.Error(s.Preferences.DPI)
	}
	checkWarning(t, errs, "claims this machine by its mac")
}

func FuzzCredentials(f *testing.F) {
	f.Add([]byte(oem("io.systemd.credential:attune.display.dpi=120")), "display.dpi=120", "keyboard.layout")
	f.Add([]byte(oem("io.systemd.credential.binary:attune.settings="+b64("display.dpi=120"))), "[[output]]\nrole=\"any\"\n", "settings")
	f.Add([]byte("\x0b\x04\x00\x00\x00\x00\x0b\xff"), "a = {b=1}", "x")
	f.Fuzz(func(t *testing.T, raw []byte, text, name string) {
		kind, texts, n := settings.ParseStructure(raw)
		if n > len(raw) || n == 0 && texts != nil || kind > 255 {
			t.Errorf("%d %q %d of %d", kind, texts, n, len(raw))
		}
		for _, s := range texts {
			settings.ParseOEMString(s)
		}
		root := fstest.MapFS{"sys/firmware/dmi/entries/11-0/raw": {Data: raw}, "sys/firmware/dmi/tables/DMI": {Data: raw}, "run/credentials/@system/attune.settings": file(text)}
		if fs.ValidPath("attune."+name) && !strings.Contains(name, "/") {
			root["run/credentials/@system/attune."+name] = file(text)
		}
		settings.Read(root, "", settings.Machine{})
		delete(root, "sys/firmware/dmi/entries/11-0/raw") // then the table is looked into
		record := kept{}
		errs := settings.Record(root, record)
		was, _ := settings.Read(root, "", settings.Machine{})
		is, _ := settings.Read(fstest.MapFS(record), "", settings.Machine{})
		if len(errs) == 0 && !slices.EqualFunc(was.InForce(), is.InForce(), func(a, b settings.Explanation) bool { return a.Key == b.Key && a.Value == b.Value }) {
			t.Errorf("was %v\nis %v", was.InForce(), is.InForce())
		}
	})
}
