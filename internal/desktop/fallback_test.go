package desktop

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"attune/internal/failsafe"
	"attune/internal/scratch"
	"attune/internal/xtest"
	"attune/xconfig"
)

// Each step leaves out what it says, and nothing that is not X's.
func TestSteps(t *testing.T) {
	kept := map[string][]byte{xconfig.FileOutput: []byte("# kept"), "50-mine.conf": []byte("# theirs, kept")}
	for _, row := range []struct {
		to       xconfig.Fallback
		theirs   string // of their file, "" for none
		output   string // something our file holds, "" for no file
		keyboard bool   // our other file is there
		driver   string
	}{
		{xconfig.Fallback{}, "# theirs", `"left"`, true, ""},
		{xconfig.Fallback{Step: xconfig.StepCovered}, "# theirs", `"left"`, true, ""},
		{xconfig.Fallback{Step: xconfig.StepGood, Files: kept}, "# theirs, kept", "# kept", false, ""},
		{xconfig.Fallback{Step: xconfig.StepOwn}, "", `"left"`, true, ""},
		{xconfig.Fallback{Step: xconfig.StepPlain}, "", "1920x1080", true, ""},
		{xconfig.Fallback{Step: xconfig.StepAlone}, "", "", false, ""},
		{xconfig.Fallback{Step: xconfig.StepDriver, Driver: "modesetting"}, "", `"modesetting"`, true, "modesetting"},
	} {
		t.Run(row.to.String(), func(t *testing.T) {
			f := xtest.Card(xtest.Connected("HDMI-A-1", nil, "1920x1080", "800x600"))
			f.Image = xconfig.Image{XServer: "/usr/lib/xorg/Xorg", Drivers: []string{"fbdev", "modesetting"}, DropIns: map[string][]byte{"50-mine.conf": []byte("# theirs")}}
			p := xconfig.Preferences{Fallback: row.to, Keyboard: xconfig.Keyboard{Layout: "de"}, Outputs: []xconfig.OutputRule{{Rotate: "left"}}}
			plan := Decide(f, p)
			x := map[string]string{}
			for _, file := range plan.Files {
				if file.Dir == xconfig.DirXorg {
					x[file.Name] = string(file.Data)
				}
			}
			if got := string(plan.Image.DropIns["50-mine.conf"]); got != row.theirs {
				t.Errorf("theirs: %q", got)
			}
			_, keyboard := x[xconfig.FileInput]
			output, there := x[xconfig.FileOutput]
			if there != (row.output != "") || !strings.Contains(output, row.output) || strings.Contains(output, `"left"`) != (row.output == `"left"`) || keyboard != row.keyboard || plan.Displays.GPU.Driver != row.driver {
				t.Errorf("driver %q, files %q", plan.Displays.GPU.Driver, x)
			}
			if string(plan.Facts.Image.DropIns["50-mine.conf"]) != "# theirs" || len(plan.Preferences.Outputs) != 1 {
				t.Error("what was asked for is forgotten")
			}
		})
	}
}

// A recording stands on the step its machine stood on, though its digests are
// not the machine's.
func TestRecordedStep(t *testing.T) {
	f := xtest.Card(xtest.Connected("HDMI-A-1", nil, "1920x1080"))
	f.Image = xconfig.Image{XServer: "/usr/lib/xorg/Xorg", Drivers: []string{"modesetting"}}
	for _, row := range []struct {
		name   string
		events []failsafe.Event
		want   string
	}{
		{"the top", []failsafe.Event{{Kind: failsafe.Started}, {Kind: failsafe.Shown}}, "planned"},
		{"further down", []failsafe.Event{{Kind: failsafe.Started}, {Kind: failsafe.Failed, Decisive: true}, {Kind: failsafe.Started}}, "alone"},
	} {
		t.Run(row.name, func(t *testing.T) {
			machine := fstest.MapFS{"etc/os-release": {Data: []byte("ID=theirs\n")}}
			r := failsafe.Record{}.Now(f, xconfig.Preferences{}, machine)
			for _, e := range row.events {
				r.State = r.State.After(e, r.Facts)
			}
			dir := t.TempDir()
			run, err := scratch.Open(filepath.Join(dir, "run/attune"))
			if err != nil {
				t.Fatal(err)
			}
			defer run.Close()
			if err := r.Save(run, nil); err != nil {
				t.Fatal(err)
			}
			if r, err = failsafe.Load(os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			taken := fstest.MapFS{}
			data, nothing, err := r.Recording()
			if err != nil {
				t.Fatal(err)
			}
			if !nothing {
				taken["run/attune/"+failsafe.File] = &fstest.MapFile{Data: data}
			}
			if to, err := failsafe.StepOf(taken, f, xconfig.Preferences{}); to.String() != row.want || err != nil {
				t.Errorf("%+v, %v", to, err)
			}
		})
	}
}
