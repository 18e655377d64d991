package settings

import (
	"strings"

	"attune/detect/kmod"
	"attune/xconfig"
)

// liveWords are parameters of Debian's live-config that mean what a setting
// means; each also with "live-config." before it. live-config(7).
var liveWords = []struct{ word, key string }{
	{"keyboard-layouts", "keyboard.layout"},
	{"keyboard-variants", "keyboard.variant"},
	{"keyboard-model", "keyboard.model"},
	{"keyboard-options", "keyboard.options"},
	{"xorg-driver", "display.driver"},
	{"xorg-resolution", ""}, // a rule for every display
}

// liveConfig takes them over. They count as much as the command line, and less
// than our own words on it.
func (r *reader) liveConfig() {
	p := part{rank: Cmdline}
	for _, word := range kmod.CmdlineWords(r.cmdline) {
		if word == "--" { // what follows is for init
			break
		}
		name, value, ok := strings.Cut(strings.ReplaceAll(word, `"`, ""), "=")
		for _, l := range liveWords {
			if !ok || value == "" || strings.TrimPrefix(name, "live-config.") != l.word {
				continue
			}
			source := onCmdline + ", " + name
			switch {
			case l.key != "":
				r.add(&p, entry{key: l.key, value: bare(value), source: source})
			case !isSize(value):
				r.warn(source, "%s: want WIDTHxHEIGHT, such as 1920x1080", quoted(value))
			default:
				p.outputs = []xconfig.OutputRule{{Match: xconfig.Match{Role: "any"}, Mode: value, Source: source}}
			}
		}
	}
	r.parts = append(r.parts, p)
}
