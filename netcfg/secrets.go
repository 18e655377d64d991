package netcfg

import (
	"fmt"
	"io"
	"log/slog"
)

// WithoutSecrets is the profile as everybody may see it.
func (p Profile) WithoutSecrets() Profile {
	if p.Dot1X == nil {
		return p
	}
	x := *p.Dot1X
	x.Password, x.Key, x.KeyPassword = "", nil, ""
	p.Dot1X = &x
	return p
}

// MergeSecrets is the profile with the secrets of an older form of it where it has
// none: who changes one need not know them. They go to the same people only: not
// to another identity, and not to a server that is checked in another way.
func (p Profile) MergeSecrets(old Profile) Profile {
	if p.Dot1X == nil || old.Dot1X == nil || !sameParty(*p.Dot1X, *old.Dot1X) {
		return p
	}
	x, o := *p.Dot1X, *old.Dot1X
	if x.Method == "tls" && len(x.Key) == 0 {
		x.Key = o.Key
		if x.KeyPassword == "" {
			x.KeyPassword = o.KeyPassword
		}
	}
	if x.Method != "tls" && x.Password == "" {
		x.Password = o.Password
	}
	p.Dot1X = &x
	return p
}

// sameParty: whoever may change a profile but not read its secrets could else have
// them told to a server of their own.
func sameParty(a, b Dot1X) bool {
	return a.Method == b.Method && a.Inner == b.Inner && a.Identity == b.Identity &&
		a.AnyServer == b.AnyServer && a.ServerName == b.ServerName && string(a.CA) == string(b.CA)
}

// String is the profile for people, in one line.
func (p Profile) String() string { return fmt.Sprintf("profile %q (%s)", p.ID, p.Name) }

// Format has every verb print the same, so that no log can have a secret in it.
func (p Profile) Format(s fmt.State, _ rune) { io.WriteString(s, p.String()) }

// LogValue is what is logged.
func (p Profile) LogValue() slog.Value { return slog.StringValue(p.String()) }

// String says how, and for whom.
func (x Dot1X) String() string { return fmt.Sprintf("802.1X %s for %q", x.Method, x.Identity) }

// Format is as that of Profile.
func (x Dot1X) Format(s fmt.State, _ rune) { io.WriteString(s, x.String()) }

// LogValue is what is logged.
func (x Dot1X) LogValue() slog.Value { return slog.StringValue(x.String()) }
