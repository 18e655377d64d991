package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"attune/internal/status/timeline"
)

// Bars are a boot on the time axis.
type bars struct {
	Ticks []tick
	Marks []tick // "at rest", "deadline"
	Long  []bar  // what took long, is on the slowest chain, or failed
	Short []bar  // the rest
	Chain []step // the slowest
	Total int64  // of it

	Picture   []step // that to the picture
	PictureMS int64
	From      int64 // uptime of the kernel when boot began, 0 unknown
}

// A tick is a place on the axis, in percent of it.
type tick struct {
	At    float64
	Label string
	Edge  string // text-anchor: the last label ends where the axis does
}

// A bar is one span.
type bar struct {
	Name, Kind, Err string
	At, Wide        float64 // percent
	Begin, MS       int64
	Slow            bool // on the slowest chain
}

// A placed is a bar with the axis it is on.
type placed struct {
	bar
	*bars
}

// barsOf is nil where the record of the boot has no time in it.
func barsOf(p Page) *bars {
	t, chain := p.Boot, p.Slowest
	end := t.End()
	took := t.Took()
	if end == 0 || len(took) == 0 {
		return nil
	}
	b := &bars{
		Ticks: ticks(end), Chain: steps(chain), Total: chain.MS(), Picture: steps(p.Picture), PictureMS: p.Picture.MS(), From: t.UpMS,
	}
	at := func(ms int64) float64 { return 100 * float64(ms) / float64(end) }
	for _, s := range took {
		one := bar{Name: s.Name, Kind: s.Kind, Err: s.Err, At: at(s.Begin), Wide: max(at(s.MS()), 0.4), Begin: s.Begin, MS: s.MS()}
		one.At = min(one.At, 100-one.Wide)
		one.Slow = slices.ContainsFunc(chain, func(l timeline.Link) bool { return same(l.Span, s) })
		if one.Slow || s.Err != "" || s.Kind != timeline.Load || s.MS() >= max(end/100, 10) {
			b.Long = append(b.Long, one)
		} else {
			b.Short = append(b.Short, one)
		}
	}
	for _, s := range t.Spans {
		if label := markNames[s.Kind]; label != "" {
			b.Marks = append(b.Marks, tick{At: at(s.End), Label: label + " " + seconds(s.End)})
		}
	}
	return b
}

func same(a, b timeline.Span) bool {
	return a.Kind == b.Kind && a.Name == b.Name && a.Begin == b.Begin && a.End == b.End
}

// markNames are the events that are a moment worth a line down the page.
var markNames = map[string]string{timeline.Ready: "picture", timeline.Settled: "at rest", timeline.Deadline: "deadline"}

// kindNames are the kinds of span for people.
var kindNames = map[string]string{
	timeline.Scan: "", timeline.Device: "device", timeline.Load: "driver", timeline.Wait: "wait", timeline.Desktop: "displays",
	timeline.Ladder: "next driver", timeline.Ready: "picture", timeline.Settled: "at rest", timeline.Deadline: "deadline",
}

// Label says what a bar is where that is not the load of a driver.
func (b bar) Label() string {
	if b.Kind == timeline.Load || b.Name == b.Kind {
		return ""
	}
	return cmp.Or(kindNames[b.Kind], b.Kind)
}

// Title tells a bar's place in words.
func (b bar) Title() string {
	text := fmt.Sprintf("%s %s: from %s, for %s", cmp.Or(kindNames[b.Kind], b.Kind), b.Name, seconds(b.Begin), seconds(b.MS))
	if b.Slow {
		text += ", on the slowest chain"
	}
	if b.Err != "" {
		text += ", failed"
	}
	return text
}

// Class is how a bar looks.
func (b bar) Class() string {
	words := []string{"bar", b.Kind}
	if b.Slow {
		words = append(words, "slow")
	}
	if b.Err != "" {
		words = append(words, "failed")
	}
	return strings.Join(words, " ")
}

// ticks are three to six round places on an axis that ends at ms.
func ticks(end int64) (all []tick) {
	unit := int64(1)
	for n, by := 0, []int64{2, 5, 10}; end/unit > 5; n++ {
		unit = pow10(n/3) * by[n%3]
	}
	for at := int64(0); at <= end; at += unit {
		t := tick{At: 100 * float64(at) / float64(end), Label: seconds(at), Edge: "middle"}
		switch {
		case at == 0:
			t.Edge, t.Label = "start", "0"
		case t.At > 93:
			t.Edge = "end"
		}
		all = append(all, t)
	}
	return all
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}
