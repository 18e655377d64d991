package image

import (
	"path"
	"strings"

	"attune/xconfig"
)

// A manager starts X, and its files say with which arguments.
type manager struct {
	name  string // of the service and the program
	files []string
	args  func(text string) []string // each is one command line or list of arguments, the last is meant
	line  string                     // a text of which args gives the one command line in it
}

// managers are the display managers with a place for X's arguments. GDM has
// none. The files are in the order they are read in: a later one wins.
var managers = []manager{
	{"lightdm", []string{"usr/share/lightdm/lightdm.conf.d/*.conf", "etc/lightdm/lightdm.conf.d/*.conf", "etc/lightdm/lightdm.conf"},
		ini("xserver-command", "Seat:", "SeatDefaults"), "[Seat:*]\nxserver-command=%s\n"},
	{"sddm", []string{"usr/lib/sddm/sddm.conf.d/*", "etc/sddm.conf.d/*", "etc/sddm.conf"}, ini("ServerArguments", "X11"), "[X11]\nServerArguments=%s\n"},
	{"lxdm", []string{"etc/lxdm/lxdm.conf"}, ini("arg", "server"), "[server]\narg=%s\n"},
	{"nodm", []string{"etc/default/nodm", "etc/nodm.conf"}, assigned("NODM_X_OPTIONS"), "NODM_X_OPTIONS='%s'\n"},
	{"slim", []string{"etc/slim.conf", "etc/slim.local.conf"}, firstWord("xserver_arguments"), "xserver_arguments %s\n"},
	{"xdm", []string{"etc/X11/xdm/Xservers"}, server, ":0 local %s\n"},
	{"startx", []string{"etc/X11/xinit/xserverrc"}, executed, "exec %s\n"},
}

// byArguments: whoever starts X tells it. Where it is known who that is, the
// files of the others do not count.
func (t tree) byArguments() (xconfig.Reach, bool) {
	starts := t.displayManager()
	for _, m := range managers {
		if starts != "" && m.name != starts {
			continue
		}
		if file, ok := t.tells(m); ok {
			return xconfig.Reach{How: "configdir", Why: "/" + file + " starts X with -configdir " + Scratch}, true
		}
	}
	return xconfig.Reach{}, false
}

// tells says which of a manager's files gives X our directory, if what is
// meant in the end does.
func (t tree) tells(m manager) (file string, ok bool) {
	for _, pattern := range m.files {
		for _, name := range t.glob(pattern) {
			for _, args := range m.args(string(t.read(name))) {
				file, ok = name, t.isScratch(configDir(fields(args)))
			}
		}
	}
	return file, ok
}

// configDir is the value of -configdir, the last one given.
func configDir(words []string) (dir string) {
	for i := 0; i+1 < len(words); i++ {
		if words[i] == "-configdir" {
			dir = words[i+1]
		}
	}
	return dir
}

// defaultManager is where Debian names the one that is started.
const defaultManager = "etc/X11/default-display-manager"

// displayManager is the one that is started at boot, "" when that cannot be
// known. "startx" never is.
func (t tree) displayManager() string {
	if real, ok := t.resolve("etc/systemd/system/display-manager.service"); ok {
		if name := path.Base(real); name != "display-manager.service" {
			return known(strings.TrimSuffix(name, ".service"))
		}
	}
	return known(path.Base(t.firstLine(defaultManager)))
}

// known turns names a program goes by into one; "." is no name.
func known(name string) string {
	switch name {
	case ".", "/":
		return ""
	case "gdm3":
		return "gdm"
	}
	return name
}

// ini reads a key in sections; a section's name may be the beginning of one.
func ini(key string, sections ...string) func(string) []string {
	return func(text string) (values []string) {
		for e := range parseINI(text) {
			for _, s := range sections {
				if e.key == key && (e.section == s || strings.HasSuffix(s, ":") && strings.HasPrefix(e.section, s)) {
					values = append(values, e.value)
				}
			}
		}
		return values
	}
}

func assigned(name string) func(string) []string {
	return func(text string) (values []string) {
		for key, value := range parseAssignments(text) {
			if key == name {
				values = append(values, value)
			}
		}
		return values
	}
}

// firstWord reads lines of a name, blanks and the rest.
func firstWord(name string) func(string) []string {
	return func(text string) (values []string) {
		for line := range strings.Lines(text) {
			word, rest, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(line), "\t", " "), " ")
			if word == name {
				values = append(values, rest)
			}
		}
		return values
	}
}

// server reads xdm's Xservers: display, class, then the command.
func server(text string) (values []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, ":") {
			values = append(values, line)
		}
	}
	return values
}

// executed reads a script's line that becomes the server.
func executed(text string) (values []string) {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "exec "); ok {
			values = append(values, rest)
		}
	}
	return values
}
