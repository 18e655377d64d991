package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"attune/fixtures"
)

// extract writes a machine's files below a directory that stands for "/".
func extract(t *testing.T, machine *fixtures.Tree, root string) {
	t.Helper()
	err := machine.Walk(func(name string, e fixtures.Entry) error {
		path := filepath.Join(root, name)
		if e.Mode == fs.ModeDir {
			return os.MkdirAll(path, 0o755)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if e.Mode == fs.ModeSymlink {
			return os.Symlink(e.Target, path)
		}
		return os.WriteFile(path, e.Data, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// edidOf has a serial number as a number and as a text; "" is none.
func edidOf(t *testing.T, number uint32, text string) []byte {
	t.Helper()
	machine, _, err := fixtures.LoadFile("../../fixtures/seats/laptop-hdmi.txtar")
	if err != nil {
		t.Fatal(err)
	}
	b, err := machine.ReadFile("sys/class/drm/card1-HDMI-A-1/edid")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		b[12+i] = byte(number >> (8 * i))
	}
	if text != "" {
		copy(b[90:108], "\x00\x00\x00\xff\x00"+text+"\n           ")
	}
	b[127] = 0
	for _, c := range b[:127] {
		b[127] -= c
	}
	return b
}

const (
	turnedBySetting = "# Anna wants it so\n\n[keyboard]\nlayout = \"de\" # and not us\n\n[[output]]\nname = \"ATN FHD 17\"\nrotate = \"left\"\n"
	bySerialNumber  = "[[output]]\nserial = \"305419896\" # the one from the office\nrotate = \"inverted\"\n"
	bySerialText    = "[[output]]\nserial = 'HVXX91234567'\nrotate = \"right\"\nprimary = true\n"
)

// aDesktop is a machine of three cards with an image for displays: X, two ways
// to find what is written, keyboards, settings, and a display that sleeps.
func aDesktop(t *testing.T) *fixtures.Tree {
	t.Helper()
	m, _, err := fixtures.LoadFile("../../fixtures/seats/laptop-gpus.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"usr/lib/xorg/Xorg": "ELF",
		"usr/lib/xorg/modules/drivers/modesetting_drv.so":    "ELF",
		"usr/lib/xorg/modules/drivers/nouveau_drv.so":        "ELF",
		"usr/lib/xorg/modules/input/libinput_drv.so":         "ELF",
		"usr/share/X11/xorg.conf.d/10-amdgpu.conf":           "Section \"OutputClass\" # anna@example.org\nEndSection\n",
		"usr/share/X11/xkb/rules/evdev.lst":                  "! model\n  pc105 Generic\n! layout\n  us English (US)\n  de German\n! variant\n  nodeadkeys de: German (no dead keys)\n! option\n  grp Switching\n",
		"etc/default/keyboard":                               "# by anna\nXKBLAYOUT=xx\nXKBMODEL=pc105\nSECRET=hunter2\n",
		"etc/vconsole.conf":                                  "KEYMAP=us\n",
		"etc/locale.conf":                                    "LANG=de_DE.UTF-8\nLC_TIME=hunter2\n",
		"run/credentials/@system/vconsole.keymap":            "fr\n",
		"run/credentials/@system/passwd.plaintext-password":  "hunter2",
		"etc/sddm.conf":                                      "[Autologin]\nUser=anna\n[X11]\nServerArguments=-auth hunter2\n",
		"run/attune/machine.json":                            "{\"cmdline\": \"hunter2\", \"loads\": [{\"module\": \"i915\"}, {\"module\": \"xpad\", \"err\": \"loading xpad from /home/anna: no such device\"}]}\n",
		"usr/lib/attune/10-image.toml":                       "[display]\nprimary = \"eDP-1\"\n",
		"etc/attune/20-admin.toml":                           turnedBySetting,
		"var/lib/attune/displays/pci-0000:08:00.0/DP-3.edid": string(edidOf(t, 0, "")),
		"var/lib/attune/displays/machine":                    "Attune\nWorkstation 17\n\n\n\n",
	} {
		if err := m.AddFile(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.AddLink("etc/X11/xorg.conf.d", "/run/attune/xorg.conf.d"); err != nil {
		t.Fatal(err)
	}
	return m
}

// captured extracts a machine and captures what was extracted.
func captured(t *testing.T, machine *fixtures.Tree) (root, capture string) {
	t.Helper()
	root, capture = t.TempDir(), filepath.Join(t.TempDir(), "machine.txtar")
	extract(t, machine, root)
	if _, status := attune(t, "capture", "--root", root, "-o", capture, "--salt", "test"); status != exitDone {
		t.Errorf("status %d", status)
	}
	return root, capture
}

// One file is the whole report: from it the same is decided and written, to
// the byte, as on the machine.
func TestCaptureHoldsWhatDisplaysNeed(t *testing.T) {
	root, capture := captured(t, aDesktop(t))
	none := t.TempDir()
	for _, words := range []string{"plan --json", "plan", "displays --json", "displays", "inputs --json", "inputs", "explain display", "explain --json"} {
		args := func(of string) []string { return append(strings.Fields(words), "--root", of, "--modules", none) }
		before, was := attune(t, args(root)...)
		after, is := attune(t, args(capture)...)
		if !bytes.Equal(before, after) || was != is {
			t.Errorf("attune %s: status %d and %d:\n%s", words, was, is, cmp.Diff(string(before), string(after)))
		}
	}
	before, after := written(t, root), written(t, capture)
	if !bytes.Equal(before, after) {
		t.Errorf("other files:\n%s", cmp.Diff(string(before), string(after)))
	}
	for _, want := range []string{`Option "Rotate" "left"`, `Option "XkbLayout" "de"`} {
		if !strings.Contains(string(after), want) {
			t.Errorf("no %s in\n%s", want, after)
		}
	}
	plan, _ := attune(t, "plan", "--root", capture, "--modules", none)
	for _, want := range []string{"/etc/attune/20-admin.toml:6", "an earlier boot's"} {
		if text, _ := attune(t, "displays", "--root", capture, "--json"); !strings.Contains(string(text)+string(plan), want) {
			t.Errorf("no %q in\n%s%s", want, text, plan)
		}
	}
	text, err := os.ReadFile(capture)
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"anna", "Anna", "hunter2", "ELF", "German", "not us"} {
		if bytes.Contains(text, []byte(gone)) {
			t.Errorf("%q is in the capture", gone)
		}
	}
}

// A rule for one display by its serial number is one for it in the capture,
// too, where both are replaced.
func TestCaptureKeepsRulesBySerialNumber(t *testing.T) {
	for _, row := range []struct{ name, rule, rotate string }{
		{"a number", bySerialNumber, "inverted"},
		{"a text", bySerialText, "right"},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := aDesktop(t)
			edid := edidOf(t, 0x12345678, "HVXX91234567")
			for name, data := range map[string]string{
				"sys/devices/pci0000:00/0000:00:02.0/drm/card2/card2-eDP-1/edid": string(edid),
				"etc/attune/20-admin.toml":                                       row.rule,
			} {
				if err := m.AddFile(name, []byte(data)); err != nil {
					t.Fatal(err)
				}
			}
			root, capture := captured(t, m)
			for _, from := range []string{root, capture} {
				out, _ := attune(t, "displays", "--json", "--root", from)
				var plan struct {
					Outputs []struct {
						Connector string `json:"connector"`
						Rotate    string `json:"rotate"`
					} `json:"outputs"`
				}
				if err := json.Unmarshal(out, &plan); err != nil {
					t.Fatal(err)
				}
				for _, o := range plan.Outputs {
					if o.Connector == "eDP-1" && o.Rotate != row.rotate {
						t.Errorf("%s: turned %q, want %q", from, o.Rotate, row.rotate)
					}
				}
			}
			text, err := os.ReadFile(capture)
			if err != nil {
				t.Fatal(err)
			}
			for _, gone := range []string{"HVXX91234567", "305419896", "office", "78563412"} {
				if bytes.Contains(text, []byte(gone)) {
					t.Errorf("%q is in the capture", gone)
				}
			}
		})
	}
}
