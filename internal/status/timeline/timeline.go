// Package timeline reads events.jsonl, a boot's own account of itself, as
// spans on a time axis, and finds the chain of them that took longest.
//
// It knows what kinds of event there are and not what a module or a device is.
// It reads no file.
package timeline

import (
	"cmp"
	"slices"
)

// A Timeline is a boot in the order of time.
type Timeline struct {
	UpMS  int64  `json:"up_ms,omitempty"` // how long the kernel had run when boot began
	Spans []Span `json:"spans"`           // by begin, then end
	Bad   int    `json:"-"`               // lines that were no events
}

// The kinds of span, as events.jsonl names them; what takes no time is a mark.
const (
	Scan     = "scan"
	Device   = "device"
	Load     = "load"
	Wait     = "wait"
	Desktop  = "desktop"
	Ladder   = "ladder"
	Ready    = "ready"
	Settled  = "settled"
	Deadline = "deadline"
	Lost     = "lost"
	Note     = "note"

	start = "start" // the first line, which says when all began
)

// A Span is one thing that took time, or a mark that took none.
type Span struct {
	Kind    string   `json:"kind"`
	Name    string   `json:"name"`     // module, last part of the device's path, or what was waited for
	Begin   int64    `json:"begin_ms"` // since boot (the program) began
	End     int64    `json:"end_ms"`
	Device  string   `json:"device,omitempty"`   // path relative to /sys
	Steps   []string `json:"steps,omitempty"`    // modules this led to
	WaitsOn []string `json:"waits_on,omitempty"` // modules it had to wait for
	Why     string   `json:"why,omitempty"`
	Err     string   `json:"err,omitempty"`
}

// MS is how long it took.
func (s Span) MS() int64 { return s.End - s.Begin }

// End is when the last of all ended.
func (t Timeline) End() int64 {
	var end int64
	for _, s := range t.Spans {
		end = max(end, s.End)
	}
	return end
}

// Took gives the spans that took time, the marks left out.
func (t Timeline) Took() (all []Span) {
	for _, s := range t.Spans {
		if s.MS() > 0 || s.Kind == Load {
			all = append(all, s)
		}
	}
	return all
}

func (t *Timeline) sort() {
	slices.SortStableFunc(t.Spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Begin, b.Begin), cmp.Compare(a.End, b.End))
	})
}
