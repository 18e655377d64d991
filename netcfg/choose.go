package netcfg

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"attune/netcfg/kernel"
)

// address is that of a link's hardware; "" for a link without any, whose address
// may be another one the next time.
func address(l kernel.Link) string {
	switch {
	case len(l.PermanentMAC) > 0:
		return l.PermanentMAC.String()
	case l.Kind == "":
		return l.MAC.String()
	}
	return ""
}

// ownID is the ID of the profile that Configure makes for a link: the same for as
// long as the link has its name and its hardware.
func ownID(l kernel.Link) string {
	id := "link-" + strings.Map(func(r rune) rune {
		if strings.ContainsRune(letters+digits+"-", r) {
			return r
		}
		return -1
	}, l.Name)
	if id != "link-"+l.Name { // two such names could become one
		sum := sha256.Sum256([]byte(l.Name))
		id += "-" + hex.EncodeToString(sum[:4])
	}
	if mac := strings.ReplaceAll(address(l), ":", ""); mac != "" && len(id)+1+len(mac) <= maxID {
		id += "-" + mac
	}
	return id
}

// bind is a profile for one link and no other.
func bind(p Profile, l kernel.Link) Profile {
	p.Link = Match{Name: l.Name, MAC: address(l)}
	return p
}

// fit is how well a profile fits a link: 0 not at all, more the more particular it
// is.
func fit(p Profile, l kernel.Link) int {
	if p.Kind != Wired || !wired(l) {
		return 0
	}
	how := 1
	if p.Link.Name != "" {
		if p.Link.Name != l.Name && !slices.Contains(l.AltNames, p.Link.Name) {
			return 0
		}
		how++
	}
	if p.Link.MAC != "" {
		if p.Link.MAC != l.PermanentMAC.String() && (len(l.PermanentMAC) > 0 || p.Link.MAC != l.MAC.String()) {
			return 0
		}
		how += 2
	}
	if how == 1 && !plain(l) {
		return 0
	}
	return how
}

// wired: Ethernet frames go over it, and no radio.
func wired(l kernel.Link) bool {
	return !l.Loopback && !l.Wireless && (l.Hardware == "ether" || l.Hardware == "" && len(l.MAC) == 6)
}

// plain links are those that a profile for any link is for: adapters, and the ends
// of a container's cable. Bridges and what stands on others are somebody's work.
func plain(l kernel.Link) bool { return (l.Kind == "" || l.Kind == "veth") && l.Master == 0 }

// best is the profile that a link gets by itself: the most particular one, then
// that of the greatest priority, then a user's before the image's. m.mu is held.
func (m *Manager) best(l kernel.Link) (Profile, bool) {
	type choice struct {
		p     Profile
		fit   int
		image bool
	}
	var all []choice
	for id := range m.kept {
		p, tier, ok := m.profile(id)
		if how := fit(p, l); ok && how > 0 && !p.Manual {
			all = append(all, choice{p, how, tier == ImageTier})
		}
	}
	if len(all) == 0 {
		return Profile{}, false
	}
	return slices.MinFunc(all, func(a, b choice) int {
		return cmp.Or(cmp.Compare(b.fit, a.fit), cmp.Compare(b.p.Priority, a.p.Priority), order(a.image, b.image), cmp.Compare(a.p.ID, b.p.ID))
	}).p, true
}

// order puts false before true.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
