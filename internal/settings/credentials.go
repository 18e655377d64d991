package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// A credential may hold anything, also what was meant for another program or
// put into the wrong place: its value is told nowhere unless it is a right one
// of a known setting.

// Names of credentials: attune.KEY is one setting, attune.settings a whole file.
const (
	credentialPrefix   = "attune."
	credentialSettings = "attune.settings"
)

// Where credentials are, the first that has a name is believed: those of our
// own unit, those of the whole system, and what no systemd has put there, by
// QEMU's fw_cfg and by SMBIOS. systemd.system-credentials(7).
const (
	systemCredentials = "run/credentials/@system"
	fwCfg             = "sys/firmware/qemu_fw_cfg/by_name/opt/io.systemd.credentials"
)

// credentials takes over what the hypervisor or systemd handed over.
func (r *reader) credentials() {
	values := readCredentials(r.root, r.fail)
	if _, err := fs.ReadDir(r.root, systemCredentials); errors.Is(err, fs.ErrPermission) {
		r.files = append(r.files, File{Path: "/" + systemCredentials, Rank: Credential, State: "only root may read it"})
	}
	whole := part{rank: Credential}
	single := part{rank: Credential}
	for _, name := range sortedKeys(values) {
		key := strings.TrimPrefix(name, credentialPrefix)
		source := "credential " + name
		switch _, known := find(key); {
		case name == credentialSettings:
			r.wholeCredential(&whole, source, values[name])
		case known:
			value := strings.TrimRight(string(values[name]), "\r\n")
			r.add(&single, entry{key: key, value: bare(value), source: source, secret: true})
		default:
			r.warn(source, "%s", unknown("setting", key, Names()))
		}
	}
	r.parts = append(r.parts, whole, single)
}

func (r *reader) wholeCredential(p *part, source string, data []byte) {
	var doc map[string]any
	data = withoutBOM(data)
	if err := toml.Unmarshal(data, &doc); err != nil {
		// What the parser says quotes the text.
		r.warn(fmt.Sprintf("%s:%d", source, lineOf(err)), "not TOML: nothing of it counts")
		return
	}
	before := len(r.warnings)
	f := file{reader: r, part: p, name: source, lines: linesOf(data), secret: true}
	f.take(doc)
	r.few(source, before)
}

// readCredentials gathers those whose names are ours, by name.
func readCredentials(root fs.FS, fail func(string, ...any)) map[string][]byte {
	found := map[string][]byte{}
	keep := func(name string, value []byte) {
		if _, ok := found[name]; !ok && strings.HasPrefix(name, credentialPrefix) {
			found[name] = value
		}
	}
	places := []string{systemCredentials}
	if own := strings.Trim(path.Clean(os.Getenv("CREDENTIALS_DIRECTORY")), "/"); own != "." && own != "" {
		places = []string{own, systemCredentials}
	}
	for _, dir := range places {
		credentialFiles(root, dir, "", keep, fail)
	}
	credentialFiles(root, fwCfg, "raw", keep, fail)
	for _, s := range oemStrings(root) {
		name, value, ok := ParseOEMString(s)
		switch _, have := found[name]; {
		case ok:
			keep(name, value)
		case !have && strings.HasPrefix(name, credentialPrefix):
			fail("%w", Warning{"credential " + name, "its SMBIOS string is not base64: it does not count"})
		}
	}
	return found
}

// credentialFiles reads those of a directory, each a file, or a directory with
// that file in it.
func credentialFiles(root fs.FS, dir, file string, keep func(string, []byte), fail func(string, ...any)) {
	entries, err := fs.ReadDir(root, dir)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			fail("reading credentials: %w", err)
		}
		return
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), credentialPrefix) {
			continue
		}
		data, err := content(root, path.Join(dir, e.Name(), file))
		if err != nil {
			fail("reading credential %s: %w", quoted(e.Name()), err)
			continue
		}
		keep(e.Name(), data)
	}
}
