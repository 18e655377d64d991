package kernel

import (
	"bytes"
	"fmt"
	"maps"
	"net/netip"
	"slices"
)

// NoClue is the reason where there is none better.
const NoClue = "the root file system is on a server, and nothing tells by which link"

// Protect names the links that must be left alone, each with the reasons: those
// that the root file system is reached by, and whatever they are made of or are
// part of. route tells by which links an address is reached now.
//
// A root on a server that no clue leads to protects every link that has an
// address. One that was only lost on the way, on a machine that nothing says was
// started over a network, protects none: most such machines are live sticks.
func Protect(r Root, links []Link, route func(netip.Addr) []int) map[int][]string {
	if r.Local {
		return nil
	}
	found := map[int][]string{}
	add := func(index int, why string) {
		if !slices.Contains(found[index], why) {
			found[index] = append(found[index], why)
		}
	}
	for _, c := range r.Clues {
		if c.Server.IsValid() {
			for _, index := range route(c.Server) {
				add(index, c.String())
			}
			continue
		}
		for _, l := range links {
			if c.is(l) {
				add(l.Index, c.String())
			}
		}
	}
	for _, l := range links {
		if l.Loopback {
			delete(found, l.Index)
		}
	}
	if len(found) == 0 && r.Remote {
		for _, l := range links {
			if !l.Loopback && len(l.Addresses) > 0 {
				add(l.Index, NoClue)
			}
		}
	}
	spread(found, links)
	return found
}

// is tells whether a clue that names a link names this one. The name is that of
// the time when the machine was started, and so may be another one by now.
func (c Clue) is(l Link) bool {
	if c.MAC != nil {
		return bytes.Equal(c.MAC, l.MAC) || bytes.Equal(c.MAC, l.PermanentMAC)
	}
	return c.Name == l.Name || slices.Contains(l.AltNames, c.Name)
}

// spread goes from links to those they stand on and those they are part of, until
// there are no more.
func spread(found map[int][]string, links []Link) {
	byIndex := map[int]Link{}
	for _, l := range links {
		byIndex[l.Index] = l
	}
	for todo := slices.Collect(maps.Keys(found)); len(todo) > 0; {
		at := todo[0]
		todo = todo[1:]
		reach := func(index int, why string) {
			if _, known := found[index]; index == 0 || known {
				return
			}
			found[index] = []string{why}
			todo = append(todo, index)
		}
		l := byIndex[at]
		if _, ok := byIndex[l.Parent]; ok {
			reach(l.Parent, fmt.Sprintf("%s is on it", l.Name))
		}
		if _, ok := byIndex[l.Master]; ok {
			reach(l.Master, fmt.Sprintf("%s is a part of it", l.Name))
		}
		for _, other := range links {
			if other.Master == at {
				reach(other.Index, fmt.Sprintf("it is a part of %s", l.Name))
			}
		}
	}
}
