package load

import (
	"fmt"
	"strings"

	"attune/detect/kmod"
)

// optsVar is what an install command writes where the parameters go.
const optsVar = "$CMDLINE_OPTS"

// runInstall runs a modprobe.d install command, the only thing here which
// reaches a shell. The script is what the administrator wrote and nothing
// else; parameters travel beside it, as arguments and in the environment, so
// that none of them is ever read as shell.
func (l *Loader) runInstall(s kmod.Step) error {
	env := []string{"MODPROBE_MODULE=" + s.Module, "CMDLINE_OPTS=" + s.Params}
	if err := l.Kernel.Run(installScript(s.Install), splitParams(s.Params), env); err != nil {
		return &Error{Module: s.Module, Reason: CommandFailed,
			Text: fmt.Sprintf("the install command %q failed", s.Install), Err: err}
	}
	return nil
}

// installScript makes the shell put the parameters where $CMDLINE_OPTS stands:
// as "$@", one word each, outside quotes. Inside quotes it is left as it is
// and means the environment variable.
func installScript(command string) string {
	var out strings.Builder
	quote := byte(0)
	for i := 0; i < len(command); i++ {
		c := command[i]
		switch {
		case quote == 0 && strings.HasPrefix(command[i:], optsVar):
			out.WriteString(`"$@"`)
			i += len(optsVar) - 1
			continue
		case c == '\\' && quote != '\'' && i+1 < len(command):
			out.WriteByte(c)
			i++
			c = command[i]
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
		out.WriteByte(c)
	}
	return out.String()
}

// splitParams splits module parameters at spaces outside double quotes and
// drops the quotes, as a shell reading name="a b" would.
func splitParams(params string) []string {
	var words []string
	var word strings.Builder
	inWord, quoted := false, false
	for i := range len(params) {
		switch c := params[i]; {
		case c == '"':
			quoted, inWord = !quoted, true
		case !quoted && (c == ' ' || c == '\t' || c == '\n'):
			if inWord {
				words = append(words, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	if inWord {
		words = append(words, word.String())
	}
	return words
}
