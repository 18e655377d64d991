package corpus

import (
	"archive/tar"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ulikunitz/xz"

	"attune/fixtures"
)

// An InputMachine is a laptop or tablet of people who have a pen: what udev
// knew of its input devices and what X said of its displays.
type InputMachine struct {
	Name     string    // "Lenovo YOGA 520-14IKB/sysinfo.lwEv78EUKk"
	Root     fs.FS     // its "/", with sys/ and run/udev/data made from udevadm.txt; no DRM devices
	Udevadm  []byte    // udevadm.txt
	Monitors []Monitor // the outputs of xrandr.txt, in its order; nil without one
}

// A Monitor is one output as `xrandr --verbose` has it.
type Monitor struct {
	Output    string // X's name: "eDP1", "HDMI-1", "XWAYLAND0"
	Connector string // the kernel's name for it, "eDP-1", "" when X's name does not tell
	Connected bool
	Primary   bool
	Geometry  string // "1920x1080+0+0", "" when it shows nothing
	Rotation  string // "normal", "left", "inverted", "right"
	WidthMM   int    // as X has it: of the picture, so turned with it
	HeightMM  int
	EDID      []byte // nil when X had none
}

// InputMachines reads the machines of wacom-hid-descriptors.
func InputMachines(t testing.TB) []InputMachine {
	t.Helper()
	file, err := os.Open(filepath.Join(Dir(t), "input/wacom-hid-descriptors.tar.xz"))
	if err != nil {
		t.Skipf("no input machines: %v", err)
	}
	defer file.Close()
	plain, err := xz.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	machines := map[string]*InputMachine{}
	for tr := tar.NewReader(plain); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		name := path.Dir(path.Clean(h.Name))
		if h.Typeflag != tar.TypeReg || name == "." {
			continue
		}
		text, err := io.ReadAll(tr)
		if err != nil {
			t.Fatal(err)
		}
		m := machines[name]
		if m == nil {
			m = &InputMachine{Name: name}
			machines[name] = m
		}
		m.take(t, path.Base(h.Name), text)
	}
	var all []InputMachine
	for _, m := range machines {
		if m.Root != nil {
			all = append(all, *m)
		}
	}
	slices.SortFunc(all, func(a, b InputMachine) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func (m *InputMachine) take(t testing.TB, file string, text []byte) {
	t.Helper()
	switch file {
	case "udevadm.txt":
		tree, err := fixtures.ParseUdevadm(text)
		if err != nil {
			t.Errorf("%s: %v", m.Name, err)
			return
		}
		m.Root, m.Udevadm = tree, text
	case "xrandr.txt":
		// One sender's name was taken out of the words it is part of.
		m.Monitors = parseXrandr(strings.NewReplacer("priUSERNAMEry", "primary", "norUSERNAMEl", "normal").Replace(string(text)))
	}
}

var (
	outputLine  = regexp.MustCompile(`^(\S+) (connected|disconnected|unknown connection)( primary)?(?: (\d+x\d+\+\d+\+\d+))?(?: \(0x[0-9a-f]+\))?(?: (normal|left|inverted|right))?`)
	outputSize  = regexp.MustCompile(` (\d+)mm x (\d+)mm`)
	outputParts = regexp.MustCompile(`^([A-Za-z]+(?:-[A-Z])?)-?(\d{1,3})$`)
)

func parseXrandr(text string) (all []Monitor) {
	inEDID := false
	for l := range strings.Lines(text) {
		l = strings.TrimRight(l, "\n")
		if g := outputLine.FindStringSubmatch(l); g != nil {
			m := Monitor{Output: g[1], Connector: kernelName(g[1]), Connected: g[2] == "connected",
				Primary: g[3] != "", Geometry: g[4], Rotation: g[5]}
			if s := outputSize.FindStringSubmatch(l); s != nil {
				m.WidthMM, _ = strconv.Atoi(s[1])
				m.HeightMM, _ = strconv.Atoi(s[2])
			}
			all, inEDID = append(all, m), false
			continue
		}
		field := strings.TrimSpace(l)
		if field == "EDID:" {
			inEDID = len(all) > 0
			continue
		}
		if b, err := hex.DecodeString(field); inEDID && err == nil && len(b) > 0 {
			m := &all[len(all)-1]
			m.EDID = append(m.EDID, b...)
		} else {
			inEDID = false
		}
	}
	return all
}

// kernelTypes are the connector types of X's drivers which the kernel calls
// otherwise, or the same.
var kernelTypes = map[string]string{
	"eDP": "eDP", "LVDS": "LVDS", "DSI": "DSI", "DPI": "DPI", "DP": "DP", "DisplayPort": "DP", "HDMI": "HDMI-A", "HDMI-A": "HDMI-A",
	"VGA": "VGA", "DVI-D": "DVI-D", "DVI-I": "DVI-I", "DVI": "DVI-D", "VIRTUAL": "Virtual", "Virtual": "Virtual",
}

// kernelName turns "eDP1" (intel), "HDMI-1" (modesetting), "DisplayPort-0" and
// "eDP" (amdgpu, counts from 0) into the kernel's name. nvidia's "DP-0" says
// nothing about it, and Xwayland's nothing at all.
func kernelName(output string) string {
	g := outputParts.FindStringSubmatch(output)
	if g == nil && kernelTypes[output] != "" {
		return kernelTypes[output] + "-1"
	}
	if g == nil || kernelTypes[g[1]] == "" {
		return ""
	}
	n, _ := strconv.Atoi(g[2])
	switch {
	case g[1] == "DisplayPort" || g[1] == "HDMI-A" && n == 0:
		n++
	case n == 0:
		return ""
	}
	return kernelTypes[g[1]] + "-" + strconv.Itoa(n)
}
