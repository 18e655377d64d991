package timeline

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"
)

// An event is one line of events.jsonl, those of earlier releases too: a load
// that does not say when it began did so took_ms before its end.
type event struct {
	MS      int64    `json:"ms"` // when it was written: the end of what took time
	BeginMS *int64   `json:"begin_ms"`
	UpMS    int64    `json:"up_ms"`
	Kind    string   `json:"kind"`
	Device  string   `json:"device"`
	Module  string   `json:"module"`
	Name    string   `json:"name"`
	Took    int64    `json:"took_ms"`
	Why     string   `json:"why"`
	Err     string   `json:"err"`
	Steps   []string `json:"steps"`
	WaitsOn words    `json:"waits_on"`
}

// words is one text or a list of them.
type words []string

func (w *words) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*w = words{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(w))
}

// Bounds of what is believed: a boot that took a week, or said a million
// things, is a damaged record.
const (
	maxSpans = 20_000
	maxMS    = 7 * 24 * 3600 * 1000
)

// Parse reads events.jsonl. Lines that are no events are counted and left out,
// as is a last line cut short: the machine may have stopped there.
func Parse(data []byte) Timeline {
	var t Timeline
	for line := range bytes.Lines(data) {
		whole := bytes.HasSuffix(line, []byte("\n"))
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		var e event
		if json.Unmarshal(line, &e) != nil || !e.sane() {
			if whole {
				t.Bad++
			}
			continue
		}
		if e.UpMS > 0 {
			t.UpMS = e.UpMS
		}
		if e.Kind != "" && e.Kind != start && len(t.Spans) < maxSpans {
			t.Spans = append(t.Spans, e.span())
		}
	}
	t.fromStart()
	t.sort()
	return t
}

// fromStart: the first scan is a moment in the record, its end; what came
// before it, reading settings and modules, is told nowhere else.
func (t *Timeline) fromStart() {
	for i, s := range t.Spans {
		if s.Kind == Scan {
			if s.MS() == 0 {
				t.Spans[i].Begin = 0
			}
			return
		}
		if s.Kind != Note {
			return
		}
	}
}

func (e event) sane() bool {
	begin := int64(0)
	if e.BeginMS != nil {
		begin = *e.BeginMS
	}
	for _, n := range []int64{e.MS, begin, e.Took} {
		if n < 0 || n > maxMS {
			return false
		}
	}
	return true
}

func (e event) span() Span {
	s := Span{Kind: e.Kind, End: e.MS, Begin: max(0, e.MS-e.Took), Device: e.Device, Steps: e.Steps, WaitsOn: e.WaitsOn, Why: e.Why, Err: e.Err}
	if e.BeginMS != nil && *e.BeginMS <= e.MS {
		s.Begin = *e.BeginMS
	}
	switch {
	case e.Module != "":
		s.Name = e.Module
	case e.Name != "":
		s.Name = e.Name
	case e.Device != "":
		s.Name = path.Base(e.Device)
	case e.Kind == Wait && len(e.WaitsOn) > 0:
		s.Name = strings.Join(e.WaitsOn, ", ")
	default:
		s.Name = e.Kind
	}
	return s
}
