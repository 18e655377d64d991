package input

import (
	"slices"
	"strings"
	"testing"

	"attune/detect"
	"attune/xconfig"
)

// Where X turns and places no picture because nobody tells it, it turns and
// places no touch either; but for the device a person says it of. Wayland's
// compositors are told all the same.
func TestTouchWhereXIsNotTold(t *testing.T) {
	server := xconfig.Image{XServer: "/usr/lib/xorg/Xorg"}
	own := server
	own.XorgConf = "/etc/X11/xorg.conf"
	named := func(o xconfig.Output) xconfig.Output { o.XName = o.Connector; return o }
	placed := func(o xconfig.Output) xconfig.Output { o.Placed = true; return o }
	portrait := rotatedBy(on(screen("DP-1", 0, 0, 1280, 1024), "ELO-0180-2", 338, 270), "left")
	left, right := on(screen("DP-1", 0, 0, 1280, 1024), "ELO-0180-2", 338, 270), screen("HDMI-A-1", 1280, 0, 1920, 1080)
	mug := onUSB("3", 0x0eef, 0x0001, 338, 270)
	asked := xconfig.Preferences{Touch: []xconfig.TouchRule{{Device: "0eef:0001", Output: xconfig.Match{Connector: "DP-1"}}}}
	turned, atLeft := "TransformationMatrix=0 -1 1 1 0 0 0 0 1", "TransformationMatrix=0.4 0 0 0 0.948148148 0 0 0 1 WL_OUTPUT=DP-1"

	for _, row := range []struct {
		name  string
		image xconfig.Image
		on    []xconfig.Output
		prefs xconfig.Preferences
		want  []string
		note  string
	}{
		{"X is told of the turn", server, []xconfig.Output{named(portrait)}, xconfig.Preferences{}, []string{"touch on DP-1: touchscreen " + turned}, ""},
		{"an administrator's xorg.conf", own, []xconfig.Output{named(portrait)}, xconfig.Preferences{}, nil, "the setting touch"},
		{"the same, and a setting", own, []xconfig.Output{named(portrait)}, asked, []string{"touch on DP-1: touchscreen 0eef:0001 " + turned}, ""},
		{"X's name of the output is not known", server, []xconfig.Output{portrait}, xconfig.Preferences{}, nil, "the setting touch"},
		{"the same, and a setting", server, []xconfig.Output{portrait}, asked, []string{"touch on DP-1: touchscreen 0eef:0001 " + turned}, ""},
		{"two in the row X makes by itself", server, []xconfig.Output{left, right}, xconfig.Preferences{}, []string{"touch on DP-1: touchscreen 0eef:0001 " + atLeft}, ""},
		{"two that X would put elsewhere", server, []xconfig.Output{placed(left), placed(right)}, xconfig.Preferences{}, []string{"touch on DP-1: touchscreen 0eef:0001 WL_OUTPUT=DP-1"}, "the setting touch"},
		{"two, and the xorg.conf may put them anywhere", own, []xconfig.Output{named(left), named(right)}, xconfig.Preferences{}, []string{"touch on DP-1: touchscreen 0eef:0001 WL_OUTPUT=DP-1"}, "the setting touch"},
		{"nothing would be turned anyway", own, []xconfig.Output{named(left)}, xconfig.Preferences{}, nil, ""},
		{"there is no X", xconfig.Image{}, []xconfig.Output{portrait}, xconfig.Preferences{}, []string{"touch on DP-1: touchscreen " + turned}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			plan := Plan(xconfig.Facts{Inputs: []detect.Input{mug}, Image: row.image}, row.prefs, desktop(row.on...))
			if got := rules(plan); !slices.Equal(got, row.want) {
				t.Errorf("rules\n %s\nwant\n %s", strings.Join(got, "\n "), strings.Join(row.want, "\n "))
			}
			if !saysNote(plan.Notes, row.note) || row.note == "" && len(plan.Notes) > 0 {
				t.Errorf("notes %+v, want %q", plan.Notes, row.note)
			}
			if turns := strings.Contains(strings.Join(row.want, ""), "Matrix"); (plan.Devices[0].Matrix != Identity) != turns {
				t.Errorf("matrix %v", plan.Devices[0].Matrix)
			}
		})
	}
}

