package kmod

import (
	"slices"
	"strings"
)

// Two kinds of no. A module that is barred never loads, and neither does what
// needs it. One that is blacklisted is not loaded because an alias names it;
// as a dependency, or when a person asks, it is (modprobe.d(5)).

// bar tells why a module may not load at all, nil when it may.
func (p *Planner) bar(module string) *Denial {
	d, known := p.barred[module]
	if !known {
		if d = p.barItself(module); d == nil {
			d = p.barByNeed(module)
		}
		p.barred[module] = d
	}
	return d
}

func (p *Planner) barItself(module string) *Denial {
	if p.live[module] {
		return nil
	}
	for _, n := range p.pol.Deny {
		if n.Module == module {
			return &Denial{Module: module, By: ByAttune, Source: n.Source}
		}
	}
	for _, b := range p.r.Config().bansOn(module) {
		if b.By == ByKernelCmdline {
			return &Denial{Module: module, By: b.By, Source: b.Source, Text: b.Text}
		}
	}
	if why, ok := p.pol.Leave[module]; ok {
		return &Denial{Module: module, By: ByInitramfs, Source: why}
	}
	if e, ok := p.r.Config().installFor(module); ok && deniesInstall(e.Value) {
		return &Denial{Module: module, By: ByInstallFalse, Source: e.Source, Text: e.Text}
	}
	return nil
}

// barByNeed: something it cannot do without may not load. It follows lists
// which are complete, as depmod writes them, and lists with circles in them.
func (p *Planner) barByNeed(module string) *Denial {
	needs := []string{module}
	for i := 0; i < len(needs); i++ {
		file, _ := p.find(needs[i])
		for _, dep := range slices.Backward(file.Deps) {
			if slices.Contains(needs, dep) {
				continue
			}
			needs = append(needs, dep)
			if d := p.barItself(dep); d != nil {
				d.Module, d.Needs = module, dep
				return d
			}
		}
	}
	return nil
}

// blacklisted tells what stops an alias from loading a module.
func (p *Planner) blacklisted(module string) *Denial {
	for _, b := range p.r.Config().bansOn(module) {
		if b.By != ByKernelCmdline {
			return &Denial{Module: module, By: b.By, Source: b.Source, Text: b.Text}
		}
	}
	if row := p.pol.never(module); row != nil {
		return &Denial{Module: module, By: ByNever, Source: row.Name, Text: row.Why + " <" + row.Link + ">"}
	}
	return nil
}

// deny writes a denial down, one for a module and a cause, with every reason
// for which it was wanted.
func (p *Planner) deny(d Denial, why Why) {
	key := denialKey{d.Module, d.By, d.Source}
	i, ok := p.denial[key]
	if !ok {
		i = len(p.plan.Denied)
		p.denial[key] = i
		d.Why = nil
		p.plan.Denied = append(p.plan.Denied, d)
	}
	addWhy(&p.plan.Denied[i].Why, why)
}

// params joins all options lines of a module and of the alias it was asked by.
func (p *Planner) params(module, asked string) string {
	var all []string
	for _, o := range p.r.Config().optionsFor(module, asked) {
		if o.Value != "" {
			all = append(all, o.Value)
		}
	}
	return strings.Join(all, " ")
}
