package vm

import (
	"encoding/json"
	"strings"
	"testing"

	"attune/internal/vm/job"
)

// The same disk in two machines whose maker left the same UUID in both: each
// has its own values, by its card's address. What the hypervisor hands over is
// heard without any systemd, by SMBIOS and by fw_cfg.
func TestSettingsOfTheMachine(t *testing.T) {
	Available(t)
	const left = "03000200-0400-0500-0006-000700080009"
	disk := map[string]string{
		"etc/attune/machines/one.toml":               "match.mac = \"52:54:00:00:00:01\"\nkeyboard.layout = \"fr\"\n",
		"etc/attune/machines/52-54-00-00-00-02.toml": "keyboard.layout = \"se\"\n",
		"etc/attune/machines/serial.toml":            "match.serial = \"PF1A2B3C\"\ndisplay.no-blank = true\n",
		"etc/attune/machines/shared.toml":            "match.uuid = \"" + left + "\"\nkeyboard.layout = \"de\"\n",
	}
	for _, c := range []struct {
		name, mac, serial string
		want              map[string]string
	}{
		{"one", "52:54:00:00:00:01", "PF1A2B3C", map[string]string{"keyboard.layout": "", "display.no-blank": ""}}, // claimed by two things
		{"two", "52:54:00:00:00:02", "Default.string", map[string]string{"keyboard.layout": "se by /etc/attune/machines/52-54-00-00-00-02.toml:1", "display.no-blank": ""}},
		{"another", "52:54:00:00:00:03", "0", map[string]string{"keyboard.layout": "", "display.no-blank": ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := Machine{Name: "q35-settings", Board: "q35", Devices: []string{
				"e1000e,netdev=*,mac=" + c.mac,
				"-smbios type=1,uuid=" + left + ",serial=" + c.serial,
				"-smbios type=11,value=io.systemd.credential:attune.mouse.speed=0.5,value=io.systemd.credential.binary:attune.settings=ZGlzcGxheS5taXJyb3IgPSB0cnVlCg==",
				"-fw_cfg name=opt/io.systemd.credentials/attune.display.dpi,string=120",
			}}
			r := bootOK(t, withAttune(t, Guest{Kernel: kernel(t, "bookworm"), Machine: m, Job: job.Job{Files: disk, Steps: []job.Step{
				{Do: job.Exec, Name: "boot", Argv: []string{"attune", "boot"}},
				{Do: job.Exec, Name: "config", Argv: []string{"attune", "config", "--json"}},
			}}}))
			said := step(t, r, "config")
			got := inForce(t, said)
			c.want["mouse.speed"], c.want["display.mirror"], c.want["display.dpi"] = "0.5 by credential attune.mouse.speed", "true by credential attune.settings:1", "120 by credential attune.display.dpi"
			for key, want := range c.want {
				if got[key] != want {
					t.Errorf("%s: %q, want %q", key, got[key], want)
				}
			}
			if !strings.Contains(said.Stderr, "it tells no machine from another") {
				t.Errorf("nothing is said of the shared UUID: %s", said.Stderr)
			}
			if told := strings.Contains(said.Stderr, "claims this machine by its"); told != (c.name == "one") {
				t.Errorf("a conflict told: %v: %s", told, said.Stderr)
			}
		})
	}
}

func inForce(t *testing.T, said job.StepResult) map[string]string {
	t.Helper()
	var config struct {
		Settings []struct {
			Key, Value string
			Winner     []struct{ Source string }
		}
	}
	if err := json.Unmarshal([]byte(said.Stdout), &config); err != nil {
		t.Fatalf("attune config --json: %v: exit status %d, %s", err, said.Exit, said.Stderr)
	}
	got := map[string]string{}
	for _, s := range config.Settings {
		got[s.Key] = s.Value + " by " + s.Winner[0].Source
	}
	return got
}
