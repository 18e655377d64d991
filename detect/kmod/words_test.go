package kmod

import (
	"slices"
	"testing"
)

func TestDefaultPolicy(t *testing.T) {
	tests := []struct {
		name     string
		cmdline  string
		check    func(Policy) bool
		warnings []string
	}{
		{"nothing", "quiet root=/dev/sda1", func(p Policy) bool { return !p.Serial && len(p.Extra) > 0 && len(p.Deny) == 0 }, nil},
		{"serial", "attune.serial", func(p Policy) bool { return p.Serial }, nil},
		{"serial off", "attune.serial attune.serial=0", func(p Policy) bool { return !p.Serial }, nil},
		{"deny", "attune.deny=snd-hda-intel,,nouveau attune.deny=a", func(p Policy) bool {
			return slices.Equal(p.Deny, []Named{{"snd_hda_intel", "attune.deny=snd-hda-intel,,nouveau"},
				{"nouveau", "attune.deny=snd-hda-intel,,nouveau"}, {"a", "attune.deny=a"}})
		}, nil},
		{"load", `attune.load="loop,pci:v0000-x"`, func(p Policy) bool {
			return len(p.Force) == 2 && p.Force[0].Module == "loop" && p.Force[1].Module == "pci:v0000-x"
		}, nil},
		{"tables off", "attune.extra=off attune.never=no attune.ladder=0 attune.urgent=OFF", func(p Policy) bool {
			return p.Extra == nil && p.Never == nil && p.Ladder == nil && p.Urgent == nil
		}, nil},
		{"tables on", "attune.extra=on attune.extra", func(p Policy) bool { return p.Extra != nil }, nil},
		{"a word of another part", "attune.scan=off attune=off", func(p Policy) bool { return true }, nil},
		{"a typing error", "attune.sreial", func(p Policy) bool { return !p.Serial },
			[]string{`kernel command line: "attune.sreial": no such word, is attune.serial meant?`}},
		{"a word from nowhere", "attune.quux=1", func(p Policy) bool { return true },
			[]string{`kernel command line: "attune.quux=1": no such word`}},
		{"neither on nor off", "attune.ladder=maybe", func(p Policy) bool { return p.Ladder != nil },
			[]string{`kernel command line: "attune.ladder=maybe": "maybe" is neither on nor off`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, warnings := DefaultPolicy(tt.cmdline, "scan")
			if !tt.check(p) {
				t.Errorf("policy %+v", p)
			}
			if !slices.Equal(warnings, tt.warnings) {
				t.Errorf("warnings %q, want %q", warnings, tt.warnings)
			}
		})
	}
}

func FuzzDefaultPolicy(f *testing.F) {
	for _, s := range []string{"attune.serial", `attune.deny="a,b`, "attune.=", "attune.load=\xff", "attune.seral=\"\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cmdline string) {
		p, _ := DefaultPolicy(cmdline)
		for _, n := range append(p.Deny, p.Force...) {
			if n.Module == "" {
				t.Errorf("%q names nothing", cmdline)
			}
		}
	})
}
