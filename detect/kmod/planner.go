package kmod

import (
	"slices"

	"attune/detect"
)

// NewPlan plans for everything an inventory holds. It decides from its
// arguments alone: the same give the same plan.
func NewPlan(inv detect.Inventory, r *Resolver, pol Policy) Plan {
	live, builtin := LoadedModules(inv)
	pol.Loaded = append(slices.Clone(pol.Loaded), live...)
	p := NewPlanner(r, pol)
	p.Begin(builtin...)
	p.Devices(inv.Devices...)
	return p.Plan()
}

// A Planner plans device after device, as they appear. It is not for several
// goroutines at once.
type Planner struct {
	r   *Resolver
	pol Policy

	plan    Plan
	live    map[string]bool     // in the kernel before the plan
	step    map[string]int      // module -> place in plan.Steps
	denial  map[denialKey]int   // -> place in plan.Denied
	visited map[string]bool     // probe has been here
	barred  map[string]*Denial  // what may not load at all, and why; nil for what may
	answers map[string]answer   // by alias
	files   map[string]found    // by module
	held    map[string][]held   // preferred module -> what waits for its failure
	fallen  map[rung]bool       // its preferred driver has failed: all others may try
	matched map[Match]bool      // what Loaded, Builtin, Missing and Unsure have
	cpus    map[string][]string // alias of CPUs -> their paths
	noted   map[string]bool
	fresh   int // steps before this place have been given out
}

type denialKey struct {
	module string
	by     DeniedBy
	source string
}

type found struct {
	File
	ok     bool
	unsure bool // the index could not say
}

type answer struct {
	Answer
	err error
}

// NewPlanner starts with an empty plan.
func NewPlanner(r *Resolver, pol Policy) *Planner {
	p := &Planner{r: r, pol: pol, live: map[string]bool{}, step: map[string]int{}, denial: map[denialKey]int{},
		visited: map[string]bool{}, barred: map[string]*Denial{}, answers: map[string]answer{}, files: map[string]found{},
		held: map[string][]held{}, fallen: map[rung]bool{}, matched: map[Match]bool{}, cpus: map[string][]string{}, noted: map[string]bool{}}
	for _, m := range pol.Loaded {
		p.live[underscores(m)] = true
	}
	return p
}

// Begin plans what is wanted whatever the devices are: attune.load, and what
// table rows add to modules that are in the kernel already, among them the
// builtin ones named here.
func (p *Planner) Begin(builtin ...string) []Step {
	for _, f := range p.pol.Force {
		p.force(f)
	}
	there := append(slices.Clone(p.pol.Loaded), builtin...)
	slices.Sort(there)
	for _, m := range slices.Compact(there) {
		p.extrasOf(underscores(m))
	}
	return p.give()
}

// Devices plans for some devices and gives the steps which are new: those of
// no call before. A device seen twice adds nothing. It goes over all of them
// first, so that each step knows all that ask for it.
func (p *Planner) Devices(devices ...detect.Device) []Step {
	for _, d := range devices {
		p.device(d)
	}
	return p.give()
}

func (p *Planner) device(d detect.Device) {
	if p.pol.SkipBound && d.Driver != "" || p.oneMoreCPU(d) {
		return
	}
	wants := p.wants(d)
	held := p.choose(d, wants)
	for _, w := range wants {
		if row := held[w.module]; row != nil {
			p.deny(Denial{Module: w.module, By: ByLadder, Source: row.Name, Text: row.note()}, w.why)
			continue
		}
		if d := p.left(w); d != nil {
			p.deny(*d, w.why)
			continue
		}
		p.want(w)
	}
	p.extras(d)
	p.showLadders(wants)
}

// showLadders writes into the steps of a device what would be tried next.
func (p *Planner) showLadders(wants []want) {
	for _, w := range wants {
		i, ok := p.step[w.module]
		if !ok {
			continue
		}
		for _, h := range p.held[w.module] {
			for _, next := range h.wants {
				if s := &p.plan.Steps[i]; !slices.Contains(s.Else, next.module) {
					s.Else = append(slices.Clone(s.Else), next.module)
				}
			}
		}
	}
}

// Plan is all of it so far.
func (p *Planner) Plan() Plan {
	plan := p.plan
	plan.Steps = slices.Clone(plan.Steps)
	for i := range plan.Steps {
		plan.Steps[i].Why = p.counted(plan.Steps[i].Why)
		plan.Steps[i].Async = !plan.Steps[i].drives()
	}
	plan.Denied = slices.Clone(plan.Denied)
	for i := range plan.Denied {
		plan.Denied[i].Why = p.counted(plan.Denied[i].Why)
	}
	plan.Loaded = slices.Clone(plan.Loaded)
	plan.Builtin = slices.Clone(plan.Builtin)
	plan.Missing = slices.Clone(plan.Missing)
	plan.Unsure = slices.Clone(plan.Unsure)
	plan.Weak = slices.Clone(plan.Weak)
	plan.Notes = slices.Clone(plan.Notes)
	return plan
}

// give hands out the steps nobody has had yet.
func (p *Planner) give() []Step {
	steps := slices.Clone(p.plan.Steps[p.fresh:])
	p.fresh = len(p.plan.Steps)
	for i := range steps {
		steps[i].Async = !steps[i].drives()
	}
	return steps
}

// oneMoreCPU counts CPUs with an alias that another one had: a server has
// hundreds of them, each with an alias of 600 bytes that 26 modules answer.
func (p *Planner) oneMoreCPU(d detect.Device) bool {
	if d.Subsystem != "cpu" || len(d.Modalias) == 0 {
		return false
	}
	alias := d.Modalias[0]
	if !slices.Contains(p.cpus[alias], d.Path) {
		p.cpus[alias] = append(p.cpus[alias], d.Path)
	}
	return p.cpus[alias][0] != d.Path
}

func (p *Planner) counted(whys []Why) []Why {
	whys = slices.Clone(whys)
	for i, w := range whys {
		if n := len(p.cpus[w.Alias]); n > 0 {
			whys[i].Also = n - 1
		}
	}
	return whys
}

// lookup remembers, because alike devices have alike aliases.
func (p *Planner) lookup(alias string) Answer {
	a, ok := p.answers[alias]
	if !ok {
		a.Answer, a.err = p.r.Lookup(alias)
		p.answers[alias] = a
		if a.err != nil {
			p.note("looking up " + quoted(alias) + ": " + a.err.Error())
		}
	}
	return a.Answer
}

func (p *Planner) note(text string) {
	if !p.noted[text] {
		p.noted[text] = true
		p.plan.Notes = append(p.plan.Notes, text)
	}
}
