package status

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"attune/internal/boot"
	"attune/internal/desktop"
	"attune/internal/failsafe"
	"attune/internal/finding"
	"attune/internal/status/timeline"
)

// Where a boot leaves its records, below the machine's root.
const (
	MachineFile = "run/attune/machine.json"
	EventsFile  = "run/attune/events.jsonl"
	LadderFile  = "run/attune/" + failsafe.File
)

// maxRecord is many times the longest record a machine has made.
const maxRecord = 64 << 20

// A Record is what the last boot left. The zero value is that of a machine
// attune did not boot.
type Record struct {
	Boot     *boot.Report     // nil: there is no record of a boot
	Desktop  *desktop.Applied // nil: displays were left alone, or nothing is known
	X        *desktop.Pass    // what became of X's files; nil as Desktop, but known of a capture too
	Findings []finding.Finding
	Written  time.Time         // when machine.json was last written; zero in captures
	Events   timeline.Timeline // empty where there is none
	Ladder   *failsafe.Record  // nil: nothing about how X fares

	Damaged []finding.Finding // records that could not be read
	Denied  []string          // records this user may not read
}

// machineFile is machine.json.
type machineFile struct {
	boot.Report
	Desktop  *desktop.Applied  `json:"desktop"`
	X        *desktop.Pass     `json:"x_pass"` // of a capture, which has no desktop
	Findings []finding.Finding `json:"findings"`
}

// Read reads the records of a machine's last boot. What is damaged is told in
// them; what is absent is left out.
func Read(root fs.FS) Record {
	var r Record
	r.machine(root)
	if data, ok := r.file(root, EventsFile); ok {
		r.Events = timeline.Parse(data)
		if n := r.Events.Bad; n > 0 {
			r.damaged(EventsFile, fmt.Errorf("%d of its lines are no events", n))
		}
	}
	r.ladder(root)
	r.forgive()
	return r
}

// forgive takes the failure from loads that found nothing to drive: they are
// part of any boot, which machine.json knows and events.jsonl does not.
func (r *Record) forgive() {
	if r.Boot == nil {
		return
	}
	harmless := map[string]bool{}
	for _, l := range r.Boot.Loads {
		harmless[l.Module] = harmless[l.Module] || l.Harmless
	}
	for i, s := range r.Events.Spans {
		if s.Kind == timeline.Load && harmless[s.Name] {
			r.Events.Spans[i].Err, r.Events.Spans[i].Why = "", "it found nothing to drive, as many do"
		}
	}
}

func (r *Record) machine(root fs.FS) {
	data, ok := r.file(root, MachineFile)
	if !ok {
		return
	}
	var m machineFile
	if err := json.Unmarshal(data, &m); err != nil {
		r.damaged(MachineFile, err)
		// What is of another type than it should be costs itself alone: the rest
		// of the record is there. One with broken syntax has nothing.
		if _, ok := errors.AsType[*json.UnmarshalTypeError](err); !ok {
			return
		}
	}
	r.Boot, r.Desktop, r.X = &m.Report, m.Desktop, m.X
	if m.Desktop != nil {
		r.X = &m.Desktop.Pass
	}
	for _, f := range m.Findings {
		if f.ID != "" {
			r.Findings = append(r.Findings, f)
		}
	}
	if info, err := fs.Stat(root, MachineFile); err == nil {
		r.Written = info.ModTime()
	}
}

// ladder takes the record of X's starts, which has a reader of its own.
func (r *Record) ladder(root fs.FS) {
	l, err := failsafe.Load(root)
	switch {
	case errors.Is(err, fs.ErrPermission):
		r.Denied = append(r.Denied, "/"+LadderFile)
	case err != nil:
		r.damaged(LadderFile, err)
	}
	if l.Format != 0 {
		r.Ladder = &l
	}
}

// file reads a record that is there, may be read and is not absurdly long.
func (r *Record) file(root fs.FS, name string) ([]byte, bool) {
	info, err := fs.Stat(root, name)
	if err == nil && (!info.Mode().IsRegular() || info.Size() > maxRecord) {
		err = errors.New("it is no file, or longer than any record")
	}
	var data []byte
	if err == nil {
		data, err = fs.ReadFile(root, name)
	}
	switch {
	case err == nil:
		return data, true
	case errors.Is(err, fs.ErrNotExist):
	case errors.Is(err, fs.ErrPermission):
		r.Denied = append(r.Denied, "/"+name)
	default:
		r.damaged(name, err)
	}
	return nil, false
}

func (r *Record) damaged(name string, err error) {
	r.Damaged = append(r.Damaged, finding.New("boot.record-damaged", "/"+name, "reading it: "+err.Error()))
}

// Chain is what the last boot spent its time on, one thing after the other.
func (r Record) Chain() timeline.Chain { return r.Events.Slowest(r.drives()) }

// ToPicture is the same up to the moment X could start.
func (r Record) ToPicture() timeline.Chain { return r.Events.To(timeline.Ready, r.drives()) }

// drives are the devices each module was loaded for.
func (r Record) drives() map[string][]string {
	drives := map[string][]string{}
	if r.Boot != nil {
		for _, s := range r.Boot.Plan.Steps {
			for _, w := range s.Why {
				if w.Device != "" && w.For == "" {
					drives[s.Module] = append(drives[s.Module], w.Device)
				}
			}
		}
	}
	return drives
}
