package timeline

import (
	"cmp"
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"
)

// A Link is one span of a chain and why it came when it did.
type Link struct {
	Span
	Gap int64  `json:"gap_ms"`          // between the end of the link before and its begin
	By  string `json:"because_of_prev"` // what it has to do with the link before
}

// A Chain is spans of which each waited for the one before.
type Chain []Link

// MS is how long a chain took from its first begin to its last end.
func (c Chain) MS() int64 {
	if len(c) == 0 {
		return 0
	}
	return c[len(c)-1].End - c[0].Begin
}

// Slowest is the chain that took longest: of all spans those which end last
// after the begin of what they go back to. drives gives the devices a module
// was loaded for, by path; nil where that is not known.
//
// A load goes back to the last of what it needs or to the event that asked for
// it, or, where others ran between, to the last of those: its turn came only
// then. A device goes back to the load of its parent's driver, else to the last
// load begun before it appeared; a wait to the load it is for, what is ready to
// the last wait; all else to what ended last before it did.
func (t Timeline) Slowest(drives map[string][]string) Chain {
	g := newGraph(t, drives)
	best, longest := -1, int64(0)
	for i, s := range t.Spans {
		if s.Kind == Note || s.Kind == Lost {
			continue
		}
		if ms := s.End - t.Spans[g.first(i)].Begin; ms > longest {
			best, longest = i, ms
		}
	}
	if best < 0 {
		return nil
	}
	return g.back(best)
}

// To is the chain that led to the first span of a kind, empty where there is none.
func (t Timeline) To(kind string, drives map[string][]string) Chain {
	at := slices.IndexFunc(t.Spans, func(s Span) bool { return s.Kind == kind })
	if at < 0 {
		return nil
	}
	return newGraph(t, drives).back(at)
}

// A graph answers what a span goes back to.
type graph struct {
	spans  []Span
	drives map[string][]string
	known  []step // by the number of the span
	passed []int  // by which walk, from 1, a span was passed last
	walk   int
}

// A step leads from one span to what it goes back to, -1 to nothing.
type step struct {
	from  int
	by    string
	known bool
}

func newGraph(t Timeline, drives map[string][]string) *graph {
	return &graph{spans: t.Spans, drives: drives, known: make([]step, len(t.Spans)), passed: make([]int, len(t.Spans))}
}

// step is before, worked out once for each span: a record may have thousands.
func (g *graph) step(at int) step {
	if !g.known[at].known {
		from, by := g.before(at)
		g.known[at] = step{from, by, true}
	}
	return g.known[at]
}

// steps gives a span and those it goes back to, in turn. A step leads further
// up in the list, or from a wait to its load; what was passed already ends it.
func (g *graph) steps(at int) iter.Seq2[int, step] {
	return func(yield func(int, step) bool) {
		g.walk++
		for at >= 0 {
			g.passed[at] = g.walk
			s := g.step(at)
			if s.from >= 0 && g.passed[s.from] == g.walk {
				s.from = -1
			}
			if !yield(at, s) {
				return
			}
			at = s.from
		}
	}
}

// first is the span a chain begins with.
func (g *graph) first(at int) (first int) {
	for i := range g.steps(at) {
		first = i
	}
	return first
}

// back follows a span to its beginning.
func (g *graph) back(at int) Chain {
	var c Chain
	for i, s := range g.steps(at) {
		link := Link{Span: g.spans[i]}
		if s.from >= 0 {
			link.By, link.Gap = s.by, max(0, link.Begin-g.spans[s.from].End)
		}
		c = append(c, link)
	}
	slices.Reverse(c)
	return c
}

