package kmod

// optionsFor gives the option lines for a module, in modprobe's order: files
// first, then the kernel command line. Alias is the one the module was found
// by, "" for none; options may be written for an alias too, and are kept under
// its normal form.
func (c *Config) optionsFor(module, alias string) []Entry {
	alias, err := normalize(alias)
	named := err == nil && alias != ""
	return keep(c.Options, func(e Entry) bool { return e.Name == module || named && e.Name == alias })
}

// bansOn gives every blacklist line that names the module.
func (c *Config) bansOn(module string) []Ban {
	return keep(c.Blacklist, func(b Ban) bool { return b.Module == module })
}

// installFor gives the install line for a module: the first one counts, and
// its name may be a pattern.
func (c *Config) installFor(module string) (Entry, bool) {
	for _, e := range c.Installs {
		if Glob(e.Name, module) {
			return e, true
		}
	}
	return Entry{}, false
}

func keep[T any](list []T, want func(T) bool) []T {
	var kept []T
	for _, v := range list {
		if want(v) {
			kept = append(kept, v)
		}
	}
	return kept
}
