package failsafe

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"attune/internal/scratch"
	"attune/xconfig"
)

// disk keeps in memory, and counts how often.
type disk struct {
	files   map[string][]byte
	commits int
	err     error
}

func (d *disk) Read(name string) ([]byte, error) {
	data, ok := d.files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return data, nil
}

func (d *disk) Commit(name string, data []byte, _ fs.FileMode) error {
	if d.err == nil {
		d.files[name] = data
		d.commits++
	}
	return d.err
}

func TestSaveAndLoad(t *testing.T) {
	root := t.TempDir()
	run, err := scratch.Open(filepath.Join(root, "run/attune"))
	if err != nil {
		t.Fatal(err)
	}
	defer run.Close()
	state, f := play(t, full, "b1 s ok s no")
	r := Record{State: state, Facts: f, Applied: "own", Boot: "b1", Asked: []string{"own"}, Broken: []Broken{{File: "/etc/X11/xorg.conf", Line: 3, Text: "parse error"}}}
	keep := &disk{files: map[string][]byte{}}
	for range 3 {
		if err := r.Save(run, keep); err != nil {
			t.Fatal(err)
		}
	}
	if keep.commits != 1 {
		t.Errorf("written %d times to the disk, once would do", keep.commits)
	}
	got, err := Load(os.DirFS(root))
	r.Format = format
	if d := cmp.Diff(r, got); d != "" || err != nil {
		t.Errorf("%v; written -, read +:\n%s", err, d)
	}
	// At the next boot the one in the state directory is all there is.
	got, err = Load(fstest.MapFS{"var/lib/attune/ladder.json": {Data: keep.files[File]}})
	if d := cmp.Diff(r.State, got.State); d != "" || err != nil || got.Applied != "" || got.Asked != nil || len(got.Broken) != 1 {
		t.Errorf("%v %+v; kept -, read +:\n%s", err, got, d)
	}
	// A state directory that cannot be written costs nothing but itself.
	keep.files, keep.err = map[string][]byte{}, errors.New("read-only file system")
	r.Applied = "alone"
	if err := r.Save(run, keep); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("%v", err)
	}
	if got, _ := Load(os.DirFS(root)); got.Applied != "alone" {
		t.Errorf("this boot's own: %+v", got)
	}
	if err := r.Save(run, nil); err != nil {
		t.Error(err)
	}
}

// A recording is shown around: the text of files, in which nothing can be
// replaced, is not in it, and the steps are those of the machine.
func TestRecording(t *testing.T) {
	state, f := play(t, full, "b1 no")
	state.Good = &Good{Hardware: f.Hardware, Image: f.Image, Settings: "others", Step: Planned, Files: map[string][]byte{"20-own.conf": []byte("a secret")}}
	data, nothing, err := Record{State: state, Facts: f}.Recording()
	if err != nil || nothing {
		t.Fatal(nothing, err)
	}
	got, err := parse(data)
	if err != nil || !got.State.Good.fits(f) {
		t.Fatalf("%+v %v", got.State.Good, err)
	}
	if text := got.State.Good.Files["20-own.conf"]; len(text) > 0 {
		t.Errorf("%q", text)
	}
	if len(state.Good.Files["20-own.conf"]) == 0 {
		t.Error("the machine's own record has lost its files")
	}
}

