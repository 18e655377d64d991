package kmod

import "strings"

// parseCmdline adds what the kernel command line says about modules:
// MODULE.PARAM and MODULE.PARAM=VALUE as options, and three kinds of
// blacklist. What reads like an option of a module but is not one
// ("systemd.unit=x") becomes an option of a module nobody has.
func (c *Config) parseCmdline(cmdline string) {
	for _, w := range cmdlineWords(cmdline) {
		key, list, _ := strings.Cut(strings.ReplaceAll(w, `"`, ""), "=")
		if by, ok := cmdlineBans[underscores(key)]; ok {
			c.banAll(by, list, w)
			continue
		}
		if module, param, ok := cmdlineOption(w); ok {
			c.Options = append(c.Options, Entry{Name: module, Value: param, Source: w})
		}
	}
}

// cmdlineBans are the words that blacklist modules. kmod reads the first, the
// kernel the second, dracut's udev rules the third.
var cmdlineBans = map[string]DeniedBy{
	"modprobe.blacklist":  ByModprobeCmdline,
	"module_blacklist":    ByKernelCmdline,
	"rd.driver.blacklist": ByDracutCmdline,
}

// banAll adds a comma-separated list. kmod and the kernel compare these names
// as they stand, so a dash in them has no effect there; whoever wrote one
// meant the module, and gets it.
func (c *Config) banAll(by DeniedBy, list, w string) {
	for name := range strings.SplitSeq(list, ",") {
		if name != "" {
			c.Blacklist = append(c.Blacklist, Ban{Module: underscores(name), By: by, Source: w})
		}
	}
}

// cmdlineWords splits at blanks outside of double quotes. A word whose quote
// is never closed is dropped, with all that follows.
func cmdlineWords(s string) []string {
	var words []string
	quoted, start := false, 0
	for i := 0; i <= len(s); i++ {
		switch {
		case i < len(s) && s[i] == '"':
			quoted = !quoted
		case !quoted && (i == len(s) || isBlank(s[i])):
			if start < i {
				words = append(words, s[start:i])
			}
			start = i + 1
		}
	}
	return words
}

func isBlank(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' || c == 0 }

// cmdlineOption takes MODULE.PARAM=VALUE apart. Quotes may be around the
// value, or around the whole word as some boot loaders put them; then they
// are moved to the value, because the kernel splits parameters at blanks.
func cmdlineOption(w string) (module, param string, ok bool) {
	w, outer := strings.CutPrefix(w, `"`)
	module, rest, found := strings.Cut(w, ".")
	if !found || module == "" || strings.ContainsAny(module, "=\" \t\n\v\f\r") {
		return "", "", false
	}
	name, val, hasValue := strings.Cut(rest, "=")
	if name == "" || strings.ContainsAny(name, ".\" \t\n\v\f\r") {
		return "", "", false
	}
	module, err := normalize(module)
	switch {
	case err != nil:
		return "", "", false
	case !hasValue:
		return module, name, true
	case outer:
		return module, name + `="` + val, true
	}
	return module, rest, true
}
