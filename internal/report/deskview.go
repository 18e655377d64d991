package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"attune/internal/status"
	"attune/xconfig"
	"attune/xconfig/input"
)

// An output is a display with a picture and all that was decided about it.
type output struct {
	xconfig.Output
	Mode string // as text
	Rows []row
}

// A use is an input device and what is made of it.
type use struct {
	xconfig.InputUse
	On string // where a touch lands
}

// A rule is an input class with what it says.
type rule struct {
	xconfig.InputClass
	Rows []row
}

// A file is one that was written, or would be.
type file struct {
	Path, Why, Text string
}

// desktop fills in what was decided for displays and input devices.
func (v *view) desktop() {
	p := v.Plan
	if p == nil {
		return
	}
	v.Screens = draw(p.Displays)
	for _, o := range p.Displays.Outputs {
		if o.State == "on" {
			v.Outputs = append(v.Outputs, output{o, status.ModeText(o), outputRows(o)})
		} else {
			v.Off = append(v.Off, o)
		}
	}
	for i, n := range p.Inputs.KeyboardWhy {
		if i > 0 && n.Text == input.SaysNothing {
			v.Silent = append(v.Silent, n.Subject)
			continue
		}
		value := ""
		if i == 0 {
			value = cmp.Or(p.Inputs.Keyboard.String(), "as X has it")
		}
		v.Keyboard = append(v.Keyboard, row{n.Subject, value, n.Text})
	}
	for _, u := range p.Inputs.Devices {
		one := use{u, ""}
		if u.OutputWhy != "" {
			one.On = cmp.Or(u.Output, "the whole desktop")
		}
		v.Uses = append(v.Uses, one)
	}
	for _, c := range p.Inputs.Classes {
		v.Rules = append(v.Rules, rule{c, optionRows(slices.Concat(c.Options, c.Properties))})
	}
	for _, f := range p.Files {
		v.Files = append(v.Files, file{string(f.Dir) + "/" + f.Name, f.Why, string(f.Data)})
	}
	v.Remarks = xconfig.Once(slices.Concat(p.Displays.Notes, p.Inputs.Notes, p.Notes))
}

// outputRows are the decisions about one output, those without a reason left out.
func outputRows(o xconfig.Output) []row {
	mode := status.ModeText(o)
	if o.Forced {
		mode += ", X has to be told"
	}
	rows := []row{{"Shows a picture", "", o.Why}, {"Mode", mode, o.ModeWhy}}
	if o.Mirrors != "" {
		rows = append(rows, row{"Mirrors", o.Mirrors, ""})
	} else {
		rows = append(rows, row{"Place", fmt.Sprintf("%d, %d", o.X, o.Y), o.PlaceWhy})
	}
	if len(o.Tiles) > 0 {
		rows = append(rows, row{"Tiles", strings.Join(o.Tiles, ", "), ""})
	}
	if o.Rotate != "normal" {
		rows = append(rows, row{"Turned", o.Rotate, o.RotateWhy})
	}
	rows = append(rows, row{"Scale", fmt.Sprintf("%g", o.Scale), o.ScaleWhy})
	if o.Primary {
		rows = append(rows, row{"Primary", "yes", o.PrimaryWhy})
	}
	if o.WidthMM > 0 {
		rows = append(rows, row{"Size", fmt.Sprintf("%d × %d mm", o.WidthMM, o.HeightMM), ""})
	}
	if o.XName != "" && o.XName != o.Connector {
		rows = append(rows, row{"X calls it", o.XName, ""})
	}
	return rows
}

func optionRows(all []xconfig.Option) (rows []row) {
	for _, o := range all {
		rows = append(rows, row{o.Name, o.Value, o.Why})
	}
	return rows
}

// Picks is what a rule picks, in words.
func (r rule) Picks() string { return r.Match.Text() }