// Of X's classes and udev's rules the last counts, of settings the first.
func TestFirstTouchRuleWins(t *testing.T) {
	two := desktop(screen("A", 0, 0, 800, 600), screen("B", 800, 0, 800, 600))
	rule := func(device, output string) xconfig.TouchRule {
		return xconfig.TouchRule{Device: device, Output: xconfig.Match{Connector: output}, Source: "site.toml:" + device}
	}
	here := onUSB("3", 0x0eef, 0x0001, 0, 0)
	for _, row := range []struct {
		name   string
		inputs []detect.Input
		rules  []xconfig.TouchRule
		want   string // output of each id, by the last class that fits: "0eef:0001=A"
		count  int    // of classes
		note   string
	}{
		{"two for one id", nil, []xconfig.TouchRule{rule("0eef:0001", "A"), rule("0eef:0001", "B")}, "0eef:0001=A", 2, ""},
		{"the same twice", nil, []xconfig.TouchRule{rule("0eef:0001", "A"), rule("0EEF:0001", "A")}, "0eef:0001=A", 2, ""},
		{"one and all others", nil, []xconfig.TouchRule{rule("0eef:0001", "A"), rule("0eef:*", "B")}, "0eef:0001=A 0eef:0002=B", 4, ""},
		{"all, then one", nil, []xconfig.TouchRule{rule("0eef:*", "B"), rule("0eef:0001", "A")}, "0eef:0001=B 0eef:0002=B", 2, ""},
		{"it is there: two for one id", []detect.Input{here}, []xconfig.TouchRule{rule("0eef:0001", "A"), rule("0eef:0001", "B")}, "0eef:0001=A", 1, ""},
		{"it is there: all, then one that is not", []detect.Input{here}, []xconfig.TouchRule{rule("0eef:*", "B"), rule("0eef:0002", "A")}, "0eef:0001=B 0eef:0002=B", 2, ""},
		{"it is there: a name, then all", []detect.Input{here}, []xconfig.TouchRule{rule("touch mon*", "A"), rule("0eef:*", "B")}, "0eef:0001=A 0eef:0002=B", 3, ""},
		{"a name that is not there", nil, []xconfig.TouchRule{rule("ILI\nTEK*", "A")}, "", 0, `ILI?TEK*`},
		{"a name, twice", nil, []xconfig.TouchRule{rule("ILITEK*", "A"), rule("ILITEK*", "A")}, "", 0, "no such device"},
		{"an output that shows nothing", nil, []xconfig.TouchRule{rule("0eef:0001", "C")}, "", 0, "names an output that shows no picture"},
	} {
		t.Run(row.name, func(t *testing.T) {
			plan := Plan(xconfig.Facts{Inputs: row.inputs}, xconfig.Preferences{Touch: row.rules}, two)
			if len(plan.Classes) != row.count {
				t.Errorf("%d rules: %q", len(plan.Classes), rules(plan))
			}
			for _, want := range strings.Fields(row.want) {
				id, output, _ := strings.Cut(want, "=")
				got := ""
				for _, c := range plan.Classes {
					if c.Match.Kind == "touchscreen" && xconfig.Like(c.Match.USBID, id) {
						got = c.Properties[0].Value
					}
				}
				if got != output {
					t.Errorf("%s lands on %q, want %q: %q", id, got, output, rules(plan))
				}
			}
			if !saysNote(plan.Notes, row.note) || row.note == "" && len(plan.Notes) > 0 || len(plan.Notes) > 1 {
				t.Errorf("notes %+v, want %q", plan.Notes, row.note)
			}
		})
	}
}
