package vm

import (
	"encoding/json"
	"strings"
	"testing"

	"attune/internal/vm/job"
)

func toldBy(t *testing.T, x XResult) []toldFinding {
	t.Helper()
	var s struct{ Findings []toldFinding }
	said := step(t, x.Result, "status")
	if err := json.Unmarshal([]byte(said.Stdout), &s); err != nil {
		t.Fatalf("attune status --json: %v: exit status %d, %s", err, said.Exit, said.Stderr)
	}
	return s.Findings
}

// setLayout is a user's choice made at this boot, and what becomes of it.
var setLayout = []job.Step{
	{Do: job.Exec, Name: "choose", Argv: []string{"attune", "records", "set", "keyboard", "layout=de"}},
	{Do: job.Exec, Name: "chosen", Argv: []string{"attune", "records", "--json"}},
}

// Whatever is wrong, there is a picture, the boot's unit has not failed, and
// attune status names what it is.
func TestImageTrouble(t *testing.T) {
	Available(t)
	for _, c := range []struct {
		name     string
		files    map[string]string
		devices  []string
		disk     *StateDisk
		readOnly bool
		chosen   int // exit status of a choice that was to be kept
		wants    []toldFinding
	}{
		{
			name: "rubbish told",
			files: map[string]string{
				"etc/attune/50-site.toml": "[keyboard]\nlayuot = \"de\"\n\n[display]\nscale = \"much\"\n",
				"etc/attune/60-half.toml": "[keyboard\n",
			},
			devices: []string{credential("attune.keyboard.layout", `"$(reboot)"`), credential("attune.settings", "]]"), credential("attune.nonsense", "x")},
			chosen:  3,
			wants: []toldFinding{{"settings.wrong", "50-site.toml:2", ""}, {"settings.wrong", "50-site.toml:5", ""}, {"settings.wrong", "60-half.toml", ""},
				{"settings.wrong", "credential attune.settings", ""}, {"settings.wrong", "attune.keyboard.layout", ""}, {"state.volatile", "", ""}},
		},
		{
			name:  "driver that does not load",
			files: map[string]string{"usr/lib/modules/{release}/kernel/drivers/gpu/drm/tiny/bochs.ko.xz": "no module\n"},
			wants: []toldFinding{{"driver.failed", "bochs", ""}}, chosen: 3,
		},
		{name: "state cannot be written", disk: &StateDisk{}, readOnly: true, chosen: 3, wants: []toldFinding{{"state.read-only", "", ""}}},
		{name: "state is full", disk: &StateDisk{Full: true}, chosen: 3, wants: []toldFinding{{"state.full", "", ""}}},
		{name: "state is rubbish", disk: &StateDisk{Corrupt: true}, chosen: 3, wants: []toldFinding{{"state.corrupt", "damaged beyond use", ""}}},
		{name: "state", disk: &StateDisk{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := machine(t, "x-std")
			m.Devices = append(append([]string{}, m.Devices...), c.devices...)
			g := ImageGuest{Kernel: imageKernel(t, "trixie"), Machine: m, Files: map[string]string{}, ReadOnly: c.readOnly, After: setLayout}
			for path, text := range c.files {
				g.Files[strings.ReplaceAll(path, "{release}", g.Kernel.Release)] = text
			}
			if c.disk != nil {
				var err error
				if g.State, err = c.disk.Make(t.TempDir()); err != nil {
					t.Fatal(err)
				}
			}
			x := bootImage(t, g)
			savePictures(t, "image", strings.NewReplacer("/", "-", " ", "-").Replace(t.Name()), x)
			checkImage(t, x)
			checkStarts(t, x, 1)
			checkEnded(t, x, len(c.wants) > 0)
			for _, w := range c.wants {
				wantFinding(t, x, w.ID, w.Subject)
			}
			if choose := step(t, x.Result, "choose"); choose.Exit != c.chosen {
				t.Errorf("choosing a keyboard: exit status %d, want %d: %s%s", choose.Exit, c.chosen, choose.Stdout, choose.Stderr)
			}
			if chosen := step(t, x.Result, "chosen").Stdout; !strings.Contains(chosen, `"de"`) {
				t.Errorf("the choice is lost even for this boot: %s", chosen)
			}
			t.Logf("%+v", toldBy(t, x))
		})
	}
}

// checkEnded sees that the boot's unit went well, and that status says by its
// exit that not all did.
func checkEnded(t *testing.T, x XResult, troubled bool) {
	t.Helper()
	unit, _, _ := strings.Cut(step(t, x.Result, "unit").Stdout, "\n\n")
	if !strings.Contains(unit, "\nResult=success\n") || !strings.Contains(unit, "\nActiveState=active\n") {
		t.Errorf("attune-boot.service has failed: %s", unit)
	}
	// Without trouble of ours there may still be some: a slow host is one.
	if status := step(t, x.Result, "status"); troubled && status.Exit != 3 {
		t.Errorf("attune status: exit status %d, want 3: %s", status.Exit, status.Stderr)
	}
}
