package settings_test

import (
	"os"
	"testing"
	"testing/fstest"

	"attune/detect"
	"attune/internal/settings"
)

// The quirks that come with the program are right, and each is about its
// machine and no other.
func TestShippedQuirks(t *testing.T) {
	const dir = "../../dist/quirks"
	root := fstest.MapFS{}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(dir + "/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		root["usr/lib/attune/quirks.d/"+f.Name()] = file(string(text))
	}
	for _, row := range []struct {
		name   string
		dmi    detect.DMI
		rotate string
		deny   int
	}{
		{"Chuwi MiniBook X", detect.DMI{SysVendor: "CHUWI Innovation And Technology(ShenZhen)co.,Ltd", ProductName: "MiniBook X"}, "right", 0},
		{"its sister", detect.DMI{SysVendor: "CHUWI Innovation And Technology(ShenZhen)co.,Ltd", ProductName: "MiniBook"}, "", 0},
		{"OneXPlayer X1 Air", detect.DMI{SysVendor: "ONE-NETBOOK", ProductName: "ONEXPLAYER X1Air"}, "left", 0},
		{"UP board", detect.DMI{SysVendor: "AAEON", ProductName: "UP-CHT01", BoardName: "UP-CHT01", BoardVersion: "V0.4"}, "", 2},
		{"another board of its maker", detect.DMI{SysVendor: "AAEON", ProductName: "UP-APL01", BoardName: "UP-APL01"}, "", 0},
		{"a machine that tells nothing", detect.DMI{}, "", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, errs := settings.Read(root, "", settings.Machine{DMI: row.dmi})
			if len(errs) > 0 {
				t.Error(errs)
			}
			rotate := ""
			for _, o := range s.Preferences.Outputs {
				rotate += o.Rotate
			}
			if rotate != row.rotate || len(s.Boot.Deny) != row.deny {
				t.Errorf("rotate %q, %d modules denied", rotate, len(s.Boot.Deny))
			}
		})
	}
	if len(root) < 2 {
		t.Error("no quirks are shipped")
	}
}
