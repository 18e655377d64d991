package display

import (
	"cmp"
	"fmt"
	"strings"

	"attune/detect/edid/timing"
)

// mirror makes outputs show the same: all of them where that is preferred, or
// those a rule puts at another's place.
func (d *displays) mirror() {
	on := d.on()
	if d.prefs.Mirror && len(on) > 1 {
		d.mirrorGroup(primaryFirst(on))
		return
	}
	for _, group := range d.sameAs(on) {
		d.mirrorGroup(group)
	}
}

func primaryFirst(on []*head) []*head {
	var first, rest []*head
	for _, h := range on {
		if h.out.Primary {
			first = append(first, h)
		} else {
			rest = append(rest, h)
		}
	}
	return append(first, rest...)
}

// sameAs gathers heads placed "same-as" another behind that one.
func (d *displays) sameAs(on []*head) (groups [][]*head) {
	for _, leader := range on {
		group := []*head{leader}
		for _, h := range on {
			if word, name, _ := strings.Cut(h.placing.text, " "); word == "same-as" && h != leader && d.named(strings.TrimSpace(name), h) == leader {
				group = append(group, h)
			}
		}
		if len(group) > 1 && !isFollower(leader) {
			groups = append(groups, group)
			for _, h := range group[1:] {
				h.leader = leader
			}
		}
	}
	return groups
}

func isFollower(h *head) bool { return h.leader != nil }

// mirrorGroup gives every head a mode of one size, the largest all have. Where
// there is none each takes what comes nearest to the first one's.
func (d *displays) mirrorGroup(group []*head) {
	leader := group[0]
	for _, h := range group[1:] {
		h.mirrorOf(leader)
	}
	if w, ht, ok := commonSize(group); ok {
		for _, h := range group {
			h.sized(w, ht, "the largest size all mirrored displays have")
		}
		return
	}
	w, ht := leader.out.Extent()
	for _, h := range group[1:] {
		h.nearest(w, ht)
		if hw, hh := h.out.Extent(); hw != w || hh != ht {
			d.note(h.conn.Name, "has no mode of %dx%d: at %dx%d it shows a part of what %s does, until its picture is scaled (xrandr --output %s --scale-from %dx%d)",
				w, ht, hw, hh, leader.conn.Name, cmp.Or(h.out.XName, h.conn.Name), w, ht)
		}
	}
}

func (h *head) mirrorOf(leader *head) {
	h.leader = leader
	h.out.Mirrors = leader.conn.Name
	h.out.X, h.out.Y, h.out.PlaceWhy = leader.out.X, leader.out.Y, "shows the same as "+leader.conn.Name
}

// commonSize is the size all can show as the viewer sees it, turned displays
// turned. The leader's own is best, then the one with most pixels.
func commonSize(group []*head) (w, ht int, ok bool) {
	w, ht = group[0].out.Extent()
	if everyHas(group, w, ht) {
		return w, ht, true
	}
	w, ht = 0, 0
	for _, m := range group[0].modes {
		mw, mh := group[0].seen(m)
		if !m.Interlaced && mw*mh > w*ht && everyHas(group, mw, mh) {
			w, ht, ok = mw, mh, true
		}
	}
	return w, ht, ok
}

func everyHas(group []*head, w, ht int) bool {
	for _, h := range group {
		if _, ok := h.modeSeen(w, ht); !ok {
			return false
		}
	}
	return true
}

// seen is a mode's size on the desktop, after rotation.
func (h *head) seen(m timing.Mode) (w, ht int) {
	o := h.out
	o.Mode = m
	return o.Extent()
}

// modeSeen is the head's best mode of a size on the desktop: the one it has,
// else the first.
func (h *head) modeSeen(w, ht int) (timing.Mode, bool) {
	if hw, hh := h.out.Extent(); hw == w && hh == ht {
		return h.out.Mode, true
	}
	if h.wholeMode {
		return timing.Mode{}, false
	}
	for _, m := range h.modes {
		if mw, mh := h.seen(m); !m.Interlaced && mw == w && mh == ht {
			return m, true
		}
	}
	return timing.Mode{}, false
}

func (h *head) sized(w, ht int, why string) {
	m, ok := h.modeSeen(w, ht)
	if !ok || same(m, h.out.Mode) {
		return
	}
	h.setMode(m, why)
}

// nearest is the mode closest in size: the least difference in width and height.
func (h *head) nearest(w, ht int) {
	best, bestM := 0, timing.Mode{}
	for i, m := range h.modes {
		mw, mh := h.seen(m)
		off := max(mw-w, w-mw) + max(mh-ht, ht-mh)
		if !m.Interlaced && (bestM.HActive == 0 || off < best) {
			best, bestM = off, h.modes[i]
		}
	}
	if bestM.HActive > 0 && !h.wholeMode && !same(bestM, h.out.Mode) {
		h.setMode(bestM, fmt.Sprintf("the nearest it has to %dx%d", w, ht))
	}
}
