package status

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

func orNone(s string) string { return cmp.Or(s, "none") }
func orX(s string) string    { return cmp.Or(s, "as X has it") }
func orAll(s string) string  { return cmp.Or(s, "the whole desktop") }

// text is a boot on one line.
func (b *Boot) text() string {
	if b == nil {
		return "no record of a boot by attune"
	}
	var parts []string
	if b.Written != nil {
		parts = append(parts, b.Written.Local().Format(time.DateTime))
	}
	switch {
	case b.DryRun:
		parts = append(parts, "only tried out: nothing was loaded")
	case b.Settled:
		parts = append(parts, fmt.Sprintf("at rest after %d ms", b.TookMS), fmt.Sprintf("%d modules loaded", b.Loaded))
	default:
		parts = append(parts, fmt.Sprintf("not at rest after %d ms", b.TookMS), fmt.Sprintf("%d modules loaded", b.Loaded))
	}
	if b.Udevd {
		parts = append(parts, "beside udevd")
	}
	return strings.Join(parts, ", ")
}

func (d Display) text() string {
	if d.State != "on" {
		return d.Connector + " " + d.State + ": " + d.Why
	}
	text := d.Connector + " " + d.Mode
	if d.Primary {
		text += " primary"
	}
	if d.Rotate != "" {
		text += " turned " + d.Rotate
	}
	return text + ", " + cmp.Or(d.Name, "no name") + ": " + d.Why
}

func (s State) text() string {
	text := s.Dir + " " + s.Condition
	if s.Why != "" {
		text += ": " + s.Why
	}
	return text
}

func (l Ladder) text() string {
	text := cmp.Or(l.Rung, "native")
	if l.Failures > 0 {
		text += fmt.Sprintf(", %d starts failed", l.Failures)
	}
	if l.LastGood != "" {
		text += ", last good " + l.LastGood
	}
	if l.Why != "" {
		text += ": " + l.Why
	}
	return text
}

func (x X) text() string {
	var parts []string
	switch {
	case x.Server == "":
		parts = append(parts, "this image has no Xorg")
	case len(x.Files) == 0:
		parts = append(parts, "has to be told nothing")
	default:
		parts = append(parts, "told by "+strings.Join(x.Files, ", "))
	}
	if x.Verdict != "" {
		parts = append(parts, "its verdict: "+strings.TrimSuffix(x.Verdict+", "+x.Why, ", "))
	}
	return strings.Join(parts, "; ")
}
