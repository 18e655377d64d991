package settings

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"attune/internal/identity"
)

// A claim is a file of machines/ that is about this machine.
type claim struct {
	dropIn
	doc map[string]any
	at  lines
	ids []identity.ID // by which it knows this machine; none: it is about all of a kind
	by  identity.Kind // that of the first
}

// machines takes over the files of machines/ that are about this machine. They
// come after all others of the site.
func (r *reader) machines() {
	files := r.list("machines")
	if outcome, ok := r.recorded(); ok {
		r.replay(files, outcome)
		return
	}
	if len(files) == 0 {
		return
	}
	r.who = r.identity()
	for _, c := range r.settled(r.claims(files)) {
		r.claimed(c)
	}
}

func (r *reader) identity() identity.Identity { return identity.Read(r.root, r.cmdline) }

// claimed takes over what a file says of this machine.
func (r *reader) claimed(c claim) {
	delete(c.doc, "match")
	p := part{rank: Site}
	if c.by != "" {
		p.why = "this machine, by its " + string(c.by)
	}
	before := len(r.warnings)
	f := file{reader: r, part: &p, name: "/" + c.name, lines: c.at}
	f.take(c.doc)
	r.few("/"+c.name, before)
	r.parts = append(r.parts, p)
	r.files = append(r.files, File{Path: "/" + c.name, Rank: Site, State: "read"})
}

// claims finds the files that are about this machine.
func (r *reader) claims(files []dropIn) []claim {
	var all []claim
	unread := map[string]int{}
	for _, d := range files {
		data, err := content(r.root, d.name)
		switch {
		case d.masked != "":
			r.files = append(r.files, File{Path: "/" + d.name, Rank: Site, State: "masked by /" + d.masked})
			continue
		case err != nil || len(data) == 0:
			continue
		}
		c := claim{dropIn: d}
		var ok bool
		if c.doc, c.at, ok = r.parse("/"+d.name, data); !ok {
			continue
		}
		switch ours, cannot := r.about(&c); {
		case ours:
			all = append(all, c)
		case cannot != "":
			unread[cannot]++
		}
	}
	for _, what := range sortedKeys(unread) {
		r.warn("/"+dirs[2]+"/machines", "%d files ask for %s: whether they are about this machine is not known", unread[what], what)
	}
	return all
}

// about says whether a file is about this machine, or what kept us from knowing.
func (r *reader) about(c *claim) (ours bool, cannot string) {
	source := fmt.Sprintf("/%s:%d", c.name, c.at["match"])
	table, ok := c.doc["match"].(map[string]any)
	if c.doc["match"] == nil {
		table, ok = fromName(c.name), true
	}
	if !ok || len(table) == 0 {
		r.warn(source, "which machine? say [match] with mac, uuid, serial, board-serial, asset, vendor or product, or name the file after its MAC: this file does not count")
		return false, ""
	}
	m := matcher{reader: r, claim: c, source: source}
	for _, key := range sortedKeys(table) {
		m.field(key, table[key])
	}
	switch {
	case m.wrong != "":
		r.warn(source, "match: %s: this file does not count", m.wrong)
		return false, ""
	case m.missed != "" && len(c.ids) > 0:
		r.warn(source, "the %s is this machine's, the %s is not: this file does not count", c.by, m.missed)
		return false, ""
	case m.missed != "":
		return false, ""
	}
	return m.cannot == "", m.cannot
}

// fromName is the match of a file that is named after an address or a UUID.
func fromName(name string) map[string]any {
	base := strings.TrimSuffix(path.Base(name), ".toml")
	if mac, ok := identity.ParseMAC(base); ok {
		return map[string]any{"mac": mac}
	}
	if mac, ok := identity.ParseBOOTIF(base); ok {
		return map[string]any{"mac": mac}
	}
	if uuid, ok := identity.ParseUUID(base); ok {
		return map[string]any{"uuid": uuid}
	}
	return nil
}

// settled drops the files that know this machine by different things: one of
// them is out of date, and which it is nothing tells.
func (r *reader) settled(all []claim) []claim {
	for i, a := range all {
		for _, b := range all[i+1:] {
			if len(a.ids) > 0 && len(b.ids) > 0 && !share(a.ids, b.ids) {
				r.conflict(a, b)
				return slices.DeleteFunc(all, func(c claim) bool { return len(c.ids) > 0 })
			}
		}
	}
	return all
}

func (r *reader) conflict(a, b claim) {
	r.warn("/"+a.name, "claims this machine by its %s, and /%s by its %s: one of them is another machine's, so neither counts",
		a.by, b.name, b.by)
	for _, c := range []claim{a, b} {
		r.files = append(r.files, File{Path: "/" + c.name, Rank: Site, State: "in conflict"})
	}
}

func share(a, b []identity.ID) bool {
	return slices.ContainsFunc(a, func(id identity.ID) bool { return slices.Contains(b, id) })
}
