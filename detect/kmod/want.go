package kmod

import (
	"errors"
	"strconv"

	"attune/detect"
)

// A want is one module which one alias asks for.
type want struct {
	module string
	table  string
	alias  string // the alias asked with, which options lines may name
	why    Why
}

func quoted(s string) string { return strconv.Quote(s) }

// wants asks for every alias of a device. What no table knows is missing.
func (p *Planner) wants(d detect.Device) []want {
	var wants []want
	for _, alias := range d.Modalias {
		a := p.lookup(alias)
		if len(a.Modules) == 0 {
			p.miss(Match{Device: d.Path, Alias: alias})
		}
		for _, m := range a.Modules {
			wants = append(wants, want{module: underscores(m), table: a.Table, alias: alias,
				why: Why{Device: d.Path, Alias: alias, Table: a.Table}})
		}
	}
	return wants
}

// want plans a module an alias asked for, unless a blacklist stops it there.
func (p *Planner) want(w want) {
	match := Match{Device: w.why.Device, Alias: w.why.Alias, Module: w.module}
	switch {
	case p.live[w.module]:
		p.match(&p.plan.Loaded, match)
	case w.table == TableBuiltin || w.table == TableBuiltinAlias:
		p.match(&p.plan.Builtin, match)
	case !p.exists(w.module):
		p.miss(match)
	default:
		if d := p.blacklisted(w.module); d != nil {
			p.deny(*d, w.why)
			return
		}
		p.probe(w.module, w.alias, w.why)
		return
	}
	p.extrasOf(w.module)
}

// force plans what attune.load names, as modprobe would: past blacklists.
func (p *Planner) force(f Named) {
	why := Why{Alias: f.Module, Table: "force", Note: f.Source}
	a := p.lookup(f.Module)
	if len(a.Modules) == 0 {
		p.miss(Match{Alias: f.Module})
	}
	for _, m := range a.Modules {
		m = underscores(m)
		match := Match{Alias: f.Module, Module: m}
		switch {
		case p.live[m]:
			p.match(&p.plan.Loaded, match)
		case a.Builtin():
			p.match(&p.plan.Builtin, match)
		case !p.exists(m):
			p.miss(match)
		default:
			p.probe(m, f.Module, why)
		}
	}
}

// extras plans what the table adds for a device.
func (p *Planner) extras(d detect.Device) {
	for i := range p.pol.Extra {
		row := &p.pol.Extra[i]
		alias, ok := row.fits(d)
		if !ok {
			continue
		}
		p.extra(row, Why{Device: d.Path, Alias: alias, Table: "extra", Note: row.note()})
	}
}

// extrasOf plans what the table adds for a module, after it.
func (p *Planner) extrasOf(module string) {
	for i := range p.pol.Extra {
		row := &p.pol.Extra[i]
		if row.Module != module {
			continue
		}
		p.extra(row, Why{Table: "extra", For: module, Kind: "extra", Note: row.note()})
	}
}

func (p *Planner) extra(row *ExtraRow, why Why) {
	for _, m := range row.Load {
		if p.live[m] || !p.exists(m) {
			continue
		}
		if d := p.blacklisted(m); d != nil {
			p.deny(*d, why)
			continue
		}
		p.probe(m, m, why)
		if why.For != "" {
			p.follow(m, why.For)
		}
	}
}

// exists: there is a file, or an install command which stands for one.
func (p *Planner) exists(module string) bool {
	_, ok := p.find(module)
	_, installs := p.r.Config().installFor(module)
	return ok || installs
}

func (p *Planner) find(module string) (File, bool) {
	if f, ok := p.files[module]; ok {
		return f.File, f.ok
	}
	f, ok, err := p.r.Index().Find(module)
	if err != nil {
		p.note("looking up module " + quoted(module) + ": " + err.Error())
	}
	p.files[module] = found{f, ok && err == nil, err != nil}
	return f, ok && err == nil
}

// miss writes down what has no module, or of which a damaged index lets nobody
// say so.
func (p *Planner) miss(m Match) {
	err := p.answers[m.Alias].err
	if err != nil && !errors.Is(err, ErrBadAlias) || p.files[m.Module].unsure {
		p.match(&p.plan.Unsure, m)
		return
	}
	p.match(&p.plan.Missing, m)
}

// match writes one down, once: every scan reports every device anew. An alias
// and a module are in one list only, so one set does for all.
func (p *Planner) match(list *[]Match, m Match) {
	if !p.matched[m] {
		p.matched[m] = true
		*list = append(*list, m)
	}
}
