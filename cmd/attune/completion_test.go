package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"attune/internal/corpus"
)

// TestDescriptions: every command says what its flags are, and none does
// anything else when asked.
func TestDescriptions(t *testing.T) {
	for _, d := range descriptions(commands) {
		var names []string
		for _, f := range d.flags {
			names = append(names, flagName(f))
		}
		for _, want := range []string{"--root", "--json"} {
			if !slices.Contains(names, want) {
				t.Errorf("attune %s: no %s among its flags %v", d.name, want, names)
			}
		}
	}
}

// Shells complete what is typed up to the cursor, which is at the end.
func TestCompletion(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "machine.txtar"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, typed string
		want        []string // all of these
		not         string   // and not this
	}{
		{"commands", "attune s", []string{"scan"}, "plan"},
		{"flags", "attune scan --", []string{"--all", "--names", "--root"}, "--svg"},
		{"flags of another command", "attune displays --s", []string{"--svg"}, "--names"},
		{"a file for a flag", "attune plan --root mach", []string{"machine.txtar"}, ""},
		{"a file for a short flag", "attune capture -o mach", []string{"machine.txtar"}, ""},
		{"a file", "attune edid mach", []string{"machine.txtar"}, ""},
		{"a word", "attune explain d", []string{"display"}, "machine.txtar"},
		{"words", "attune completion ", []string{"bash", "fish", "zsh"}, ""},
	}
	for shell, complete := range map[string]func(t *testing.T, dir, script, typed string) string{"bash": inBash, "fish": inFish, "zsh": inZsh} {
		t.Run(shell, func(t *testing.T) {
			if _, err := exec.LookPath(shell); err != nil {
				corpus.Missing(t, "%s is not installed", shell)
			}
			var script, said bytes.Buffer
			if status := run([]string{"completion", shell}, strings.NewReader(""), &script, &said); status != exitDone {
				t.Fatalf("status %d: %s", status, &said)
			}
			for _, test := range tests {
				got := complete(t, dir, script.String(), test.typed)
				for _, w := range test.want {
					if !strings.Contains(got, w) {
						t.Errorf("%s: %q: no %s in %q", test.name, test.typed, w, got)
					}
				}
				if test.not != "" && strings.Contains(got, test.not) {
					t.Errorf("%s: %q: %s in %q", test.name, test.typed, test.not, got)
				}
			}
		})
	}
}

func TestCompletionOfNoShell(t *testing.T) {
	for _, args := range [][]string{{}, {"csh"}, {"bash", "zsh"}} {
		var out, said bytes.Buffer
		if status := run(append([]string{"completion"}, args...), strings.NewReader(""), &out, &said); status != exitUsage || out.Len() > 0 {
			t.Errorf("completion %v: status %d, %q", args, status, &out)
		}
	}
}

// shell runs a program of it in dir and gives what it printed.
func shell(t *testing.T, dir, input string, argv ...string) string {
	t.Helper()
	c := exec.Command(argv[0], argv[1:]...)
	c.Dir, c.Stdin = dir, strings.NewReader(input)
	c.Env = append(os.Environ(), "HOME="+t.TempDir(), "TERM=dumb", "LC_ALL=C")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v: %s", argv[0], err, out)
	}
	return string(out)
}

func inBash(t *testing.T, dir, script, typed string) string {
	words := strings.Split(typed, " ")
	return shell(t, dir, fmt.Sprintf("%s\nCOMP_WORDS=(%s) COMP_CWORD=%d\n_attune\nprintf '%%s\\n' \"${COMPREPLY[@]}\"\n",
		script, "'"+strings.Join(words, "' '")+"'", len(words)-1), "bash", "--norc")
}

func inFish(t *testing.T, dir, script, typed string) string {
	return shell(t, dir, script+"\ncomplete -C '"+typed+"'\n", "fish", "--no-config")
}

// inZsh types into a real zsh, for its completion runs in its line editor only,
// and once that editor has the terminal: a key that comes before is the
// kernel's to echo and to edit.
func inZsh(t *testing.T, dir, script, typed string) string {
	functions := t.TempDir()
	if err := os.WriteFile(filepath.Join(functions, "_attune"), []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	return shell(t, dir, `
zmodload zsh/zpty
# upto WORD: what z prints until it prints the word, which no echo of what it
# was told has in one piece.
upto() {
	local line; integer n=0
	while (( n++ < 1000 )); do
		zpty -rt z line && print -rn -- "$line"
		[[ $line == *$1* ]] && return
		sleep 0.01
	done
}
zpty -b z zsh -f -i
zpty -w z 'fpath=(`+functions+` $fpath); autoload -U compinit; compinit -u -D; PS1=; LISTMAX=1000; bindkey "^I" complete-word; setopt auto_list no_always_last_prompt; zle-line-init() { print -n rea""dy }; zle -N zle-line-init'
upto ready >/dev/null
zpty -w -n z '`+typed+`'$'\t\t\x15print fini""shed\n'
upto finished
zpty -d z
`, "zsh", "-f")
}

// noRoom is a disk without room for another byte.
type noRoom struct{}

func (noRoom) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// Whoever installs what got lost on the way is told.
func TestAnswersThatGetLost(t *testing.T) {
	for _, args := range [][]string{{"completion", "bash"}, {"completion", "zsh"}, {"completion", "fish"}, {"help"}, {"--help"}, {"version"}} {
		var told strings.Builder
		if status := run(args, nil, noRoom{}, &told); status != exitFailed || !strings.Contains(told.String(), "no space left") {
			t.Errorf("%q: status %d: %q", args, status, told.String())
		}
	}
}
