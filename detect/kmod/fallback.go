package kmod

import (
	"slices"

	"attune/detect"
)

// A held is what one device has left when its preferred driver fails.
type held struct {
	device string
	row    *LadderRow
	wants  []want
}

// choose applies the ladders to a device: it gives the modules to hold back,
// and remembers them for Fallback.
func (p *Planner) choose(d detect.Device, wants []want) map[string]*LadderRow {
	back := map[string]*LadderRow{}
	for i := range p.pol.Ladder {
		row := &p.pol.Ladder[i]
		if p.fallen[rung{d.Path, row.Name}] {
			continue
		}
		first, rest := p.rungs(row, d, wants)
		if len(rest) == 0 {
			continue
		}
		for _, w := range rest {
			back[w.module] = row
		}
		p.hold(first, held{d.Path, row, rest})
	}
	return back
}

// rungs gives the driver to try first and what to hold back, nothing when the
// row does not speak of this device or leaves no choice.
func (p *Planner) rungs(row *LadderRow, d detect.Device, wants []want) (first string, rest []want) {
	fits := func(alias string) bool { return row.Alias == "" || Glob(row.Alias, alias) }
	asked := func(m string) bool {
		return slices.ContainsFunc(wants, func(w want) bool { return w.module == m && fits(w.alias) })
	}
	for _, m := range row.Prefer {
		if asked(m) && (p.live[m] || p.exists(m) && p.blacklisted(m) == nil && p.bar(m) == nil) {
			first = m
			break
		}
	}
	if first == "" {
		return "", nil
	}
	for _, w := range wants {
		if !slices.Contains(row.Else, w.module) || !p.exists(w.module) {
			continue
		}
		if p.live[w.module] && d.Driver != "" {
			return "", nil // it has the device already, too late to choose
		}
		rest = append(rest, w)
	}
	return first, rest
}

// A rung is a device and the ladder it stands on.
type rung struct{ device, row string }

// hold remembers once: a device is planned anew with every scan.
func (p *Planner) hold(first string, h held) {
	if slices.ContainsFunc(p.held[first], func(o held) bool { return o.device == h.device && o.row == h.row }) {
		return
	}
	p.held[first] = append(p.held[first], h)
}

// Waiting gives the devices, by path, which hold other drivers back until a
// module has shown whether it drives them. A module in nobody's ladder has
// none.
func (p *Planner) Waiting(module string) []string {
	var devices []string
	for _, h := range p.held[module] {
		if !slices.Contains(devices, h.device) {
			devices = append(devices, h.device)
		}
	}
	return devices
}

// Holding gives the preferred modules for which devices wait, sorted: those to
// be loaded, those which were in the kernel before, and those which were held
// up themselves.
func (p *Planner) Holding() []string {
	var modules []string
	for m, waits := range p.held {
		if len(waits) > 0 {
			modules = append(modules, m)
		}
	}
	slices.Sort(modules)
	return modules
}

// Fallback plans what was held back for a module which failed, or which
// loaded and left some devices without a driver; because says which. Without
// devices it is for all that wait. It gives the new steps.
func (p *Planner) Fallback(module, because string, devices ...string) []Step {
	var still, now []held
	for _, h := range p.held[module] {
		if len(devices) == 0 || slices.Contains(devices, h.device) {
			now = append(now, h)
		} else {
			still = append(still, h)
		}
	}
	p.held[module] = still
	for _, h := range now {
		p.fallen[rung{h.device, h.row.Name}] = true
		for _, w := range h.wants {
			p.release(w.module, h.row)
			w.why.Table = "ladder"
			w.why.Note = module + ": " + because + "; " + h.row.note()
			p.want(w)
		}
	}
	return p.give()
}

// release takes back the denial, if no ladder holds the module any more.
func (p *Planner) release(module string, row *LadderRow) {
	key := denialKey{module, ByLadder, row.Name}
	at, ok := p.denial[key]
	if !ok {
		return
	}
	delete(p.denial, key)
	p.plan.Denied = slices.Delete(p.plan.Denied, at, at+1)
	for k, i := range p.denial {
		if i > at {
			p.denial[k] = i - 1
		}
	}
}
