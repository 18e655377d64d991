package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestElsewhere(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files map[string]string
		root  string // what proc/1/root leads to, "" for nothing
		want  string // "" for the machine itself
	}{
		{"the machine itself", map[string]string{"proc/1/environ": "HOME=/\x00TERM=linux\x00"}, "../..", ""},
		{"a chroot", nil, "other", "chroot"},
		{"without proc", nil, "", "no /proc"},
		{"a service that sees its own processes alone", map[string]string{"proc/self/status": ""}, "", ""},
		{"systemd says so", map[string]string{"run/systemd/container": "lxc\n"}, "../..", "container"},
		{"docker", map[string]string{".dockerenv": ""}, "../..", "container"},
		{"podman", map[string]string{"run/.containerenv": ""}, "../..", "container"},
		{"init's environment", map[string]string{"proc/1/environ": "HOME=/\x00container=podman\x00"}, "../..", `"podman"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			base := t.TempDir()
			write := func(name, text string) {
				t.Helper()
				if err := os.MkdirAll(filepath.Dir(filepath.Join(base, name)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(base, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for name, text := range tt.files {
				write(name, text)
			}
			if tt.root != "" {
				write("proc/1/other/x", "")
				if err := os.Symlink(tt.root, filepath.Join(base, "proc/1/root")); err != nil {
					t.Fatal(err)
				}
			}
			err := elsewhere(base)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
