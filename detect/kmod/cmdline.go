package kmod

import "strings"

// parseCmdline adds what the kernel command line says about modules:
// MODULE.PARAM and MODULE.PARAM=VALUE as options, and three kinds of
// blacklist. What reads like an option of a module but is not one
// ("systemd.unit=x") becomes an option of a module nobody has.
func (c *Config) parseCmdline(cmdline string) {
	for _, w := range CmdlineWords(cmdline) {
		key, list := setting(w)
		if by, ok := cmdlineBans[key]; ok {
			c.Blacklist = append(c.Blacklist, bans(by, list, w)...)
		} else if module, param, ok := cmdlineOption(w); ok {
			c.Options = append(c.Options, Entry{Name: module, Value: param, Source: w})
		}
	}
	c.Blacklist = append(c.Blacklist, KernelBlacklist(cmdline)...)
}

// cmdlineBans are the words that blacklist modules for user space, each as
// often as it stands there. kmod reads the first, dracut's udev rules the
// second.
var cmdlineBans = map[string]DeniedBy{
	"modprobe.blacklist":  ByModprobeCmdline,
	"rd.driver.blacklist": ByDracutCmdline,
}

// KernelBlacklist gives the modules the kernel itself refuses. It keeps one
// string, so that the last module_blacklist= on the line is the one that
// counts (kernel/module/main.c, core_param).
func KernelBlacklist(cmdline string) []Ban {
	var last []Ban
	for _, w := range CmdlineWords(cmdline) {
		if key, list := setting(w); key == "module_blacklist" {
			last = bans(ByKernelCmdline, list, w)
		}
	}
	return last
}

// setting takes a word apart, without quotes; dashes and underscores are the
// same in a key.
func setting(w string) (key, value string) {
	key, value, _ = strings.Cut(strings.ReplaceAll(w, `"`, ""), "=")
	return underscores(key), value
}

// bans makes them of a comma-separated list. kmod and the kernel compare these
// names as they stand, so a dash in them has no effect there; whoever wrote
// one meant the module, and gets it.
func bans(by DeniedBy, list, w string) []Ban {
	var all []Ban
	for name := range strings.SplitSeq(list, ",") {
		if name != "" {
			all = append(all, Ban{Module: underscores(name), By: by, Source: w})
		}
	}
	return all
}

// CmdlineWords splits a kernel command line at blanks outside of double
// quotes. The words keep their quotes: `a="b c" "d=e f"` is two. One whose
// quote is never closed is dropped, with all that follows.
func CmdlineWords(s string) []string {
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
