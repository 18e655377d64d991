package status

import (
	"encoding/json"
	"fmt"
	"io/fs"

	"attune/detect/kmod"
	"attune/internal/boot"
	"attune/internal/desktop"
	"attune/internal/finding"
)

// A Keeper takes what is recorded, by paths from the machine's root.
type Keeper interface {
	AddFile(name string, data []byte) error
}

// A portableFile is what of machine.json cannot be made again from a capture:
// how the boot went. What devices there were and what was decided follows
// from the rest; EDIDs are left to those who know how to redact them.
type portableFile struct {
	DryRun     bool              `json:"dry_run,omitempty"`
	Udevd      bool              `json:"udevd,omitempty"`
	Settled    bool              `json:"settled"`
	Took       int64             `json:"took_ns"`
	WaitingFor string            `json:"waiting_for,omitempty"`
	Running    []string          `json:"running,omitempty"`
	Plan       portablePlan      `json:"plan"`
	Loads      []boot.Load       `json:"loads,omitempty"`
	Problems   []string          `json:"problems,omitempty"`
	Findings   []finding.Finding `json:"findings,omitempty"`
	X          *desktop.Pass     `json:"x_pass,omitempty"`
}

type portablePlan struct {
	Steps []portableStep `json:"steps"`
}

type portableStep struct {
	Module string     `json:"module"`
	Why    []kmod.Why `json:"why"`
}

// maxPortable is several times what any boot does.
const maxPortable = 4096

// Keep gives what the boot's records tell to a recording, for Read to read
// from there. What is in them is to be redacted with the rest.
func (r Record) Keep(root fs.FS, keep Keeper) (errs []error) {
	add := func(name string, v any) {
		data, err := json.MarshalIndent(v, "", " ")
		if err == nil {
			err = keep.AddFile(name, append(data, '\n'))
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("recording how the boot went: /%s: %w", name, err))
		}
	}
	if r.Boot != nil {
		add(MachineFile, r.portable())
	}
	if len(r.Events.Spans) > 0 {
		if data, err := fs.ReadFile(root, EventsFile); err == nil {
			if err := keep.AddFile(EventsFile, data); err != nil {
				errs = append(errs, err)
			}
		}
	}
	if err := r.keepLadder(keep); err != nil {
		errs = append(errs, err)
	}
	return errs
}

// keepLadder keeps the step the machine stands on, where it is not the top.
func (r Record) keepLadder(keep Keeper) error {
	if r.Ladder == nil {
		return nil
	}
	data, nothing, err := r.Ladder.Recording()
	if err == nil && !nothing {
		err = keep.AddFile(LadderFile, data)
	}
	if err != nil {
		return fmt.Errorf("recording how the boot went: /%s: %w", LadderFile, err)
	}
	return nil
}

func (r Record) portable() portableFile {
	b := r.Boot
	p := portableFile{
		DryRun: b.DryRun, Udevd: b.Udevd, Settled: b.Settled, Took: b.Took.Nanoseconds(), WaitingFor: b.WaitingFor,
		Running: b.Running, Loads: b.Loads[:min(maxPortable, len(b.Loads))], Problems: b.Problems, Findings: r.Findings,
	}
	for _, s := range b.Plan.Steps[:min(maxPortable, len(b.Plan.Steps))] {
		p.Plan.Steps = append(p.Plan.Steps, portableStep{s.Module, s.Why})
	}
	p.X = r.X
	return p
}
