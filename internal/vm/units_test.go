package vm

import (
	"strings"
	"testing"

	"attune/internal/vm/job"
)

// TestUnits: the units do on a running system what they are there for. A disk
// labelled attune-state is mounted, a keyboard that comes has displays and input
// planned anew, and nothing but the picture waits for a boot's drivers.
func TestUnits(t *testing.T) {
	Available(t)
	shell := func(name, script string) job.Step {
		return job.Step{Do: job.Exec, Name: name, Argv: []string{"sh", "-c", script}, Seconds: 60}
	}
	x := bootImage(t, ImageGuest{Machine: machine(t, "x-std"), State: stateDisk(t), After: []job.Step{
		shell("mounted", "grep ' /var/lib/attune ' /proc/mounts"),
		shell("before basic.target", "systemctl list-dependencies --after --plain --no-pager basic.target | grep -c 'attune-boot\\|attune-replan' || true"),
		// The rule's part: udev tells of a keyboard; the path unit's: the service runs.
		shell("hot-plug", `systemctl show -P NRestarts -P ExecMainExitTimestampMonotonic attune-replan.service
			udevadm trigger --settle --action=add --property-match=ID_INPUT_KEYBOARD=1
			n=0; until [ "$(systemctl show -P ExecMainExitTimestampMonotonic attune-replan.service)" -gt 0 ] || [ $n -ge 200 ]; do sleep 0.2; n=$((n+1)); done
			systemctl show -P Result -P ExecMainStatus attune-replan.service; ls /run/attune`),
	}})
	out := func(name string) string { s, _ := x.Find(name); return strings.TrimSpace(s.Stdout) }
	if m := out("mounted"); !strings.HasPrefix(m, "/dev/") || !strings.Contains(m, " ext4 rw,nosuid,nodev,noexec") {
		t.Errorf("the state partition: %q", m)
	}
	if n := out("before basic.target"); n != "0" {
		t.Errorf("basic.target waits for %s units of attune", n)
	}
	plug := strings.Fields(out("hot-plug"))
	if len(plug) < 4 || plug[2] != "success" {
		t.Errorf("after a keyboard came: %v", plug)
	}
	for _, w := range plug {
		if w == "replan" {
			t.Errorf("the mark is still there: %v", plug)
		}
	}
}
