package kmod

import (
	"errors"
	"path"
	"strings"
)

// maxAlias is the longest alias kmod looks up, one less than PATH_MAX. It
// cuts a longer one off there.
const maxAlias = 4095

// ErrBadAlias is what an alias with a `]` that closes nothing, or a `[` that
// is never closed, is answered by.
var ErrBadAlias = errors.New("unmatched bracket in alias")

// ModuleName gives the module a path or a name with dashes stands for:
// "kernel/drivers/net/e1000e/snd-hda.ko.xz" is snd_hda.
func ModuleName(file string) string {
	name, _, _ := strings.Cut(path.Base(file), ".")
	return strings.ReplaceAll(name, "-", "_")
}

// normalize writes an alias as the indexes have it: underscores for dashes,
// except inside brackets.
func normalize(alias string) (string, error) {
	if !strings.ContainsAny(alias, "-[]") {
		return alias, nil
	}
	out := []byte(alias)
	for i := 0; i < len(out); i++ {
		switch out[i] {
		case '-':
			out[i] = '_'
		case ']':
			return "", ErrBadAlias
		case '[':
			end := strings.IndexByte(alias[i:], ']')
			if end < 0 {
				return "", ErrBadAlias
			}
			i += end
		}
	}
	return string(out), nil
}
