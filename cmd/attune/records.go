package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"attune/internal/desktop"
	"attune/internal/finding"
	"attune/internal/records"
	"attune/xconfig"
)

// recordFlags are those of attune records.
type recordFlags struct {
	scope    string
	anywhere bool
	current  bool
	match    map[string]string
}

// chosenRecords shows and changes what users chose.
func chosenRecords(in *invocation) (int, error) {
	var f recordFlags
	in.flags.StringVar(&f.scope, "scope", "", "how `far` a choice reaches: ephemeral, user or machine (default machine; forget: wherever it is)")
	in.flags.BoolVar(&f.anywhere, "anywhere", false, "set: for whatever machine this state is used on, not this kind alone")
	in.flags.BoolVar(&f.current, "current", false, "set display: keep all displays as they are planned now, with the changes")
	in.flags.Func("match", "set: for machines of this `FIELD=PATTERN`, such as product_name=ThinkPad*; may be said again", f.addMatch)
	if err := in.parse(); err != nil {
		return 0, err
	}
	if !slices.Contains([]string{"", "ephemeral", "user", "machine", "site"}, f.scope) {
		return in.misused("there is no scope %q", f.scope)
	}
	word, rest := "list", in.args
	if len(rest) > 0 {
		word, rest = rest[0], rest[1:]
	}
	do, ok := recordWords[word]
	if !ok {
		return in.misused("what is %q? want list, show, set, forget, promote or reset", word)
	}
	m, err := in.open()
	if err != nil {
		return 0, err
	}
	defer m.Close()
	return do(in, m, f, rest)
}

// addMatch takes one FIELD=PATTERN.
func (f *recordFlags) addMatch(text string) error {
	field, pattern, ok := strings.Cut(text, "=")
	if !ok || !slices.Contains(records.MachineFields(), field) || pattern == "" {
		return fmt.Errorf("want FIELD=PATTERN with a field of %s", strings.Join(records.MachineFields(), ", "))
	}
	if f.match == nil {
		f.match = map[string]string{}
	}
	f.match[field] = pattern
	return nil
}

var recordWords = map[string]func(in *invocation, m *machine, f recordFlags, args []string) (int, error){
	"list":    listRecords,
	"show":    showRecords,
	"set":     setRecord,
	"forget":  forgetRecords,
	"promote": promoteRecords,
	"reset":   resetRecords,
}

// misused tells what of the words was wrong.
func (in *invocation) misused(format string, args ...any) (int, error) {
	fmt.Fprintf(in.stderr, "%s: %s\n", in.flags.Name(), fmt.Sprintf(format, args...))
	return 0, errUsage
}

// hardware is what records are compared with, and the plan they are part of.
func (m *machine) hardware() (records.Hardware, desktop.Plan, []error) {
	f, p, problems := m.Facts()
	h := records.Hardware{Inventory: f.Machine, Graphics: f.Graphics, Inputs: f.Inputs, Remembered: f.Remembered}
	return h, desktop.Decide(f, p), problems
}

var errCapture = errors.New("a capture is not written to")

// store is where this machine's records are written; one whose root is a
// directory is an image or a stick being prepared.
func (m *machine) store(try bool) (*records.Store, error) {
	root := m.Name
	if m.Live {
		root = "/"
	} else if info, err := os.Stat(root); err != nil || !info.IsDir() {
		return nil, errCapture
	}
	root, err := filepath.Abs(root)
	if err == nil && !m.Live {
		err = records.Inside(root)
	}
	if err != nil {
		return nil, err
	}
	return records.OpenStore(root, m.home(), try), nil
}

// home is where this user's state is, "" for a machine looked at from outside.
func (m *machine) home() string {
	if !m.Live {
		return ""
	}
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return dir
	}
	if dir := os.Getenv("HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, ".local/state")
	}
	return ""
}

// records are all there are, a user's own among them.
func (m *machine) records() ([]records.Stored, []finding.Finding) {
	all, told := records.Read(m.FS)
	if home := m.home(); home != "" {
		own, more := records.ReadUser(home)
		all, told = append(all, own...), append(told, more...)
	}
	return all, told
}

// tellFindings prints what a person should know, and gives the exit status.
func (in *invocation) tellFindings(told []finding.Finding) int {
	status := exitDone
	for _, f := range told {
		if f.Level != finding.Note {
			status = exitWarnings
		}
		fmt.Fprintf(in.stderr, "attune: %s: %s\n", f.ID, oneLine(f.Error()))
		if f.Do != "" {
			fmt.Fprintf(in.stderr, "    %s\n", f.Do)
		}
	}
	return status
}

// kindsText lists what can be chosen.
func kindsText() string {
	var b strings.Builder
	for _, k := range records.Kinds() {
		fmt.Fprintf(&b, "  %-9s %s\n", k.Name, k.Doc)
	}
	return b.String()
}

// origin: who may write for the machine speaks for it.
func origin() records.Origin {
	if os.Geteuid() == 0 {
		return records.ByAdmin
	}
	return records.ByUser
}

func summary(s records.Stored) string { return xconfig.Printable(s.Value.String()) }
