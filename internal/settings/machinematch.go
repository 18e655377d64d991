package settings

import (
	"cmp"
	"fmt"
	"strings"

	"attune/internal/identity"
	"attune/xconfig"
)

// A matcher goes through [match] of a file of machines/. All keys have to
// hold; of a list one has to.
type matcher struct {
	*reader
	claim  *claim
	source string
	missed string // a key that does not hold
	cannot string // a key nobody can tell of
	wrong  string // why the match is none
}

// identityKeys are the keys that name one machine.
var identityKeys = []identity.Kind{identity.MAC, identity.UUID, identity.Serial, identity.BoardSerial, identity.Asset}

func (m *matcher) field(key string, v any) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	var patterns []string
	for _, v := range list {
		s, err := pattern(v)
		if err != nil {
			m.wrong = key + ": want text"
			return
		}
		patterns = append(patterns, s)
	}
	switch key {
	case "vendor":
		m.kind(key, patterns, m.machine.DMI.SysVendor)
	case "product":
		m.kind(key, patterns, m.machine.DMI.ProductName)
	default:
		m.identity(key, patterns)
	}
}

// kind is what all machines of a model have.
func (m *matcher) kind(key string, patterns []string, have string) {
	for _, p := range patterns {
		if likeDMI(p, have, m.machine.DMI.Squeezed) {
			return
		}
	}
	m.missed = key
}

func (m *matcher) identity(key string, patterns []string) {
	var known []string
	for _, kind := range identityKeys {
		if string(kind) == key {
			m.oneOf(kind, patterns)
			return
		}
		known = append(known, string(kind))
	}
	m.wrong = unknown("key", key, append(known, "vendor", "product"))
}

// oneOf: an identity written out makes the file this machine's own; a pattern
// makes it one about many.
func (m *matcher) oneOf(kind identity.Kind, patterns []string) {
	have := m.who.Of(kind)
	for _, p := range patterns {
		wild := strings.ContainsAny(p, "*?")
		if why := identity.Shared(kind, p); !wild && why != "" {
			m.wrong = fmt.Sprintf("%s: it tells no machine from another: %s", kind, why)
			return
		}
		for _, id := range have {
			switch {
			case wild && xconfig.Like(spelled(kind, p), id.Value):
				return
			case !wild && identity.Same(kind, p, id.Value):
				m.claim.ids = append(m.claim.ids, id)
				m.claim.by = cmp.Or(m.claim.by, id.Kind)
				return
			}
		}
	}
	if u, ok := m.who.UnreadOf(kind); ok && len(have) == 0 {
		m.cannot = fmt.Sprintf("the %s, of which %s: %s", kind, u.From, u.Err)
		return
	}
	m.missed = string(kind)
}

// spelled is a pattern of addresses with the colons Linux writes.
func spelled(kind identity.Kind, p string) string {
	if kind == identity.MAC {
		return strings.ReplaceAll(p, "-", ":")
	}
	return p
}
