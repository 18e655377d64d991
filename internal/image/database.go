package image

import (
	"bytes"
	"maps"
	"slices"
	"strings"
)

// recordedDatabase is the keyboard database of a recording: a line "model"
// with the models, then a line "layout" for each layout with its variants.
// It is a twentieth of the list it is made from.
const recordedDatabase = "attune/xkb"

func printDatabase(layouts map[string][]string, models []string) []byte {
	var b bytes.Buffer
	if len(models) > 0 {
		b.WriteString("model " + strings.Join(models, " ") + "\n")
	}
	for _, name := range slices.Sorted(maps.Keys(layouts)) {
		b.WriteString(strings.Join(append([]string{"layout", name}, layouts[name]...), " ") + "\n")
	}
	return b.Bytes()
}

// parseDatabase reads what printDatabase wrote. layouts is nil for a text
// without any.
func parseDatabase(text string) (layouts map[string][]string, models []string) {
	for line := range strings.Lines(text) {
		words := slices.DeleteFunc(strings.Fields(line), func(w string) bool { return !plain(w) })
		switch {
		case len(words) < 2:
		case words[0] == "model":
			models = append(models, words[1:]...)
		case words[0] == "layout":
			if layouts == nil {
				layouts = map[string][]string{}
			}
			layouts[words[1]] = append(layouts[words[1]], words[2:]...)
		}
	}
	if layouts == nil {
		return nil, nil
	}
	return layouts, models
}

// printAssignments writes what parseAssignments reads.
func printAssignments(all map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		b.WriteString(name + "=" + quote(all[name]) + "\n")
	}
	return b.String()
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
