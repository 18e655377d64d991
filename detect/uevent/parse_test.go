package uevent

import (
	"strings"
	"testing"

	"github.com/pilebones/go-udev/netlink"
)

func message(fields ...string) []byte { return []byte(strings.Join(fields, "\x00") + "\x00") }

func TestParse(t *testing.T) {
	tests := []struct {
		name   string
		raw    []byte
		action string
		path   string
		key    string
		value  string
	}{
		{"plain", message("add@/devices/x", "ACTION=add", "SEQNUM=7"), "add", "/devices/x", "SEQNUM", "7"},
		// HDA jacks put an equals sign in a name; go-udev's own reader drops them.
		{"equals sign in a value", message("add@/devices/x", "NAME=\"HDA Intel HDMI/DP,pcm=3\""), "add", "/devices/x", "NAME", "\"HDA Intel HDMI/DP,pcm=3\""},
		{"at sign in a path", message("change@/devices/platform/soc@0/x", "A=1"), "change", "/devices/platform/soc@0/x", "A", "1"},
		{"DMI alias with a quote", message("add@/devices/virtual/dmi/id", "MODALIAS=dmi:svnMICRO-STARINT'LCO.,LTD:"), "add", "/devices/virtual/dmi/id", "MODALIAS", "dmi:svnMICRO-STARINT'LCO.,LTD:"},
		{"an action of a newer kernel", message("frobnicate@/devices/x"), "frobnicate", "/devices/x", "", ""},
		{"an empty value", message("add@/devices/x", "A="), "add", "/devices/x", "A", ""},
		{"no last NUL", []byte("add@/devices/x\x00A=b"), "add", "/devices/x", "A", "b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ev, err := Parse(tt.raw)
			if err != nil {
				t.Fatal(err)
			}
			if string(ev.Action) != tt.action || ev.KObj != tt.path || ev.Env[tt.key] != tt.value {
				t.Errorf("got %+v", ev)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	tests := map[string][]byte{
		"empty":           nil,
		"no NUL":          []byte("add@/x"), // made go-udev panic
		"no at sign":      message("add"),
		"relative path":   message("add@devices"),
		"no action":       message("@/devices"),
		"no equals sign":  message("add@/x", "JUNK"),
		"empty key":       message("add@/x", "=v"),
		"udevd's message": append([]byte("libudev\x00\xfe\xed\xca\xfe"), make([]byte, 40)...),
	}
	for name, raw := range tests {
		t.Run(name, func(t *testing.T) {
			if ev, err := Parse(raw); err == nil {
				t.Errorf("took it as %+v", ev)
			}
		})
	}
}

func TestMatcher(t *testing.T) {
	ev, err := Parse(message("add@/devices/x", "SUBSYSTEM=usb", "MODALIAS=usb:v1"))
	if err != nil {
		t.Fatal(err)
	}
	add := "add"
	rule := &netlink.RuleDefinition{Action: &add, Env: map[string]string{"SUBSYSTEM": "^usb$"}}
	if err := rule.Compile(); err != nil {
		t.Fatal(err)
	}
	if !rule.Evaluate(ev) {
		t.Error("go-udev's matcher does not match our event")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(message("add@/devices/x", "ACTION=add", "SEQNUM=7"))
	f.Add([]byte("add@/x"))
	f.Add([]byte("\x00\x00"))
	f.Add(message("add@/x", "A=b=c", ""))
	f.Fuzz(func(t *testing.T, raw []byte) {
		ev, err := Parse(raw)
		if err != nil {
			return
		}
		again, err := Parse(ev.Bytes())
		if err != nil {
			t.Fatalf("%q parses, its own print does not: %v", raw, err)
		}
		if same, why := ev.Equal(again); !same {
			t.Fatalf("%q changes when printed and parsed: %v", raw, why)
		}
	})
}