// What cannot be read is as none, and told; the kept one stands in for this
// boot's.
func TestLoadDamaged(t *testing.T) {
	good := `{"format":1,"state":{"hardware":"h","failed":[{"step":"planned","why":"w"}]},"facts":{}}`
	for _, row := range []struct {
		name, run, kept string
		failed          int
		told            string
	}{
		{name: "none"},
		{name: "this boot's", run: good, failed: 1},
		{name: "an earlier boot's", kept: good, failed: 1},
		{name: "half a file", run: good[:40], told: "ladder.json"},
		{name: "half a file, and the kept one", run: good[:40], kept: good, failed: 1, told: "run/attune"},
		{name: "a later attune's", kept: strings.Replace(good, `"format":1`, `"format":2`, 1), told: "format 2"},
		{name: "zeros", kept: strings.Repeat("\x00", 4096), told: "as if there were none"},
		{name: "huge", kept: strings.Repeat(" ", maxRecord+1), told: "bytes long"},
	} {
		t.Run(row.name, func(t *testing.T) {
			root := fstest.MapFS{}
			if row.run != "" {
				root["run/attune/ladder.json"] = &fstest.MapFile{Data: []byte(row.run)}
			}
			if row.kept != "" {
				root["var/lib/attune/ladder.json"] = &fstest.MapFile{Data: []byte(row.kept)}
			}
			r, err := Load(root)
			if len(r.State.Failed) != row.failed || (err != nil) != (row.told != "") || err != nil && !strings.Contains(err.Error(), row.told) {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// A state directory may be a stick that somebody plugged: X reads nothing from it
// that we could not have written, and no text of it moves a cursor.
func TestLoadForeign(t *testing.T) {
	const fine = "Section \"Monitor\"\n\tIdentifier \"HDMI-1\"\n\tOption \"PreferredMode\" \"1920x1080\"\nEndSection\n"
	for _, row := range []struct {
		name, file, data string
		kept             bool
	}{
		{"what we write", xconfig.FileOutput, fine, true},
		{"a path of modules", xconfig.FileOutput, "Section \"Files\"\n\tModulePath \"/media/usb\"\nEndSection\n", false},
		{"the same of a class", xconfig.FileOutput, "Section \"OutputClass\"\n\tIdentifier \"x\"\n\tModulePath \"/media/usb\"\nEndSection\n", false},
		{"a driver by its path", xconfig.FileOutput, "Section \"Device\"\n\tIdentifier \"x\"\n\tDriver \"../../../media/usb/x\"\nEndSection\n", false},
		{"a device of theirs", xconfig.FileInput, "Section \"InputClass\"\n\tIdentifier \"x\"\n\tOption \"Device\" \"/dev/sda\"\nEndSection\n", false},
		{"a keymap by its path", xconfig.FileInput, "Section \"InputClass\"\n\tIdentifier \"x\"\n\tOption \"XkbLayout\" \"../../media/usb/x\"\nEndSection\n", false},
		{"a file that is not ours", "50-mine.conf", fine, false},
		{"no file at all", xconfig.FileOutput, "\x00\x00", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := Record{Format: format, Taken: true, State: State{
				Good:   &Good{Hardware: "h", Image: "i", Settings: "other", Files: map[string][]byte{row.file: []byte(row.data)}},
				Failed: []Failure{{Step: Planned, Why: "\x1b[2Jlogin:\n\u009b"}},
			}, Broken: []Broken{{File: "/etc/X11/\x1bc", Text: "\r"}}}
			data, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Load(fstest.MapFS{"var/lib/attune/ladder.json": {Data: data}})
			if err != nil || got.Taken || got.State.Good == nil {
				t.Fatalf("%+v, %v", got, err)
			}
			if _, ok := got.State.Good.Files[row.file]; ok != row.kept || got.State.Good.fits(full) != row.kept {
				t.Errorf("kept %v, want %v", ok, row.kept)
			}
			for _, text := range []string{got.State.Failed[0].Why, got.Broken[0].File, got.Broken[0].Text} {
				if strings.ContainsFunc(text, unicode.IsControl) {
					t.Errorf("%q", text)
				}
			}
			ours, err := Load(fstest.MapFS{"run/attune/ladder.json": {Data: data}})
			if err != nil || !ours.Taken || len(ours.State.Good.Files) != 1 {
				t.Errorf("this boot's own: %+v, %v", ours, err)
			}
		})
	}
}

// The administrator's files of a picture are remembered as what they were: one
// that is the same is part of the set, one that was changed is not.
func TestGoodTheirs(t *testing.T) {
	same, changed := []byte("# same"), []byte("# as it was")
	ours, theirs := kept(map[string][]byte{xconfig.FileOutput: []byte("# ours"), "50-same.conf": same, "60-changed.conf": changed})
	g := &Good{Files: ours, Theirs: theirs}
	got := g.with(map[string][]byte{"50-same.conf": same, "60-changed.conf": []byte("# now"), "70-new.conf": nil})
	want := map[string][]byte{xconfig.FileOutput: []byte("# ours"), "50-same.conf": same}
	if d := cmp.Diff(want, got); d != "" || len(ours) != 1 {
		t.Error(d)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"format":1,"state":{"failed":[{"step":"planned"},{"step":"planned"}],"open":{"step":"x","boot":"b"},"unheard":-7,"good":{}},"facts":{"steps":[{"name":"planned"}]}}`))
	f.Add([]byte(`{"format":1,"state":{"deaths":9223372036854775807}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := parse(data)
		if err != nil {
			return
		}
		d := r.State.Decide(full)
		if d.Number < 1 || d.Number > len(full.Steps) {
			t.Errorf("%+v", d)
		}
		for _, kind := range []Kind{Booted, Started, Shown, Failed, Stopped, None, Retry} {
			s := r.State.After(Event{Kind: kind, Boot: "b"}, full)
			if d := s.Decide(full); d.Number < 1 || d.Number > len(full.Steps) {
				t.Errorf("after %s: %+v", kind, d)
			}
		}
		r.Findings()
	})
}
