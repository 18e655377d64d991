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

// Text is where X stands on one line.
func (l Failsafe) Text() string {
	text := l.Step
	if l.Of > 0 {
		text += fmt.Sprintf(", step %d of %d", l.Number, l.Of)
	}
	for i, f := range l.Failed {
		text += map[bool]string{true: "; before it ", false: ", "}[i == 0] + f.Step + " failed: " + f.Why
	}
	if l.Exhausted {
		text += "; no step is left"
	}
	if l.Good != "" {
		text += "; the last picture was with " + l.Good
	}
	if l.Reset != "" {
		text += "; it began again, as " + l.Reset
	}
	return text
}

// Text is what X was told, on one line.
func (x X) Text() string {
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
