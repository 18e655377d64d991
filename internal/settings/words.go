package settings

import (
	"strings"

	"attune/detect/kmod"
)

// onCmdline is how the kernel command line is named as a source.
const onCmdline = "kernel command line"

// shortWords are settings' names on the command line that are shorter than
// their own.
var shortWords = []struct{ word, key string }{
	{"deny", "modules.deny"},
	{"load", "modules.load"},
	{"skip", "boot.skip"},
	{"deadline", "boot.deadline"},
}

// Words are the words after "attune." that the kernel command line may have
// and that are settings.
func Words() []string {
	words := Names()
	for _, s := range shortWords {
		words = append(words, s.word)
	}
	return words
}

// words takes over attune.KEY=VALUE of the kernel command line. Words that
// are no setting are others' business.
func (r *reader) words() {
	r.liveConfig()
	p := part{rank: Cmdline}
	for _, word := range kmod.CmdlineWords(r.cmdline) {
		if word == "--" { // what follows is for init
			break
		}
		word = strings.ReplaceAll(word, `"`, "")
		name, value, _ := strings.Cut(word, "=")
		name, ours := strings.CutPrefix(name, "attune.")
		if !ours {
			continue
		}
		for _, s := range shortWords {
			if s.word == name {
				name = s.key
			}
		}
		if _, ok := find(name); ok {
			r.add(&p, entry{key: name, value: bare(value), source: onCmdline, word: word})
		}
	}
	r.parts = append(r.parts, p)
}
