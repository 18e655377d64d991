package boot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"

	"attune/detect/kmod"
)

// InitramfsDir is where, below the boot's own directory, the initramfs leaves
// its record for the real root: machine.json and events.jsonl as ever.
const InitramfsDir = "initramfs"

// A Handover is what the boot in the initramfs has done before this one.
type Handover struct {
	Settled  bool          `json:"settled"`
	Took     time.Duration `json:"took_ns"`
	Loads    []Load        `json:"loads,omitempty"`
	Left     []kmod.Denial `json:"left,omitempty"` // what it left to this boot
	Problems []string      `json:"problems,omitempty"`
}

// readHandover reads it; nil where there was no such boot.
func readHandover(root fs.FS) (*Handover, error) {
	name := path.Join("run/attune", InitramfsDir, "machine.json")
	data, err := fs.ReadFile(root, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading what the initramfs did: %w", err)
	}
	var r struct {
		Handover
		Plan struct {
			Denied []kmod.Denial `json:"denied"`
		} `json:"plan"`
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("reading what the initramfs did: %s: %w", name, err)
	}
	for _, d := range r.Plan.Denied {
		if d.By == kmod.ByInitramfs {
			r.Left = append(r.Left, d)
		}
	}
	return &r.Handover, nil
}

// String is the whole of it in a line.
func (h *Handover) String() string {
	loaded := 0
	for _, l := range h.Loads {
		if l.Err == "" {
			loaded++
		}
	}
	said := fmt.Sprintf("loaded %d modules", loaded)
	if h.Settled {
		said += fmt.Sprintf(", at rest after %d ms", h.Took.Milliseconds())
	} else {
		said += fmt.Sprintf(", not at rest after %d ms", h.Took.Milliseconds())
	}
	for _, d := range h.Left {
		said += "; left " + d.Module + ": " + d.Source
	}
	return said
}
