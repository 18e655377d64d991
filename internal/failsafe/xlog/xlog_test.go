package xlog

import (
	"os"
	"strings"
	"testing"
	"unicode"
)

// What Xorg 21.1 wrote, and lines out of such logs.
func TestRead(t *testing.T) {
	file := func(name string) string {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	for _, row := range []struct {
		name, log string
		want      Reason
		none      bool
	}{
		{name: "nothing yet", none: true},
		{name: "running", log: "[ 1.0] (II) modeset(0): Output Virtual-1 connected\n[ 1.0] (EE) Failed to load module \"nv\" (module does not exist, 0)\n", none: true},
		{name: "a file X cannot read", log: file("parse-error.log"),
			want: Reason{Text: `Parse error on line 3 of section Monitor in file /run/attune/xorg.conf.d/50-bad.conf: "Wat" is not a valid keyword in this section.`,
				Decisive: true, File: "/run/attune/xorg.conf.d/50-bad.conf", Line: 3}},
		{name: "a driver that is not there", log: file("no-driver.log"),
			want: Reason{Text: `no screens found: Failed to load module "nosuch" (module does not exist, 0)`, Decisive: true}},
		{name: "a framebuffer nobody said where", log: "[ 1] (EE)\nFatal server error:\n[ 1] (EE) Cannot run in framebuffer mode. Please specify busIDs        for all framebuffer devices\n[ 1] (EE)\n",
			want: Reason{Text: "Cannot run in framebuffer mode. Please specify busIDs        for all framebuffer devices", Decisive: true}},
		{name: "a crash", log: "[ 9] (EE) Segmentation fault at address 0x0\n[ 9] (EE)\nFatal server error:\n[ 9] (EE) Caught signal 11 (Segmentation fault). Server aborting\n",
			want: Reason{Text: "Caught signal 11 (Segmentation fault). Server aborting"}},
		{name: "somebody else has the display", log: "(EE)\nFatal server error:\n(EE) Server is already active for display 0\n", want: Reason{Text: "Server is already active for display 0"}},
		{name: "a section that refers to nothing", log: "[ 1] Data incomplete in file /etc/X11/xorg.conf\n\tUndefined Screen \"x\" referenced by ServerLayout \"y\".\n[ 1] (EE) no screens found(EE) \n",
			want: Reason{Text: `Data incomplete in file /etc/X11/xorg.conf: Undefined Screen "x" referenced by ServerLayout "y".`, Decisive: true, File: "/etc/X11/xorg.conf"}},
		{name: "after a line that is as long as a file", log: strings.Repeat("x", 100<<10) + "\n[ 1] (EE) no screens found(EE) \n",
			want: Reason{Text: "no screens found", Decisive: true}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := Read([]byte(row.log))
			if ok == row.none || got != row.want {
				t.Errorf("%v %+v\nwant  %+v", ok, got, row.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("[ 1] (EE) \nFatal server error:\n[ 1] (EE) no screens found(EE) \n"))
	f.Add([]byte("Parse error on line 9999999999 of section a in file /x\n\tb\n"))
	f.Add([]byte("(EE) no screens found\nParse error on line 1 of section a in file /\u009b2J\n"))
	f.Fuzz(func(t *testing.T, log []byte) {
		r, ok := Read(log)
		if ok != (r.Text != "") || len(r.Text) > 304 || strings.ContainsFunc(r.Text, unicode.IsControl) {
			t.Errorf("%v %+v", ok, r)
		}
	})
}
