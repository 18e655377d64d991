package boot

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
)

// An Entry is one line of events.jsonl: what boot did or saw, and when.
type Entry struct {
	MS     int64    `json:"ms"`               // since boot (the program) started
	Kind   string   `json:"kind"`             // see the Kind constants
	Device string   `json:"device,omitempty"` // path relative to /sys
	Module string   `json:"module,omitempty"`
	Took   int64    `json:"took_ms,omitempty"`
	Why    string   `json:"why,omitempty"`
	Err    string   `json:"err,omitempty"`
	Steps  []string `json:"steps,omitempty"` // modules this led to
}

// The kinds of entry.
const (
	KindScan     = "scan"     // the tree was scanned; Steps are the modules it asks for
	KindDevice   = "device"   // a device appeared; Steps are the modules it asks for
	KindLoad     = "load"     // a module load ended, with Err when it failed
	KindLadder   = "ladder"   // a preferred driver failed; Steps are the next ones
	KindLost     = "lost"     // uevents were lost; a scan follows
	KindSettled  = "settled"  // nothing is under way any more
	KindDeadline = "deadline" // time is up; Why says what was still under way
	KindNote     = "note"     // something a person may want to know
)

// A journal is the running record of a boot: kept for machine.json and
// written to events.jsonl line by line, so that a machine which hangs has
// said how far it came.
type journal struct {
	start time.Time
	mu    sync.Mutex
	out   io.Writer // nil: not written
	err   error     // the first write that failed; boot goes on without the file
}

func (j *journal) add(e Entry) {
	e.MS = time.Since(j.start).Milliseconds()
	line, err := json.Marshal(e)
	if err != nil {
		line = fmt.Appendf(nil, `{"ms":%d,"kind":%q,"err":%q}`, e.MS, e.Kind, err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.out == nil || j.err != nil {
		return
	}
	_, j.err = j.out.Write(append(line, '\n'))
}
