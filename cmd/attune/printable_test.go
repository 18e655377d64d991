package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"attune/internal/finding"
)

func TestPrintable(t *testing.T) {
	tests := []struct {
		name, in, want string
	}{
		{"plain", "net  eth0\n\tGrüße, 日本\n", "net  eth0\n\tGrüße, 日本\n"},
		{"escape sequence", "QEMU\x1b]0;owned\x07 Disk\n", `QEMU\x1b]0;owned\x07 Disk` + "\n"},
		{"carriage return", "good\rbad", `good\x0dbad`},
		{"C1 control, as UTF-8", "a\u009b31mb", `a\xc2\x9b31mb`},
		{"C1 control, as a byte", "a\x9b31mb", `a\x9b31mb`},
		{"cut short at the end", "a\xe6\x97", `a\xe6\x97`},
	}
	for _, tt := range tests {
		for _, step := range []int{1, 2, len(tt.in)} {
			var out bytes.Buffer
			p := &printable{to: &out}
			for in := []byte(tt.in); len(in) > 0; {
				n := min(step, len(in))
				if _, err := p.Write(in[:n]); err != nil {
					t.Fatal(err)
				}
				in = in[n:]
			}
			if err := p.flush(); err != nil || out.String() != tt.want {
				t.Errorf("%s, %d bytes at a time: %q, %v, want %q", tt.name, step, out.String(), err, tt.want)
			}
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// Output that could not be written is a failure, whatever the command thinks.
func TestFullDeviceIsAFailure(t *testing.T) {
	for _, args := range [][]string{{"scan", "--all"}, {"scan", "--json"}, {"explain", "--all"}} {
		args = append(args, "--root", "../../fixtures/machines/pc-tulip.txtar", "--modules", t.TempDir())
		var errs bytes.Buffer
		if status := run(args, nil, brokenPipe{}, &errs); status != exitFailed {
			t.Errorf("%q: status %d: %s", args, status, errs.String())
		}
	}
}

// A file's name with an end of line in it does not begin a line of its own.
func TestFindingsOnOneLine(t *testing.T) {
	var told strings.Builder
	in := &invocation{stderr: &told}
	in.tellFindings([]finding.Finding{finding.New("records.corrupt", "/run/x\nFAILED fake.json", "odd\nFAILED")})
	if n := strings.Count(told.String(), "\n"); n != 2 || strings.Contains(told.String(), "\nFAILED") {
		t.Errorf("%q", told.String())
	}
}
