package kmod

import (
	"path"
	"slices"
	"strings"
)

// A Resolver answers which modules an alias stands for, from an index and a
// configuration. Many goroutines may use it at once.
type Resolver struct {
	ix  *Index
	cfg *Config

	literal  map[string][]int // alias without wildcards -> places in cfg.Aliases
	patterns []int

	failed failures
}

// An Answer is the modules for one alias.
type Answer struct {
	// Modules is modprobe -R's list: the same names, order and repetitions.
	Modules []string
	// Table is the first table that knew the alias, one of the Table
	// constants; "" when none did.
	Table string
}

// The tables, in the order they are asked.
const (
	TableConfig       = "config"        // alias lines of modprobe.d
	TableName         = "name"          // the alias is a module's own name
	TableSymbol       = "symbol"        // "symbol:NAME"
	TableCommand      = "command"       // install or remove lines of modprobe.d
	TableAlias        = "alias"         // modules.alias
	TableBuiltin      = "builtin"       // the name of code in the kernel itself
	TableBuiltinAlias = "builtin alias" // an alias of such code
)

// Builtin reports whether the answer is code in the kernel itself.
func (a Answer) Builtin() bool {
	return a.Table == TableBuiltin || a.Table == TableBuiltinAlias
}

// NewResolver makes a Resolver. A nil index is that of a kernel without
// modules, a nil configuration an empty one.
func NewResolver(ix *Index, cfg *Config) *Resolver {
	if ix == nil {
		ix = noIndex()
	}
	if cfg == nil {
		cfg = new(Config)
	}
	r := &Resolver{ix: ix, cfg: cfg, literal: make(map[string][]int, len(cfg.Aliases))}
	for i, a := range cfg.Aliases {
		if strings.ContainsAny(a.Name, `*?[\`) {
			r.patterns = append(r.patterns, i)
		} else {
			r.literal[a.Name] = append(r.literal[a.Name], i)
		}
	}
	return r
}

// Index is what the resolver reads modules from.
func (r *Resolver) Index() *Index { return r.ix }

// Config is what the resolver reads settings from.
func (r *Resolver) Config() *Config { return r.cfg }

// Lookup answers an alias as modprobe -R does. An alias nobody knows has an
// empty answer and no error; an error is a damaged index or an alias that is
// not one (ErrBadAlias).
func (r *Resolver) Lookup(alias string) (Answer, error) {
	name, err := normalize(cut(alias))
	if err != nil {
		return Answer{}, err
	}
	for _, ask := range lookups {
		modules, err := ask.ask(r, name)
		if err != nil {
			r.failed.add(err)
			return Answer{}, err
		}
		if len(modules) > 0 {
			return Answer{modules, ask.table}, nil
		}
	}
	return Answer{}, nil
}

// lookups are the tables in kmod's order. The first that answers is taken.
var lookups = []struct {
	table string
	ask   func(*Resolver, string) ([]string, error)
}{
	{TableConfig, (*Resolver).inConfig},
	{TableName, (*Resolver).inNames},
	{TableSymbol, (*Resolver).inSymbols},
	{TableCommand, (*Resolver).inCommands},
	{TableAlias, (*Resolver).inAliases},
	{TableBuiltin, (*Resolver).inBuiltin},
	{TableBuiltinAlias, (*Resolver).inBuiltinAliases},
}

// cut shortens an alias to what fits kmod's buffer.
func cut(alias string) string {
	alias, _, _ = strings.Cut(alias, "\x00")
	return alias[:min(len(alias), maxAlias)]
}

func (r *Resolver) inConfig(name string) ([]string, error) {
	places := r.literal[name]
	for _, i := range r.patterns {
		if Glob(r.cfg.Aliases[i].Name, name) {
			places = append(places[:len(places):len(places)], i)
		}
	}
	if len(places) == 0 {
		return nil, nil
	}
	places = slices.Sorted(slices.Values(places))
	modules := make([]string, len(places))
	for k, i := range places {
		modules[k] = r.cfg.Aliases[i].Value
	}
	return modules, nil
}

func (r *Resolver) inNames(name string) ([]string, error) {
	if strings.Contains(name, ":") {
		return nil, nil
	}
	_, ok, err := r.ix.dep.get(name)
	return just(name, ok), err
}

func (r *Resolver) inSymbols(name string) ([]string, error) {
	if !strings.HasPrefix(name, "symbol:") {
		return nil, nil
	}
	return r.ix.symbols.modules(name)
}

func (r *Resolver) inCommands(name string) ([]string, error) {
	is := func(e Entry) bool { return e.Name == name }
	known := slices.ContainsFunc(r.cfg.Installs, is) || slices.ContainsFunc(r.cfg.Removes, is)
	return just(name, known), nil
}

func (r *Resolver) inAliases(name string) ([]string, error) {
	return r.ix.alias.modules(name)
}

func (r *Resolver) inBuiltin(name string) ([]string, error) {
	_, ok, err := r.ix.builtin.get(name)
	return just(name, ok), err
}

func (r *Resolver) inBuiltinAliases(name string) ([]string, error) {
	return r.ix.builtinAlias.modules(name)
}

// just gives the module a known name stands for; kmod ends it at a dot.
func just(name string, known bool) []string {
	if !known {
		return nil
	}
	name, _, _ = strings.Cut(name, ".")
	return []string{name}
}

// modules gives the modules behind an alias. kmod has no room for a name and
// an alias that are longer together than a path may be, and then gives none.
func (t *table) modules(name string) ([]string, error) {
	values, err := t.match(name)
	if err != nil || len(values) == 0 {
		return nil, err
	}
	modules := make([]string, len(values))
	for i, v := range values {
		if len(v.text)+len(name)+2 > maxAlias+1 {
			return nil, nil
		}
		modules[i] = v.text
	}
	return modules, nil
}

// Softdeps gives every stanza whose module is name, the files' and the
// modules' own, in the order modprobe reads them.
func (r *Resolver) Softdeps(name string) []Softdep {
	is := func(d Softdep) bool { return Glob(d.Module, underscores(name)) }
	source := func(d Softdep) string { return d.Source }
	return merge(keep(r.cfg.Softdeps, is), keep(r.ix.Softdeps(), is), source, "modules.softdep")
}

// Weakdeps gives every stanza whose module is name, in the same order.
func (r *Resolver) Weakdeps(name string) []Weakdep {
	is := func(d Weakdep) bool { return Glob(d.Module, underscores(name)) }
	source := func(d Weakdep) string { return d.Source }
	return merge(keep(r.cfg.Weakdeps, is), keep(r.ix.Weakdeps(), is), source, "modules.weakdep")
}

// merge puts the lines of depmod's file between those of modprobe.d: kmod
// sorts it by its name as one more of them.
func merge[T any](config, own []T, source func(T) string, file string) []T {
	at := 0
	for at < len(config) && path.Base(source(config[at])) < file {
		at++
	}
	return slices.Concat(config[:at], own, config[at:])
}
