package report

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"attune/internal/explain"
	"attune/internal/finding"
	"attune/internal/status"
	"attune/xconfig"
)

// A view is a page in the order and words it is shown in.
type view struct {
	Page
	Policy   string
	CSS      template.CSS
	Title    string
	Headline string
	Notes    []status.Told // findings that are only to be known
	ToDo     []status.Told // the others
	Facts    []row
	Screens  *drawing
	Outputs  []output
	Off      []xconfig.Output
	Keyboard []row    // who was asked for the layout, the one who decided first
	Silent   []string // those who said nothing
	Uses     []use
	Rules    []rule
	Files    []file
	Remarks  []xconfig.Note
	Outcomes []count
	Main     []Device
	Rest     []Device
	Timeline *bars
}

// A row is a name, what it is and why.
type row struct{ Name, Value, Why string }

// A count is how many devices have an outcome.
type count struct {
	Outcome explain.Outcome
	N       int
	Works   bool
}

func viewOf(p Page) view {
	v := view{Page: p, Policy: policy(), CSS: template.CSS(css), Title: p.Status.Machine.Name(), Facts: factsOf(p.Status)}
	for _, f := range p.Status.Findings {
		if f.Level == finding.Note {
			v.Notes = append(v.Notes, f)
		} else {
			v.ToDo = append(v.ToDo, f)
		}
	}
	v.Headline = "Everything works"
	if n := len(v.ToDo); n > 0 {
		v.Headline = plural(n, "thing", "things") + " to look at"
	}
	for _, d := range p.Devices {
		if d.Main {
			v.Main = append(v.Main, d)
		} else {
			v.Rest = append(v.Rest, d)
		}
	}
	slices.SortStableFunc(v.Main, func(a, b Device) int { return cmp.Compare(working(a.Outcome), working(b.Outcome)) })
	for _, o := range explain.Outcomes {
		if n := p.Status.Drivers.Outcomes[o]; n > 0 {
			v.Outcomes = append(v.Outcomes, count{o, n, o.Works()})
		}
	}
	v.Timeline = barsOf(p)
	v.desktop()
	return v
}

// working puts what does not work first.
func working(o explain.Outcome) int {
	if o.Works() {
		return 1
	}
	return 0
}

func factsOf(s status.Status) []row {
	m := s.Machine
	rows := []row{{"Make", strings.TrimSpace(m.Vendor + " " + m.Product), m.Version}, {"Firmware", m.BIOS, ""}, {"Kernel", m.Kernel, ""}}
	rows = append(rows, row{"Devices", fmt.Sprint(m.Devices), "known to the kernel"})
	if b := s.Boot; b != nil {
		value := "at rest after " + seconds(b.TookMS)
		switch {
		case b.DryRun:
			value = "only tried out, nothing was loaded"
		case !b.Settled:
			value = "not at rest after " + seconds(b.TookMS)
		}
		rows = append(rows, row{"Boot", value, plural(b.Loaded, "module", "modules") + " loaded"})
	}
	if s.State.Condition != "" {
		rows = append(rows, row{"State directory", string(s.State.Condition), s.State.Why})
	}
	if l := s.Failsafe; l != nil && l.Of > 0 {
		rows = append(rows, row{"Failsafe", l.Text(), ""})
	}
	rows = append(rows, row{"X", s.X.Text(), ""})
	return slices.DeleteFunc(rows, func(r row) bool { return r.Value == "" })
}
