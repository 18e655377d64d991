package files

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"attune/detect"
	"attune/internal/corpus"
	"attune/xconfig"
	"attune/xconfig/display"
	"attune/xconfig/input"
)

// udevSays has the real udev read rules and gives what it says of each file.
func udevSays(t *testing.T, files map[string]string) map[string][]string {
	t.Helper()
	if _, err := exec.LookPath("udevadm"); err != nil {
		corpus.Missing(t, "%v", err)
	}
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out := udevVerify(t, dir)
	said := map[string][]string{}
	for name := range files {
		for _, line := range strings.Split(out, "\n") {
			if strings.Contains(line, "/"+name+":") {
				said[name] = append(said[name], line)
			}
		}
	}
	return said
}

// udevVerify uses what udev has for it since 254, or a test run of an older
// one, which reads its rules first: in a mount namespace, so that the machine's
// udevd sees none of them.
func udevVerify(t *testing.T, dir string) string {
	t.Helper()
	if exec.Command("udevadm", "verify", "--help").Run() == nil {
		names, _ := filepath.Glob(filepath.Join(dir, "*"))
		out, _ := exec.Command("udevadm", append([]string{"verify", "--no-style"}, names...)...).CombinedOutput()
		return string(out)
	}
	if os.Geteuid() != 0 {
		t.Skip("this udev has no verify, and a mount namespace needs root")
	}
	script := `mount -t tmpfs none /run && mkdir -p /run/udev && cp -r "$1" /run/udev/rules.d && exec udevadm test /devices/virtual/mem/null`
	out, err := exec.Command("unshare", "-m", "sh", "-c", script, "sh", dir).CombinedOutput()
	if !strings.Contains(string(out), "Reading rules file: /run/udev/rules.d/") {
		corpus.Missing(t, "udev cannot be asked: %v: %.300s", err, out)
	}
	return string(out)
}

// TestUdevTakesEveryRule: of hostile strings and of plain ones.
func TestUdevTakesEveryRule(t *testing.T) {
	files := map[string]string{}
	add := func(d xconfig.DisplayPlan, in xconfig.InputPlan, img xconfig.Image) {
		if text := mustFile(d, in, img, xconfig.DirUdev); text != "" {
			files[fmt.Sprintf("70-attune-%d.rules", len(files))] = text
		}
	}
	for _, s := range hostile {
		for _, p := range hostilePlans(s) {
			add(p.Display, p.Input, p.Image)
		}
	}
	for i := range 24 {
		f := two()
		f.Inputs = []detect.Input{{Path: "devices/b/input/input2", Name: "touch", Kinds: []detect.InputKind{detect.KindTouchscreen}, Vendor: 0x056a, Product: uint16(i), Direct: true}}
		p := xconfig.Preferences{Stick: xconfig.PointerOptions{Profile: "flat"}, Touch: []xconfig.TouchRule{{Device: "*", Output: xconfig.Match{Connector: "DP-1"}, Rotate: []string{"left", "right", "inverted"}[i%3]}}}
		d := display.Plan(f, p)
		add(d, input.Plan(f, p, d), f.Image)
	}
	if len(files) < 40 {
		t.Fatalf("only %d files with rules", len(files))
	}
	files["70-bad.rules"] = "ENV{X}==\"a\"b\", ENV{Y}=\"1\"\nWAT==\"1\"\n"
	said := udevSays(t, files)
	if len(said["70-bad.rules"]) < 2 {
		t.Errorf("udev takes what it cannot: %q", said["70-bad.rules"])
	}
	delete(said, "70-bad.rules")
	for name, lines := range said {
		t.Errorf("%s: %q\n%s", name, lines, files[name])
	}
	t.Logf("udev read %d files", len(files))
}

// mustFile is the one file of a kind.
func mustFile(d xconfig.DisplayPlan, in xconfig.InputPlan, img xconfig.Image, dir xconfig.Dir) string {
	files, _ := For(d, in, img)
	for _, f := range files {
		if f.Dir == dir {
			return string(f.Data)
		}
	}
	return ""
}

func TestUdevRules(t *testing.T) {
	in := xconfig.InputPlan{Classes: []xconfig.InputClass{
		{Name: "pointing sticks", Why: "a setting", Match: xconfig.InputMatch{Kind: "pointer", Tag: "attune_pointingstick", Udev: map[string]string{"ID_INPUT_POINTINGSTICK": "1"}},
			Options: []xconfig.Option{{Name: "AccelProfile", Value: "flat"}}},
		{Name: "touch", Why: "as large\nas", Match: xconfig.InputMatch{Kind: "touchscreen", USBID: "056A:5087|04f3:*"},
			Properties: []xconfig.Option{{Name: "WL_OUTPUT", Value: "eDP-1"}, {Name: "LIBINPUT_CALIBRATION_MATRIX", Value: "0 -1 1 1 0 0"}}},
		{Name: "layout", Match: xconfig.InputMatch{Kind: "keyboard"}, Options: []xconfig.Option{{Name: "XkbLayout", Value: "de"}}},
		{Name: "hostile", Match: xconfig.InputMatch{Kind: "keyboard", Udev: map[string]string{"ID_PATH": `x", RUN+="/bin/sh`}}},
		{Name: "everything", Properties: []xconfig.Option{{Name: "WL_OUTPUT", Value: "eDP-1"}}},
	}}
	files, notes := byName(For(xconfig.DisplayPlan{}, in, xconfig.Image{}))
	want := `
# pointing sticks: a setting
ENV{ID_INPUT_MOUSE}=="1", ENV{ID_INPUT_POINTINGSTICK}=="1", ENV{ID_INPUT.tags}="$env{ID_INPUT.tags},attune_pointingstick"

# touch: as large?as
ENV{ID_INPUT_TOUCHSCREEN}=="1", ATTRS{id/vendor}=="056a", ATTRS{id/product}=="5087", ENV{WL_OUTPUT}="eDP-1", ENV{LIBINPUT_CALIBRATION_MATRIX}="0 -1 1 1 0 0"
ENV{ID_INPUT_TOUCHSCREEN}=="1", ATTRS{id/vendor}=="04f3", ATTRS{id/product}=="*", ENV{WL_OUTPUT}="eDP-1", ENV{LIBINPUT_CALIBRATION_MATRIX}="0 -1 1 1 0 0"

LABEL="attune_end"
`
	if got := files["udev/"+udevFile]; !strings.HasSuffix(got, want) {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	for _, subject := range []string{"hostile", "everything"} {
		told := false
		for _, n := range notes {
			told = told || n.Subject == subject
		}
		if !told {
			t.Errorf("nobody is told of %s: %v", subject, notes)
		}
	}
}
