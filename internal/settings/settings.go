// Package settings knows what people asked for, and who of them wins.
//
// Sources have ranks: vendor < image < profile < hardware quirk < site < local
// state < credential < kernel command line. Most are drop-in files, TOML, in
// /usr/lib/attune, /run/attune and /etc/attune and directories below: where a
// file lies says its rank, docs/settings.md has the table. Of two files of one
// name the later directory's is read alone, so that an empty one in /etc
// switches off the image's. Within a rank files are read in the order of their
// names and what is read later wins.
//
// A wrong line is a warning with the file and line, and changes nothing else.
// Settings are data, never code. What a setting means is for others to say.
package settings

import (
	"io/fs"
	"slices"

	"attune/internal/identity"
	"attune/xconfig"
)

// Settings are all that was asked for, and by whom.
type Settings struct {
	Preferences xconfig.Preferences
	Boot        Boot
	Authority   Authority
	Profile     string // names of profiles, comma separated

	Files    []File            // what was read, masked or left out, in the order in which it counts
	Identity identity.Identity // read only where a file of machines/ asks for it

	candidates []Candidate // every value anybody gave, the weakest first
}

// A Layer is what another part of the program brings: what users chose, from
// their records.
type Layer struct {
	Rank    Rank
	Source  string         // for people: "/var/lib/attune/records/keyboard.json"
	Values  map[string]any // "keyboard.layout" -> text, bool, number or list of texts
	Outputs []xconfig.OutputRule
	Touch   []xconfig.TouchRule
}

// Read reads a machine's settings. It always answers; what it did not
// understand or could not read is in the errors, each a Warning where it is
// about one line of one source.
func Read(root fs.FS, cmdline string, m Machine, more ...Layer) (Settings, []error) {
	r := reader{root: root, cmdline: cmdline, machine: m}
	r.dropIns()
	r.quirks()
	r.machines()
	for _, l := range more {
		r.layer(l)
	}
	r.credentials()
	r.words()
	r.profiles()
	slices.SortStableFunc(r.parts, func(a, b part) int { return int(a.rank - b.rank) })
	return r.settle()
}

// A reader gathers parts from one source after the other.
type reader struct {
	root     fs.FS
	cmdline  string
	machine  Machine
	parts    []part
	files    []File
	who      identity.Identity
	warnings []error
	quiet    bool // what is masked is not warned of
}

// A part is what one source says: a file, a quirk, the command line.
type part struct {
	rank    Rank
	why     string // what it is there for: a quirk's comment
	masked  string // the file that is read in this one's place
	entries []entry
	outputs []xconfig.OutputRule
	touches []xconfig.TouchRule
}

// An entry is one value somebody gave.
type entry struct {
	key    string
	value  any // what TOML has, or text
	source string
	word   string // of the command line, as it stands there
	secret bool   // told to nobody but where it is a setting's value
	wrong  string // why it cannot count
}

// A File is one settings file.
type File struct {
	Path  string `json:"path"` // "/etc/attune/site.toml"
	Rank  Rank   `json:"rank"`
	State string `json:"state"` // "read", "masked by /etc/attune/site.toml", "not for this machine"
}

// A Warning is about one line of one source.
type Warning struct {
	Source string `json:"source"` // "/etc/attune/site.toml:3", "credential attune.settings:3", "kernel command line"
	Text   string `json:"text"`
}

func (w Warning) Error() string { return w.Source + ": " + w.Text }

func (r *reader) layer(l Layer) {
	p := part{rank: l.Rank, outputs: l.Outputs, touches: l.Touch}
	for _, key := range sortedKeys(l.Values) {
		value := l.Values[key]
		if s, ok := value.(string); ok {
			value = bare(s)
		}
		r.add(&p, entry{key: key, value: value, source: l.Source})
	}
	r.parts = append(r.parts, p)
}

// settle lets every part speak, the weakest first.
func (r *reader) settle() (Settings, []error) {
	s := Settings{Files: r.files, Identity: r.who}
	s.Preferences.Sources = map[string]string{}
	for i, p := range r.parts {
		s.hear(p, i)
	}
	return s, append(r.warnings, s.Authority.unknownLocks()...)
}

func (s *Settings) hear(p part, n int) {
	for _, e := range p.entries {
		c := Candidate{Key: e.key, Value: shown(e.value), Source: e.source, Rank: p.rank, Lost: e.wrong, Why: p.why, part: n}
		if p.masked != "" {
			c.Lost = "masked by " + p.masked
		}
		if e.secret && e.wrong != "" {
			c.Value = ""
		}
		key, _ := find(e.key)
		s.take(key, e, c)
	}
	if p.masked == "" {
		// The first rule that matches decides: what counts more comes first.
		s.Preferences.Outputs = slices.Concat(p.outputs, s.Preferences.Outputs)
		s.Preferences.Touch = slices.Concat(p.touches, s.Preferences.Touch)
	}
}
