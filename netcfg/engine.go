package netcfg

import (
	"context"
	"encoding/json"

	"attune/netcfg/kernel"
)

// An Engine makes links be as profiles say. Its answers are what it found, not
// what was asked of it. It holds nothing that it could not find again: it may be
// made anew at any time, and so may what it speaks to.
//
// Each call ends soon after its context does. Calls about different links come at
// the same time, those about one link one after the other, but for Links, which may
// come at any time.
//
// A link it is given is never a protected one; that is seen to before. An engine
// must not do to one link what changes another: whatever it writes names the link
// it is for.
type Engine interface {
	// Name is for people: "NetworkManager", "systemd-networkd", "kernel".
	Name() string

	// Links tells which links this engine manages, or could, by index. A link
	// that is not there is none of its.
	Links(ctx context.Context) (map[int]Managed, error)

	// Up makes a link be as a profile says, now and whenever its cable is plugged
	// in again, and comes back when it is, or with an Error that tells why not.
	// Then what was done stays until Down, Forget or Restore.
	Up(ctx context.Context, link kernel.Link, p Profile, g Guard, progress func(Stage)) error

	// Down makes it have no addresses and no carrier wanted, until the next Up.
	Down(ctx context.Context, link kernel.Link) error

	// Forget takes away what Up and Down left for the link: it is then as the
	// image has it.
	Forget(ctx context.Context, link kernel.Link) error

	// Snapshot is what Restore needs to make the link as it is now. It may hold
	// secrets.
	Snapshot(ctx context.Context, link kernel.Link) (json.RawMessage, error)
	Restore(ctx context.Context, link kernel.Link, s json.RawMessage) error

	// Protect sees to it that nothing the engine does to other links changes
	// these. It is called before the first change, and when they change.
	Protect(ctx context.Context, links []kernel.Link) error

	// Watch calls changed when what Links tells may have changed, until the
	// context is done.
	Watch(ctx context.Context, changed func()) error
}

// Managed is what an engine says of a link.
type Managed struct {
	State    State
	Profile  string // ID of the one of ours that is in force, "" for none or another's
	Foreign  string // what is in force instead, for people: "Wired connection 1", "/etc/systemd/network/20-wired.network"
	DNS      []string
	Search   []string
	Captive  string // address of the network's own page, as DHCP or routers tell (RFC 8910)
	DHCP     bool   // the IPv4 address is leased
	Metered  bool
	Settable bool   // Up can be asked for
	Why      string // not settable: why
}

// A State is how far a link is.
type State string

// The states.
const (
	StateUnmanaged  State = "unmanaged"
	StateDown       State = "down"
	StateNoCarrier  State = "no-carrier"
	StateConnecting State = "connecting"
	StateConnected  State = "connected"
	StateFailed     State = "failed"
)

// A Stage is how far Up is, for a person who waits.
type Stage string

// The stages, in order.
const (
	StagePrepare Stage = "preparing"
	StageCarrier Stage = "waiting for the cable"
	StageAuth    Stage = "asking to be let in"
	StageAddress Stage = "waiting for an address"
	StageVerify  Stage = "looking whether it is as asked for"
	StageDone    Stage = "done"
)

// A Guard is what must not be harmed while a link is changed.
type Guard struct {
	// MinMetric is more than that of every route by which the root file system is
	// reached: routes of other links to where the server is get this or more. 0:
	// there is nothing to keep clear of.
	MinMetric uint32
}

// A Deadman is an Engine that can undo what is done to links without us, should
// we not be there any more when the time has come.
type Deadman interface {
	// Arm has the engine undo what happens to the links from now on, at the end of
	// a time that is counted in seconds, unless Disarm comes first.
	Arm(ctx context.Context, links []kernel.Link, seconds uint32) (token string, err error)
	Disarm(ctx context.Context, token string) error
}
