// Package xorgconf turns sections of an X server configuration into text, and
// text into sections.
//
// It knows the grammar of xorg.conf as Xorg's own parser takes it, and of that
// only the sections attune has reason to write. It knows nothing of displays,
// devices or files, and decides nothing.
package xorgconf

// A Section is one "Section ... EndSection".
type Section struct {
	Kind    string // "Monitor", "InputClass", ...
	Why     string // becomes a comment above it
	Entries []Entry
}

// An Entry is one line of a section: a keyword and what follows it.
type Entry struct {
	Key  string  // "Identifier", "Option", "DisplaySize"; "SubSection" has Sub
	Args []Value //
	Why  string  // becomes a comment above it
	Sub  []Entry // lines of a SubSection
}

// A Value is one word after a keyword. Strings stand in quotes, numbers and
// flags do not.
type Value struct {
	Text   string
	Quoted bool
}

// Name is the section's Identifier, "" when it has none.
func (s Section) Name() string {
	for _, e := range s.Entries {
		if same(e.Key, "Identifier") && len(e.Args) == 1 {
			return e.Args[0].Text
		}
	}
	return ""
}

// Option is the value of the first option called name, as X takes it: of two
// options with one name in one section the first counts.
func (s Section) Option(name string) (value string, ok bool) {
	for _, e := range s.Entries {
		if same(e.Key, "Option") && len(e.Args) > 0 && same(e.Args[0].Text, name) {
			if len(e.Args) > 1 {
				value = e.Args[1].Text
			}
			return value, true
		}
	}
	return "", false
}
