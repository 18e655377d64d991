package status

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"attune/detect"
	"attune/internal/desktop"
	"attune/internal/explain"
	"attune/internal/finding"
	"attune/xconfig"
)

// booted is a machine with a record of its boot.
func booted(files map[string]string) fstest.MapFS {
	root := fstest.MapFS{MachineFile: {Data: []byte(`{"release":"6.1","settled":true,"took_ns":1500000000,"loads":[{"module":"e1000e","took_ms":12}]}`)}}
	for name, text := range files {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return root
}

func ids(s Status) (all []string) {
	for _, f := range s.Findings {
		all = append(all, f.About())
	}
	return all
}

func TestWhatThereIsToLookAt(t *testing.T) {
	nic := detect.Device{Path: "devices/pci0000:00/0000:00:03.0", Subsystem: "pci", Role: detect.RoleNet}
	of := func(o explain.Outcome) func(*Facts) {
		return func(f *Facts) {
			f.Inventory.Devices = []detect.Device{nic}
			f.Verdicts = []explain.Verdict{{Device: nic.Path, Outcome: o, Modules: []string{"e1000e"}, Why: "so it is"}}
		}
	}
	for _, c := range []struct {
		name   string
		files  map[string]string
		facts  func(*Facts)
		want   string // findings, space separated
		health Health
	}{
		{"nothing", nil, nil, "", Works},
		{"a device that works", nil, of(explain.Bound), "", Works},
		{"a device without a module", nil, of(explain.NoModule), "driver.no-module 0000:00:03.0", Limited},
		{"a driver that failed is told once", map[string]string{MachineFile: `{"settled":true,"loads":[{"module":"e1000e","err":"loading e1000e: no"}]}`},
			of(explain.LoadFailed), "driver.failed 0000:00:03.0", Failed},
		{"a driver that failed and no device has", map[string]string{MachineFile: `{"settled":true,"loads":[{"module":"x","err":"loading x: no"},{"module":"y","err":"none there","harmless":true}]}`},
			nil, "driver.failed x", Failed},
		{"somebody denied a driver", nil, of(explain.Denied), "driver.denied 0000:00:03.0", Works},
		{"no modules at all are one thing", nil, func(f *Facts) {
			of(explain.NoModule)(f)
			f.NoTree = "no modules"
			f.OfDrivers = []error{errors.New("no modules")}
		},
			"driver.no-tree", Limited},
		{"not at rest", map[string]string{MachineFile: `{"took_ns":30000000000,"running":["slow"]}`}, nil, "boot.not-settled", Limited},
		{"a dry run need not rest", map[string]string{MachineFile: `{"dry_run":true}`}, nil, "", Works},
		{"a record cut short", map[string]string{MachineFile: `{"settled":true,"took_`}, nil, "boot.record-damaged /run/attune/machine.json", Limited},
		{"a part of the record of another type", map[string]string{MachineFile: `{"settled":true,"cmdline":17}`}, nil, "boot.record-damaged /run/attune/machine.json", Limited},
		{"garbage among the events", map[string]string{EventsFile: "{\"ms\":1,\"kind\":\"scan\"}\nrubbish\n"}, nil, "boot.record-damaged /run/attune/events.jsonl", Limited},
		{"a wrong setting names its line", nil, func(f *Facts) { f.OfDisplays = []error{errors.New("/etc/attune/x.toml:3: no such key")} },
			"settings.wrong /etc/attune/x.toml:3", Limited},
		{"and is not told again by the boot", map[string]string{MachineFile: `{"settled":true,"problems":["/etc/attune/x.toml:3: no such key"]}`},
			func(f *Facts) { f.OfDisplays = []error{errors.New("/etc/attune/x.toml:3: no such key")} }, "settings.wrong /etc/attune/x.toml:3", Limited},
		{"a finding of the boot", map[string]string{MachineFile: `{"settled":true,"findings":[{"id":"display.late","level":"limited","text":"it was late"}]}`},
			nil, "display.late", Limited},
		{"X refused", map[string]string{MachineFile: `{"settled":true,"desktop":{"displays":{"outputs":[{"connector":"VGA-1","state":"on"}]},"x":"refused","x_why":"line 3"}}`},
			nil, "display.config-refused", Limited},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := Facts{Record: Read(booted(c.files)), Named: func(detect.Device) bool { return true }}
			if c.facts != nil {
				c.facts(&f)
			}
			s := Of(f)
			if got := strings.Join(ids(s), ", "); got != c.want || s.Health != c.health {
				t.Errorf("%s: %q, want %s: %q", s.Health, got, c.health, c.want)
			}
			for _, one := range s.Findings {
				if one.Text == "" || one.Do == "" {
					t.Errorf("%+v says too little", one)
				}
			}
		})
	}
}

// A record of another release, or of a stranger, may have levels nobody knows.
func TestUnknownLevel(t *testing.T) {
	s := Of(Facts{Record: Read(booted(map[string]string{MachineFile: `{"settled":true,"findings":[{"id":"no.such","level":"dire","text":"a"},{"id":"state.full","text":"b"}]}`}))})
	if got := strings.Join(ids(s), " "); got != "state.full no.such" || s.Findings[1].Level != finding.Note || s.Health != Limited {
		t.Errorf("%s: %+v", s.Health, s.Findings)
	}
}

