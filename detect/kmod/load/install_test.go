package load

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attune/detect/kmod"
)

func TestInstallScript(t *testing.T) {
	tests := []struct{ name, command, want string }{
		{"bare", `modprobe -i a $CMDLINE_OPTS && b`, `modprobe -i a "$@" && b`},
		{"in double quotes it is a variable", `sh -c "x $CMDLINE_OPTS"`, `sh -c "x $CMDLINE_OPTS"`},
		{"in single quotes too, of the inner shell", `sh -c 'x $CMDLINE_OPTS' $CMDLINE_OPTS`, `sh -c 'x $CMDLINE_OPTS' "$@"`},
		{"an escaped quote does not count", `echo \" $CMDLINE_OPTS`, `echo \" "$@"`},
		{"a backslash in single quotes is one", `echo '\' $CMDLINE_OPTS`, `echo '\' "$@"`},
		{"a backslash at the end", `echo \`, `echo \`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := installScript(tt.command); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// The real shell: what is in a parameter stays a parameter, wherever the
// command puts it.
func TestInstallCommandRuns(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	params := "a=$(touch " + dir + "/evil1) b=\"c  d;touch " + dir + "/evil2\" e='`touch " + dir + "/evil3`'"
	l := Loader{Kernel: NewKernel()}
	_, err := l.Insert(t.Context(), kmod.Step{Module: "mod_x", Params: params, Install: `{ echo $MODPROBE_MODULE; printf '<%s>' $CMDLINE_OPTS; ` +
		`printf '[%s]' "$CMDLINE_OPTS"; sh -c 'printf "{%s}" "$CMDLINE_OPTS"'; } >` + out})
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	want := "mod_x\n<a=$(touch><" + dir + "/evil1)><b=c  d;touch " + dir + "/evil2><e='`touch><" + dir + "/evil3`'>[" + params + "]{" + params + "}"
	if string(got) != want {
		t.Errorf("the command saw\n%s\nwant\n%s", got, want)
	}
	if evil, _ := filepath.Glob(dir + "/evil*"); len(evil) > 0 {
		t.Errorf("parameters were run: %v", evil)
	}
	_, err = l.Insert(t.Context(), kmod.Step{Module: "mod_x", Install: "echo it broke >&2; exit 3"})
	if err == nil || !strings.Contains(err.Error(), "it broke") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("error %v does not say what the command said", err)
	}
}

// A daemon which the command leaves behind keeps its output open: the load is
// over nevertheless.
func TestInstallCommandLeavesADaemon(t *testing.T) {
	l := Loader{Kernel: NewKernel()}
	begin := time.Now()
	_, err := l.Insert(t.Context(), kmod.Step{Module: "mod_x", Install: "echo here; sleep 20 & true"})
	if took := time.Since(begin); err != nil || took > 10*time.Second {
		t.Errorf("took %v, error %v", took, err)
	}
	_, err = l.Insert(t.Context(), kmod.Step{Module: "mod_x", Install: "sleep 20 & echo it broke; exit 3"})
	if err == nil || !strings.Contains(err.Error(), "it broke") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("error %v", err)
	}
}

// No parameter gets into a script, and nothing of a parameter but its quotes
// and blanks gets lost.
func FuzzInstallScript(f *testing.F) {
	for _, s := range []string{`modprobe -i a $CMDLINE_OPTS`, `'$CMDLINE_OPTS`, `"\$CMDLINE_OPTS"`, `\`, `a="b c" d`} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, command, params string) {
		script := installScript(command)
		if strings.ReplaceAll(script, `"$@"`, optsVar) != strings.ReplaceAll(command, `"$@"`, optsVar) {
			t.Errorf("%q became %q", command, script)
		}
		kept := strings.Join(splitParams(params), "")
		drop := strings.NewReplacer(`"`, "", " ", "", "\t", "", "\n", "")
		if drop.Replace(kept) != drop.Replace(params) {
			t.Errorf("%q became %q", params, splitParams(params))
		}
	})
}
