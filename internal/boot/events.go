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
	MS      int64    `json:"ms"`                 // since boot (the program) started; the end of what took time
	BeginMS *int64   `json:"begin_ms,omitempty"` // when what took time began; nil for a moment
	Kind    string   `json:"kind"`               // see the Kind constants
	Name    string   `json:"name,omitempty"`     // what is done or waited for, where that is no device and no module
	Device  string   `json:"device,omitempty"`   // path relative to /sys
	Module  string   `json:"module,omitempty"`
	Took    int64    `json:"took_ms,omitempty"`
	Why     string   `json:"why,omitempty"`
	Err     string   `json:"err,omitempty"`
	Steps   []string `json:"steps,omitempty"`    // modules this led to
	WaitsOn []string `json:"waits_on,omitempty"` // modules that had to come first

	UpMS    int64  `json:"up_ms,omitempty"`   // KindStart: the machine's time since it was switched on, CLOCK_BOOTTIME, at 0 ms
	Version string `json:"version,omitempty"` // KindStart: of the program
	Format  int    `json:"format,omitempty"`  // KindStart: Format
}

// Format is the version of the lines' meaning: it grows when a reader of the
// lines before would misunderstand.
const Format = 1

// The kinds of entry.
const (
	KindStart    = "start"    // the first line: when this began, and what wrote it
	KindScan     = "scan"     // the tree was scanned; Steps are the modules it asks for
	KindDevice   = "device"   // a device appeared; Steps are the modules it asks for
	KindLoad     = "load"     // a module load ended, with Err when it failed
	KindLadder   = "ladder"   // a preferred driver failed; Steps are the next ones
	KindLost     = "lost"     // uevents were lost; a scan follows
	KindWait     = "wait"     // something was waited for; Why says for what, Err how it ended when not well
	KindReady    = "ready"    // displays and input devices are there, or their time is up
	KindDesktop  = "desktop"  // displays and input devices were configured; Name says which part of it
	KindReplan   = "replan"   // that was done again, for something that came or went later
	KindSettled  = "settled"  // nothing is under way any more
	KindDeadline = "deadline" // time is up; Why says what was still under way
	KindNote     = "note"     // something a person may want to know
)

// A Journal is the running record of a boot: written to events.jsonl line by
// line, so that a machine which hangs has said how far it came. Its methods may
// be called by many goroutines at once; the zero value goes nowhere.
type Journal struct {
	start time.Time
	mu    sync.Mutex
	out   io.Writer // nil: not written
	err   error     // the first write that failed; boot goes on without the file
}

// NewJournal begins a record. up is the machine's time since it was switched
// on, 0 when nobody knows.
func NewJournal(out io.Writer, up time.Duration, version string) *Journal {
	j := &Journal{start: time.Now(), out: out}
	j.Add(Entry{Kind: KindStart, UpMS: up.Milliseconds(), Version: version, Format: Format})
	return j
}

// ContinueJournal adds to a record that was begun some time ago.
func ContinueJournal(out io.Writer, ago time.Duration) *Journal {
	return &Journal{start: time.Now().Add(-ago), out: out}
}

// Add writes an entry of this moment.
func (j *Journal) Add(e Entry) { j.addAt(e, time.Now()) }

// Span writes an entry for something that began at a time and has just ended.
func (j *Journal) Span(e Entry, begin time.Time) { j.spanAt(e, begin, time.Now()) }

func (j *Journal) spanAt(e Entry, begin, end time.Time) {
	at := max(0, begin.Sub(j.start).Milliseconds())
	e.BeginMS, e.Took = &at, end.Sub(begin).Milliseconds()
	j.addAt(e, end)
}

func (j *Journal) addAt(e Entry, at time.Time) {
	e.MS = at.Sub(j.start).Milliseconds()
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

// failed gives the first write that failed, once.
func (j *Journal) failed() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	err := j.err
	if err != nil {
		j.out, j.err = nil, nil
	}
	return err
}
