package dist_test

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
)

func TestManualsAreWellFormed(t *testing.T) {
	pages, _ := filepath.Glob("man/*.[1-9]")
	if len(pages) < 3 {
		t.Fatalf("found %v", pages)
	}
	for _, page := range pages {
		if said, err := say(t, tool(t, "mandoc"), "-Tlint", "-W", "warning", "dist/"+page); err != nil || said != "" {
			t.Errorf("mandoc on %s: %v\n%s", page, err, said)
		}
		c := exec.Command(tool(t, "groff"), "-mdoc", "-Tutf8", "-ww", page)
		var said bytes.Buffer
		c.Stderr = &said
		if text, err := c.Output(); err != nil || said.Len() > 0 || len(text) < 500 {
			t.Errorf("groff on %s: %v, %d bytes\n%s", page, err, len(text), &said)
		}
	}
}

// TestManualHasEveryCommand: every command and every flag of its own is in
// attune(1), and nothing that is not in the program.
func TestManualHasEveryCommand(t *testing.T) {
	said := askedFlags(t)
	written := manualFlags(t, "man/attune.1")
	for command, flags := range said {
		have, ok := written[command]
		if !ok {
			t.Errorf("attune.1 says nothing of attune %s", command)
			continue
		}
		if missing := without(flags, have); len(missing) > 0 {
			t.Errorf("attune.1 says nothing of %v of attune %s", missing, command)
		}
		if extra := without(have, flags); len(extra) > 0 {
			t.Errorf("attune.1 has %v, which attune %s does not", extra, command)
		}
	}
	for command := range written {
		if _, ok := said[command]; !ok {
			t.Errorf("attune.1 has attune %s, which is no command", command)
		}
	}
}

// askedFlags asks the program itself. The flags of every command are under "".
func askedFlags(t *testing.T) map[string][]string {
	attune := program(t)
	flag := regexp.MustCompile(`(?m)^  -([a-z][a-z-]*)`)
	found := map[string][]string{}
	for line := range strings.SplitSeq(must(t, attune, "help"), "\n") {
		if strings.HasPrefix(line, "  ") {
			found[strings.Fields(line)[0]] = nil
		}
	}
	if len(found) < 9 {
		t.Fatalf("attune help names %d commands", len(found))
	}
	count := map[string]int{}
	for command := range found {
		usage := must(t, attune, command, "-h")
		for _, m := range flag.FindAllStringSubmatch(usage, -1) {
			found[command] = append(found[command], m[1])
			count[m[1]]++
		}
	}
	var common []string
	for name, n := range count {
		if n == len(found) {
			common = append(common, name)
		}
	}
	for command, flags := range found {
		found[command] = without(flags, common)
	}
	sort.Strings(common)
	found[""] = common
	return found
}

// manualFlags reads the two lists of attune(1): ".It Cm command" with ".It Fl
// flag" below it, and the flags of every command.
func manualFlags(t *testing.T, page string) map[string][]string {
	found := map[string][]string{}
	section, command := "", ""
	for line := range strings.SplitSeq(read(t, page), "\n") {
		words := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, ".Sh "):
			section = line[4:]
		case len(words) < 3 || words[0] != ".It":
		case section == "FLAGS OF EVERY COMMAND":
			found[""] = append(found[""], strings.TrimPrefix(words[2], `\&-`))
		case section == "COMMANDS" && words[1] == "Cm":
			command = words[2]
			found[command] = nil
		case section == "COMMANDS" && words[1] == "Fl":
			found[command] = append(found[command], strings.TrimPrefix(words[2], `\&-`))
		}
	}
	return found
}

func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}
