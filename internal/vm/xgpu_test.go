package vm

import (
	"strings"
	"testing"
)

// A setting takes the second of two GPUs, which X would not by itself: X shows
// its screen there, and calls its output and the other card's by the names the
// plan has.
func TestXOtherGPU(t *testing.T) {
	Available(t)
	for _, c := range []struct{ name, first string }{
		{"two drivers", "VGA,id=vid,edid=on,xres=1280,yres=1024"},       // a class tells them apart
		{"one driver", "virtio-vga,id=vid,edid=on,xres=1280,yres=1024"}, // only the place does
	} {
		t.Run(c.name, func(t *testing.T) {
			m := machine(t, "x-two-gpus")
			m.Devices = append([]string{c.first}, m.Devices[1:]...)
			// The first is at 03 and has the lower path; 04 is the other.
			x, err := BootX(t.Context(), withX(t, XGuest{Machine: m, Append: "attune.display.gpu=pci-0000:00:04.0", Heads: []Head{{Device: "second"}}}))
			if err != nil {
				t.Fatal(err)
			}
			logX(t, x)
			plan := planOf(t, x)
			if plan.GPU.Card != "pci-0000:00:04.0" || !plan.GPU.Primary {
				t.Fatalf("plan: %+v", plan.GPU)
			}
			// Whether X can bring its picture to the other card, only X finds out.
			if len(x.Outputs) == 0 || x.Outputs[0].Name != plan.Outputs[0].XName || !x.Outputs[0].Primary || x.Outputs[0].Mode != "1440x900" {
				t.Errorf("planned %+v; X has %+v", plan.Outputs[0], x.Outputs)
			}
			for _, o := range plan.Outputs {
				if !strings.Contains(x.Log, "Output "+o.XName+" has no monitor section") && !strings.Contains(x.Log, "Output "+o.XName+" using monitor section") {
					t.Errorf("X's log has no output %q, which the plan calls %s of %s so", o.XName, o.Connector, o.Card)
				}
			}
			checkPictures(t, x, "1440x900")
		})
	}
}
