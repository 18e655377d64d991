package kmod

import "slices"

// What an initramfs leaves for the real root. Its module tree is a part of the
// image's, and a driver which began without its firmware, or before the driver
// that was to have its device, cannot begin again.

// left tells why a module an alias asked for waits for the real root: a driver
// to be tried first is in the image, and not here.
func (p *Planner) left(w want) *Denial {
	if p.live[w.module] {
		return nil
	}
	for i := range p.pol.Ladder {
		row := &p.pol.Ladder[i]
		if !slices.Contains(row.Else, w.module) || row.Alias != "" && !Glob(row.Alias, w.alias) {
			continue
		}
		for _, m := range row.Prefer {
			if p.pol.Elsewhere[m] && !p.exists(m) && p.blacklisted(m) == nil && p.bar(m) == nil {
				return &Denial{Module: w.module, By: ByInitramfs, Source: m + " is in the real root", Text: row.note()}
			}
		}
	}
	return nil
}
