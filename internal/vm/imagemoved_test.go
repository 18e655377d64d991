package vm

import (
	"slices"
	"strings"
	"testing"
)

// A disk that is carried to another machine behaves there as if made there,
// and at home again as if it had never been away.
func TestImageMoved(t *testing.T) {
	Available(t)
	t.Parallel()
	disk, err := StateDisk{}.Make(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, machine, bus, product, size, layout string
		chosen                                    bool // here the keyboard is chosen, for the next boots
	}{
		{"home", "x-std", "", "Desk 1", "1600x900", "us", true},
		{"away", "x-qxl", "nvme", "Counter 9", "1024x768", "us", false},
		{"home again", "x-std", "usb", "Desk 1", "1600x900", "de", false},
	} {
		m := machine(t, c.machine)
		m.Devices = append(slices.Clone(m.Devices), "-smbios type=1,manufacturer=Acme,product="+strings.ReplaceAll(c.product, " ", ""))
		g := ImageGuest{Kernel: imageKernel(t, "trixie"), Machine: m, Bus: c.bus, State: disk}
		if c.chosen {
			g.After = setLayout
		}
		x := bootImage(t, g)
		t.Logf("%s: %s", c.name, places(x))
		checkImage(t, x)
		checkPlanned(t, imagePlan(t, x), x)
		checkLayout(t, x, c.layout)
		checkStarts(t, x, 1)
		savePictures(t, "image", t.Name()+"-"+strings.ReplaceAll(c.name, " ", "-"), x)
		if w, h := x.Pictures[0].Size(); c.size != size(w, h) {
			t.Errorf("%s: a picture of %dx%d, want %s", c.name, w, h, c.size)
		}
		for _, f := range toldBy(t, x) {
			if kind, _, _ := strings.Cut(f.ID, "."); slices.Contains([]string{"display", "settings", "records", "state"}, kind) {
				t.Errorf("%s: %+v", c.name, f)
			}
		}
	}
}