// before is what a span goes back to, -1 when to nothing.
func (g *graph) before(at int) (from int, by string) {
	s := g.spans[at]
	switch s.Kind {
	case Load:
		return g.beforeLoad(at)
	case Device:
		if i := g.last(at, func(o Span) bool { return o.Kind == Load && g.above(o.Name, s.Device) }); i >= 0 {
			return i, g.spans[i].Name + " found it"
		}
		if i := g.last(at, func(o Span) bool { return o.Kind == Load }); i >= 0 {
			return i, "it appeared after " + g.spans[i].Name + " was begun"
		}
	case Ladder:
		if i := g.last(at, func(o Span) bool { return o.Kind == Load && o.Name == s.Name }); i >= 0 {
			return i, "it failed"
		}
	case Settled:
		if i := g.ended(at, s.End); i >= 0 {
			return i, "nothing more happened"
		}
	case Wait:
		if i := g.loadFor(s); i >= 0 {
			return i, "it is what " + g.spans[i].Name + " drives"
		}
		if i := g.ended(at, s.End); i >= 0 {
			return i, "the last before it was " + g.spans[i].Name
		}
	case Ready:
		if i := g.latest(at, func(o Span) bool { return o.Kind == Wait && o.End <= s.End }); i >= 0 {
			return i, "what was waited for is there"
		}
		fallthrough
	case Deadline, Desktop:
		if i := g.ended(at, s.End); i >= 0 {
			return i, "the last before it was " + g.spans[i].Name
		}
	}
	return -1, ""
}

// turn is how long a load may hang back before it is said to have waited for
// its turn.
const turn = 5

func (g *graph) beforeLoad(at int) (from int, by string) {
	s := g.spans[at]
	from = g.latest(at, func(o Span) bool {
		return o.Kind == Load && slices.Contains(s.WaitsOn, o.Name) && o.End <= s.Begin
	})
	if from >= 0 {
		by = "it needs " + g.spans[from].Name
	}
	if i := g.latest(at, func(o Span) bool { return o.Kind != Load && slices.Contains(o.Steps, s.Name) && o.End <= s.Begin }); i >= 0 && (from < 0 || g.spans[i].End > g.spans[from].End) {
		from, by = i, asked(g.spans[i])
	}
	if from < 0 || s.Begin-g.spans[from].End > turn {
		if i := g.ended(at, s.Begin); i >= 0 && (from < 0 || g.spans[i].End > g.spans[from].End) {
			return i, "its turn came after " + g.spans[i].Name
		}
	}
	return from, by
}

// ended is the work that ended last, no later than a time.
func (g *graph) ended(at int, by int64) int {
	return g.latest(at, func(o Span) bool {
		return o.End <= by && (o.Kind == Load || o.Kind == Device || o.Kind == Desktop || o.Kind == Ready || o.Kind == Settled ||
			o.Kind == Scan && o.MS() > 0 || o.Kind == Wait && len(o.WaitsOn) == 0)
	})
}

// latest is, of the spans further up in the list that fit, the one that ended last.
func (g *graph) latest(at int, fits func(Span) bool) int {
	from := -1
	for i, o := range g.spans[:at] {
		if fits(o) && (from < 0 || o.End >= g.spans[from].End) {
			from = i
		}
	}
	return from
}

// loadFor is the load a wait is for. It began after the wait did, which begins
// when its device is known; but no load goes back to a wait that ended later.
func (g *graph) loadFor(wait Span) int {
	return slices.IndexFunc(g.spans, func(o Span) bool {
		return o.Kind == Load && slices.Contains(wait.WaitsOn, o.Name) && o.Begin < wait.End
	})
}

// last is the nearest span further up in the list that fits.
func (g *graph) last(at int, fits func(Span) bool) int {
	for i := at - 1; i >= 0; i-- {
		if fits(g.spans[i]) {
			return i
		}
	}
	return -1
}

// above says whether a module was loaded for a device that another lies in.
func (g *graph) above(module, device string) bool {
	return slices.ContainsFunc(g.drives[module], func(d string) bool { return strings.HasPrefix(device, d+"/") })
}

func asked(s Span) string {
	if s.Kind == Device {
		return path.Base(s.Device) + " asks for it"
	}
	return "the " + s.Kind + " asked for it"
}

// most is how many links a chain is told by.
const most = 4

// Text is a chain on one line, by what took longest of it: "5347 ms in 12
// steps, of which aesni_intel 1154 ms, nvme 310 ms".
func (c Chain) Text() string {
	if len(c) == 0 || c.MS() == 0 {
		return ""
	}
	text := fmt.Sprintf("%d ms in %d steps", c.MS(), len(c))
	long := slices.DeleteFunc(slices.Clone(c), func(l Link) bool { return l.MS() == 0 })
	slices.SortStableFunc(long, func(a, b Link) int { return cmp.Compare(b.MS(), a.MS()) })
	for i, l := range long[:min(most, len(long))] {
		text += map[bool]string{true: ", of which ", false: ", "}[i == 0] + fmt.Sprintf("%s %d ms", l.Name, l.MS())
	}
	return text
}
