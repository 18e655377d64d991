package failsafe

import (
	"bytes"
	"maps"
	"strings"
	"unicode"

	"attune/xconfig"
	"attune/xconfig/xorgconf"
)

// maxKept is more than X's files ever are, and little for a state directory.
const maxKept = 128 << 10

// kept are the files of a picture as they are remembered: ours as they are, of the
// others what they were, so that nobody's file comes back from a state directory.
// Ours are left out where they are too large to be kept.
func kept(files map[string][]byte) (ours map[string][]byte, theirs map[string]string) {
	size := 0
	for name, data := range files {
		if !written(name) {
			if theirs == nil {
				theirs = map[string]string{}
			}
			theirs[name] = digest(data)
			continue
		}
		if ours == nil {
			ours = map[string][]byte{}
		}
		ours[name] = data
		size += len(data)
	}
	if size > maxKept {
		ours = nil
	}
	return ours, theirs
}

// written says whether we write a file of this name.
func written(name string) bool { return name == xconfig.FileInput || name == xconfig.FileOutput }

// with are the files there was a picture with, for a machine with these of the
// administrator: those of them that are what they were.
func (g *Good) with(dropIns map[string][]byte) map[string][]byte {
	files := map[string][]byte{}
	maps.Copy(files, g.Files)
	for name, data := range dropIns {
		if was, ok := g.Theirs[name]; ok && was == digest(data) && !written(name) {
			files[name] = data
		}
	}
	return files
}

// ownWork leaves of a picture's files those we could have written. A state
// directory may be a stick somebody plugged, and X reads these as root.
func (g *Good) ownWork() *Good {
	if g == nil {
		return nil
	}
	clean := *g
	clean.Files = nil
	for name, data := range g.Files {
		if written(name) && len(data) <= maxKept && harmless(data) {
			if clean.Files == nil {
				clean.Files = map[string][]byte{}
			}
			clean.Files[name] = data
		}
	}
	return &clean
}

// harmless: sections we write, and in them no word that could be a path, of a
// module or of anything else. NVIDIA's path of modules is one, so that such a
// machine has no last good files of an earlier boot.
func harmless(data []byte) bool {
	sections, err := xorgconf.Parse(data)
	if err != nil || len(sections) == 0 || bytes.IndexByte(data, 0) >= 0 {
		return false
	}
	for _, s := range sections {
		if !plain(s.Entries) {
			return false
		}
	}
	return true
}

func plain(entries []xorgconf.Entry) bool {
	for _, e := range entries {
		for _, v := range e.Args {
			if strings.ContainsAny(v.Text, "/\\%$`;") || printable(v.Text) != v.Text {
				return false
			}
		}
		if strings.EqualFold(e.Key, "ModulePath") || !plain(e.Sub) {
			return false
		}
	}
	return true
}

// printable is text from outside as one line that moves no cursor.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}
