package settings

import (
	"path"
	"strings"

	"attune/detect/kmod"
)

// profiles takes over the profiles that the other sources choose. A profile
// cannot choose another.
func (r *reader) profiles() {
	chosen, source := r.profile()
	if chosen == "" {
		return
	}
	files := r.list("profiles")
	for name := range strings.SplitSeq(chosen, ",") {
		if name = strings.TrimSpace(name); name != "" && !r.oneProfile(files, name) {
			r.warn(source, "%s", noProfile(files, name))
		}
	}
}

func (r *reader) oneProfile(files []dropIn, name string) (found bool) {
	for _, d := range files {
		if path.Base(d.name) != name+".toml" {
			continue
		}
		found = true
		first := len(r.parts)
		r.file(d, Profile)
		for i := range r.parts[first:] {
			r.noProfileWithin(&r.parts[first+i])
		}
	}
	return found
}

func (r *reader) noProfileWithin(p *part) {
	for i := range p.entries {
		if e := &p.entries[i]; e.key == "profile" && e.wrong == "" {
			e.wrong = "wrong: a profile cannot choose a profile"
			r.quiet = p.masked != ""
			r.warn(e.source, "%s", "profile: a profile cannot choose a profile")
			r.quiet = false
		}
	}
}

// profile is the choice of whoever counts most.
func (r *reader) profile() (chosen, source string) {
	best := Rank(-1)
	for _, p := range r.parts {
		for _, e := range p.entries {
			if e.key == "profile" && e.wrong == "" && p.masked == "" && p.rank >= best {
				best, source = p.rank, e.source
				chosen, _ = text(e.value)
			}
		}
	}
	return chosen, source
}

func noProfile(files []dropIn, name string) string {
	var known []string
	for _, d := range files {
		known = append(known, strings.TrimSuffix(path.Base(d.name), ".toml"))
	}
	text := "there is no profile " + quoted(name)
	if near := kmod.Nearest(name, known); near != "" {
		return text + ", is " + near + " meant?"
	}
	return text + ": no file profiles/" + name + ".toml"
}
