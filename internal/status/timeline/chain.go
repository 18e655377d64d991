package timeline

import (
	"fmt"
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
// A load goes back to what it waited for, else to the event that asked for it;
// a device to the load of its parent's driver, else to the last load begun
// before it appeared; a wait to the last load that ended while it lasted.
func (t Timeline) Slowest(drives map[string][]string) Chain {
	g := graph{t.Spans, drives}
	var best Chain
	for i, s := range t.Spans {
		if s.Kind == Note || s.Kind == Lost {
			continue
		}
		if c := g.back(i); c.MS() > best.MS() {
			best = c
		}
	}
	return best
}

// A graph answers what a span goes back to.
type graph struct {
	spans  []Span
	drives map[string][]string
}

// back follows a span to its beginning. Every step leads to an earlier begin,
// or an equal one further up in the list, so that it comes to an end.
func (g graph) back(at int) Chain {
	var c Chain
	for {
		from, by := g.before(at)
		link := Link{Span: g.spans[at]}
		if from >= 0 {
			link.By, link.Gap = by, max(0, g.spans[at].Begin-g.spans[from].End)
		}
		c = append(c, link)
		if from < 0 {
			slices.Reverse(c)
			return c
		}
		at = from
	}
}

// before is what a span goes back to, -1 when to nothing.
func (g graph) before(at int) (from int, by string) {
	s := g.spans[at]
	switch s.Kind {
	case Load:
		if i := g.last(at, func(o Span) bool { return o.Kind == Load && slices.Contains(s.WaitsOn, o.Name) && o.End <= s.Begin }); i >= 0 {
			return i, "it needs " + g.spans[i].Name
		}
		if i := g.last(at, func(o Span) bool { return o.Kind != Load && slices.Contains(o.Steps, s.Name) && o.Begin <= s.Begin }); i >= 0 {
			return i, asked(g.spans[i])
		}
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
	case Scan, Note, Lost:
		return -1, ""
	default:
		return g.latest(at)
	}
	return -1, ""
}

// latest is the work that ended last before a wait, or the rest after it, was over.
func (g graph) latest(at int) (from int, by string) {
	from = -1
	for i, o := range g.spans[:at] {
		works := o.Kind == Load || o.Kind == Device || o.Kind == Wait || o.Kind == Desktop
		if works && o.End <= g.spans[at].End && (from < 0 || o.End >= g.spans[from].End) {
			from = i
		}
	}
	if from < 0 {
		return -1, ""
	}
	return from, "the last before it was " + g.spans[from].Name
}

// last is the nearest span further up in the list that fits.
func (g graph) last(at int, fits func(Span) bool) int {
	for i := at - 1; i >= 0; i-- {
		if fits(g.spans[i]) {
			return i
		}
	}
	return -1
}

// above says whether a module was loaded for a device that another lies in.
func (g graph) above(module, device string) bool {
	return slices.ContainsFunc(g.drives[module], func(d string) bool { return strings.HasPrefix(device, d+"/") })
}

func asked(s Span) string {
	if s.Kind == Device {
		return path.Base(s.Device) + " asks for it"
	}
	return "the " + s.Kind + " asked for it"
}

// Text is a chain in words, with what took long: "xhci_pci 300 ms, 1-1:1.0,
// usb_storage 20 ms; 1420 ms in all".
func (c Chain) Text() string {
	if len(c) == 0 || c.MS() == 0 {
		return ""
	}
	var parts []string
	for _, l := range c {
		text := l.Name
		if l.MS() > 0 {
			text += fmt.Sprintf(" %d ms", l.MS())
		}
		if l.Gap > 0 {
			text = fmt.Sprintf("%d ms of nothing, ", l.Gap) + text
		}
		parts = append(parts, text)
	}
	return fmt.Sprintf("%s: %d ms in all", strings.Join(parts, " → "), c.MS())
}
