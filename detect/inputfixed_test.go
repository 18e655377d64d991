package detect

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

// A device is built in when nothing between it and the root hub can be pulled.
func TestFixedAllTheWay(t *testing.T) {
	const root = "devices/pci0000:00/0000:00:14.0/usb1"
	for _, row := range []struct {
		name  string
		ports map[string]string // below root
		at    string
		want  bool
	}{
		{"soldered to the root hub", map[string]string{"1-4": "fixed"}, "1-4", true},
		{"in a socket", map[string]string{"1-4": "removable"}, "1-4", false},
		{"soldered to a hub that is soldered in", map[string]string{"1-4": "fixed", "1-4/1-4.2": "fixed"}, "1-4/1-4.2", true},
		{"soldered to the hub of a monitor", map[string]string{"1-4": "removable", "1-4/1-4.2": "fixed"}, "1-4/1-4.2", false},
		{"of a monitor on a port nobody knows", map[string]string{"1-4": "unknown", "1-4/1-4.2": "fixed"}, "1-4/1-4.2", false},
		{"and on a port without a word", map[string]string{"1-4/1-4.2": "fixed"}, "1-4/1-4.2", false},
		{"on the second of a monitor's hubs",
			map[string]string{"1-4": "removable", "1-4/1-4.2": "fixed", "1-4/1-4.2/1-4.2.1": "fixed"}, "1-4/1-4.2/1-4.2.1", false},
		{"a socket of the hub within", map[string]string{"1-4": "fixed", "1-4/1-4.2": "removable"}, "1-4/1-4.2", false},
	} {
		at := root + "/" + row.at + "/x:1.0/input/input7"
		tree := fstest.MapFS{
			"sys/" + at + "/id/bustype":      {Data: []byte("0003\n")},
			"sys/" + root + "/removable":     {Data: []byte("unknown\n")}, // a root hub's own
			"sys/class/input/input7":         {Mode: fs.ModeSymlink, Data: []byte("../../" + at)},
			"sys/" + at + "/capabilities/ev": {Data: []byte("3\n")},
		}
		for port, said := range row.ports {
			tree["sys/"+root+"/"+port+"/removable"] = &fstest.MapFile{Data: []byte(said + "\n")}
		}
		all, problems := ScanInputs(tree, nil)
		if len(all) != 1 || len(problems) != 0 || all[0].Internal != row.want {
			t.Errorf("%s: %+v %v, want internal %v", row.name, all, problems, row.want)
		}
	}
}
