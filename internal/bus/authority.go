package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/godbus/dbus/v5"

	"attune/internal/peer"
)

// A Subject is who wants something.
type Subject struct {
	Sender string // unique name on the bus, which is never given twice
	UID    uint32
	GIDs   []uint32
}

// An Authority tells who may do what. A nil error is the only yes.
type Authority interface {
	// Check may take as long as a person needs to type a password, if interactive.
	Check(ctx context.Context, who Subject, action string, details map[string]string, interactive bool) error
}

const (
	polkitName  = "org.freedesktop.PolicyKit1"
	polkitPath  = "/org/freedesktop/PolicyKit1/Authority"
	polkitIface = "org.freedesktop.PolicyKit1.Authority"

	// polkitInteraction is AllowUserInteraction of CheckAuthorizationFlags.
	polkitInteraction = 1
)

// Polkit asks polkitd. No answer, and any that is not plainly yes, is no.
type Polkit struct {
	Conn *dbus.Conn

	// Quick is how long an answer may take, Patient how long one may that a
	// person is asked for. polkitd's own agents give up after five minutes.
	Quick, Patient time.Duration
}

// Times that Polkit has where none are given.
const (
	quickAnswer   = 10 * time.Second
	patientAnswer = 3 * time.Minute
)

// polkitSubject is a Subject of polkit. The process id and the user id of a
// caller are left out on purpose: the one is given again to another process,
// and both are polkitd's to find from the name.
type polkitSubject struct {
	Kind    string
	Details map[string]dbus.Variant
}

// Check asks whether the caller may. polkit Reference Manual,
// org.freedesktop.PolicyKit1.Authority, CheckAuthorization.
func (p *Polkit) Check(ctx context.Context, who Subject, action string, details map[string]string, interactive bool) error {
	limit, flags := p.Quick, uint32(0)
	if limit == 0 {
		limit = quickAnswer
	}
	if interactive {
		flags = polkitInteraction
		if limit = p.Patient; limit == 0 {
			limit = patientAnswer
		}
	}
	id := fmt.Sprintf("attune-%d", serial.Add(1))
	if details == nil {
		details = map[string]string{}
	}
	authority := peer.Peer{Conn: p.Conn, Name: polkitName, Path: polkitPath, Deadline: limit}
	var answer struct {
		Authorized, Challenge bool
		Details               map[string]string
	}
	err := authority.Call(ctx, polkitIface, "CheckAuthorization", []any{&answer},
		polkitSubject{"system-bus-name", map[string]dbus.Variant{"name": dbus.MakeVariant(who.Sender)}},
		action, details, flags, id)
	switch {
	case err != nil && (ctx.Err() != nil || errors.Is(err, peer.ErrNoAnswer)):
		// A dialogue may still stand on somebody's screen.
		authority.Tell(polkitIface, "CancelCheckAuthorization", id)
		if ctx.Err() != nil {
			return Errorf(ErrGone, "asking polkit about %s: the caller has gone", action)
		}
		return Errorf(ErrNotAuthorized, "asking polkit about %s: no answer in %v", action, limit)
	case err != nil:
		return Errorf(ErrNotAuthorized, "asking polkit about %s: %w", action, err)
	case answer.Authorized && !answer.Challenge:
		return nil
	case answer.Challenge && !answer.Authorized && !interactive:
		return Errorf(ErrInteractive, "%s needs a password, and the caller did not say that one may be asked for", action)
	case answer.Details["polkit.dismissed"] != "":
		return Errorf(ErrNotAuthorized, "%s: nobody gave a password", action)
	}
	return Errorf(ErrNotAuthorized, "%s is not allowed to this user here", action)
}

// Groups is the authority of an image without logind, which has no active
// sessions to tell apart: the groups whose members may do what an action's list
// has. No list, no permission.
type Groups map[string][]uint32

var errNoGroup = errors.New("no group of this user may")

// Check looks the caller's groups up.
func (g Groups) Check(_ context.Context, who Subject, action string, _ map[string]string, _ bool) error {
	if slices.ContainsFunc(g[action], func(gid uint32) bool { return slices.Contains(who.GIDs, gid) }) {
		return nil
	}
	return Errorf(ErrNotAuthorized, "%s: %w", action, errNoGroup)
}