func TestNoRecord(t *testing.T) {
	s := Of(Facts{Record: Read(fstest.MapFS{})})
	if s.Boot != nil || len(s.Findings) != 1 || s.Findings[0].ID != "boot.none" {
		t.Errorf("%+v", s)
	}
	var b bytes.Buffer
	if err := s.Text(&b); err != nil || !strings.Contains(b.String(), ", no kernel, 0 devices") {
		t.Errorf("%v: an image without a kernel:\n%s", err, b.String())
	}
}

func TestWorstFirst(t *testing.T) {
	s := Of(Facts{Record: Read(booted(nil)), Findings: []finding.Finding{
		finding.New("state.none", "", "a"), finding.New("state.full", "", "b"), finding.New("driver.failed", "x", "c"),
	}})
	if got := strings.Join(ids(s), " "); got != "driver.failed x state.full state.none" {
		t.Error(got)
	}
	if got, want := s.Short(), "attune: 1 failed (driver.failed x), 1 limited (state.full): see attune status"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := Of(Facts{Record: Read(booted(nil))}).Text(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"all works", "at rest after 1500 ms, 1 modules loaded"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in:\n%s", want, b.String())
		}
	}
}

// FuzzRead: whatever lies where the records of a boot should be, there is a status.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"settled":true,"desktop":{"displays":{"gpu":{"card":"x"}}}}`), []byte(`{"ms":1,"kind":"load","module":"x","took_ms":1}`), []byte(`{"rung":"native"}`))
	f.Add([]byte(`{`), []byte("\n\n{}"), []byte("[]"))
	f.Add([]byte(`{"findings":[{"id":"no.such"}],"loads":[{}]}`), []byte(`{"ms":-1}`), []byte(""))
	f.Fuzz(func(t *testing.T, machine, events, ladder []byte) {
		r := Read(fstest.MapFS{MachineFile: {Data: machine}, EventsFile: {Data: events}, LadderFile: {Data: ladder}})
		s := Of(Facts{Record: r})
		if err := s.Text(new(bytes.Buffer)); err != nil {
			t.Error(err)
		}
		s.Short()
	})
}

// private is a machine whose records this user may not read.
type private struct{ fstest.MapFS }

func (p private) Open(name string) (fs.File, error) {
	if strings.HasPrefix(name, "run/attune/") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return p.MapFS.Open(name)
}

func (p private) ReadFile(name string) ([]byte, error) {
	_, err := p.Open(name)
	return nil, err
}

// What an ordinary user may not read is said, and nothing is wrong with it.
func TestOrdinaryUser(t *testing.T) {
	s := Of(Facts{Record: Read(private{booted(map[string]string{EventsFile: "{}", LadderFile: "{}"})})})
	if len(s.Findings) > 0 || s.Boot != nil || strings.Join(s.Unread, " ") != "/run/attune/machine.json /run/attune/events.jsonl /run/attune/ladder.json" {
		t.Errorf("%q, not read %q", ids(s), s.Unread)
	}
}

// A boot's finding is gone when what it was about has been put right since.
func TestPutRight(t *testing.T) {
	nic := detect.Device{Path: "devices/pci0000:00/0000:00:03.0", Subsystem: "pci"}
	root := booted(map[string]string{MachineFile: `{"settled":true,"findings":[{"id":"driver.failed","level":"failed","subject":"0000:00:03.0","text":"no"},{"id":"settings.wrong","level":"limited","subject":"/etc/attune/x.toml:3","text":"no"}]}`})
	for _, c := range []struct {
		outcome explain.Outcome
		live    bool
		want    string
	}{
		{explain.Bound, true, ""},
		{explain.LoadFailed, true, "driver.failed 0000:00:03.0"},
		{explain.Bound, false, "settings.wrong /etc/attune/x.toml:3"}, // a capture's settings are those of its boot
	} {
		s := Of(Facts{Record: Read(root), Live: c.live, Plan: on(), Inventory: detect.Inventory{Devices: []detect.Device{nic}},
			Verdicts: []explain.Verdict{{Device: nic.Path, Outcome: c.outcome, Why: "so"}}})
		if got := strings.Join(ids(s), " "); got != c.want {
			t.Errorf("%s, live %v: %q, want %q", c.outcome, c.live, got, c.want)
		}
	}
}

// on is a plan with a picture.
func on() *desktop.Plan {
	return &desktop.Plan{Displays: xconfig.DisplayPlan{Outputs: []xconfig.Output{{Connector: "VGA-1", State: "on", Rotate: "normal"}}}}
}

// What files say begins no line of its own.
func TestTextOnOneLine(t *testing.T) {
	var b strings.Builder
	s := Status{Findings: []Told{{Finding: finding.New("records.corrupt", "/run/x\nFAILED fake.json", "odd\nFAILED\tall")}}}
	if err := s.Text(&b); err != nil || strings.Contains(b.String(), "\nFAILED fake") || strings.Contains(b.String(), "\nFAILED all") {
		t.Errorf("%v\n%s", err, b.String())
	}
}
