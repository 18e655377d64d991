package kmod

import "slices"

// The order of modules is kmod's probe list: for every hard dependency, the
// one to load first first, its own soft ones before and after it; then the
// same for the module. A module is only placed once, so loops end.

// probe plans a module with all that belongs to it. Asked is the name it was
// asked by, an alias or its own.
func (p *Planner) probe(module, asked string, why Why) {
	if p.visited[module] {
		p.again(module, why)
		return
	}
	p.visited[module] = true
	if d := p.bar(module); d != nil {
		p.deny(*d, why)
		return
	}
	file, _ := p.find(module)
	for _, dep := range slices.Backward(file.Deps) {
		p.place(dep, dep, Why{For: module, Kind: "depends"})
	}
	p.place(module, asked, why)
}

// again adds one more reason to what is planned, or denied, already.
func (p *Planner) again(module string, why Why) {
	if i, ok := p.step[module]; ok {
		addWhy(&p.plan.Steps[i].Why, why)
	} else if d := p.bar(module); d != nil {
		p.deny(*d, why)
	} else if why.For != "" && !p.live[module] && p.exists(module) {
		p.note("loop: " + why.For + " wants " + module + " (" + why.Kind + "), which waits for it")
	}
}

func addWhy(whys *[]Why, why Why) {
	if !slices.Contains(*whys, why) {
		*whys = append(*whys, why)
	}
}

// place puts a module between its soft dependencies.
func (p *Planner) place(module, asked string, why Why) {
	if i, ok := p.step[module]; ok {
		addWhy(&p.plan.Steps[i].Why, why)
		return
	}
	pre, post := p.softTargets(module)
	for _, t := range pre {
		p.probe(t.module, t.alias, Why{For: module, Kind: "softdep pre", Alias: t.named()})
	}
	p.emit(module, asked, why, pre)
	for _, t := range post {
		p.probe(t.module, t.alias, Why{For: module, Kind: "softdep post", Alias: t.named()})
		p.follow(t.module, module)
	}
}

// A target is a module which a softdep line names, itself or by an alias.
type target struct{ module, alias string }

func (t target) named() string {
	if t.alias == t.module || underscores(t.alias) == t.module {
		return ""
	}
	return t.alias
}

// softTargets resolves all softdep lines of a module. What nobody knows is
// left out and noted; built-in code needs no step.
func (p *Planner) softTargets(module string) (pre, post []target) {
	for _, d := range p.r.Softdeps(module) {
		pre = append(pre, p.targets(d, "pre", d.Pre)...)
		post = append(post, p.targets(d, "post", d.Post)...)
	}
	return pre, post
}

func (p *Planner) targets(d Softdep, kind string, names []string) []target {
	var all []target
	for _, name := range names {
		a := p.lookup(name)
		if len(a.Modules) == 0 {
			p.note(d.Source + ": softdep " + d.Module + " " + kind + ": no module for " + quoted(name))
		}
		for _, m := range a.Modules {
			if m = underscores(m); !a.Builtin() && !p.live[m] && p.exists(m) {
				all = append(all, target{m, name})
			}
		}
	}
	return all
}

// emit makes the step.
func (p *Planner) emit(module, asked string, why Why, pre []target) {
	if _, ok := p.step[module]; ok || p.live[module] {
		return
	}
	file, ok := p.find(module)
	install, _ := p.r.Config().installFor(module)
	if !ok && install.Value == "" {
		p.note(why.For + " needs " + module + ", which is not in this image")
		return
	}
	s := Step{Module: module, File: file.Path, Params: p.params(module, asked), Install: install.Value,
		Priority: p.pol.urgency(module, file.Path), Why: []Why{why}}
	for _, dep := range slices.Backward(file.Deps) {
		if _, ok := p.step[dep]; ok {
			s.Needs = append(s.Needs, dep)
		}
	}
	s.After = slices.Clone(s.Needs)
	for _, t := range pre {
		if _, ok := p.step[t.module]; ok && !slices.Contains(s.After, t.module) {
			s.After = append(s.After, t.module)
		}
	}
	p.step[module] = len(p.plan.Steps)
	p.plan.Steps = append(p.plan.Steps, s)
	p.weak(module)
	p.extrasOf(module)
}

// follow makes a step of this round come after another one before it.
func (p *Planner) follow(module, first string) {
	i, ok := p.step[module]
	j, planned := p.step[first]
	if !ok || !planned || i < p.fresh || j >= i || slices.Contains(p.plan.Steps[i].After, first) {
		return
	}
	p.plan.Steps[i].After = append(p.plan.Steps[i].After, first)
}

func (p *Planner) weak(module string) {
	for _, d := range p.r.Weakdeps(module) {
		for _, name := range d.Targets {
			p.plan.Weak = append(p.plan.Weak, Weak{Module: underscores(name), For: module})
		}
	}
}
