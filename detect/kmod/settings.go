package kmod

// OptionsFor gives the option lines for a module, in modprobe's order: files
// first, then the kernel command line. Alias is the one the module was found
// by, "" for none; options may be written for an alias too.
func (c *Config) OptionsFor(module, alias string) []Entry {
	module = underscores(module)
	return keep(c.Options, func(e Entry) bool {
		return e.Name == module || alias != "" && e.Name == alias
	})
}

// BansOn gives every blacklist line that names the module.
func (c *Config) BansOn(module string) []Ban {
	module = underscores(module)
	return keep(c.Blacklist, func(b Ban) bool { return b.Module == module })
}

// InstallFor gives the install line for a module: the first one counts, and
// its name may be a pattern.
func (c *Config) InstallFor(module string) (Entry, bool) {
	module = underscores(module)
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
