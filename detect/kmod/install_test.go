package kmod

import "testing"

func TestDeniesInstall(t *testing.T) {
	for command, want := range map[string]bool{
		"/bin/false": true, "/bin/true": true, "/usr/bin/false": true, "false": true, ":": true, "exit 1": true,
		"/bin/false # no": true, "/bin/true $CMDLINE_OPTS": true,
		"modprobe -i a": false, "/bin/true; modprobe -i a": false, "/bin/false || modprobe -i a": false,
		"true && modprobe -i a": false, "": false, "exit 0": false, "/bin/falsetto": false,
	} {
		if got := deniesInstall(command); got != want {
			t.Errorf("%q denies: %v, want %v", command, got, want)
		}
	}
}
