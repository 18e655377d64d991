package netcfg

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"attune/netcfg/kernel"
)

// Options are all that a Manager touches.
type Options struct {
	Kernel  Kernel
	Root    func() kernel.Root // where the root file system comes from now
	Find    Finder             // who manages links here
	Spare   Engine             // for machines where nobody does; nil: none
	Store   Store
	Journal Journal
	Clock   Clock        // nil: of the time since the machine was switched on
	Online  Online       // nil: nobody is asked, and what the routes tell is all
	Changed func(What)   // nil: nobody wants to know. It is called from any goroutine, with nothing locked, and must not wait
	Log     *slog.Logger // nil: nothing is logged. No secret ever is

	JobTime time.Duration // how long one change of one link may take; 0: 90 s
}

// A Kernel is the network as the kernel has it.
type Kernel interface {
	Links() ([]kernel.Link, error) // with what Describe adds
	Routes() ([]kernel.Route, error)
	To(netip.Addr) []int // links by which an address is reached now

	// Watch calls changed after each change of the three, until the context is done.
	Watch(ctx context.Context, changed func()) error
}

// A Finder knows which managers of networks run.
type Finder interface {
	// Engines are of those that run now. Of two that could have a link the first
	// has it. The same Engine comes back for as long as the same program runs.
	Engines() []Engine

	// Watch calls changed whenever what Engines gives may be another, until the
	// context is done.
	Watch(ctx context.Context, changed func()) error
}

// A Store keeps profiles, their secrets with them.
type Store interface {
	// Load gives all there are. What cannot be read costs only that profile, and is
	// in the error.
	Load() ([]Kept, error)

	// Put writes a profile in the place of the one with its ID; what was there
	// stays whole until the new one is.
	Put(t Tier, p Profile) error

	// Remove takes one away. That there is none is no error.
	Remove(t Tier, id string) error
}

// A Tier is how long a profile stays.
type Tier string

// The tiers. Of two profiles with one ID that of the earlier tier counts.
const (
	RunTier   Tier = "run"   // until the machine is switched off
	StateTier Tier = "state" // where there is a place that outlives that
	ImageTier Tier = "image" // comes with the image; cannot be written
)

// A Kept is a profile where it lies.
type Kept struct {
	Tier    Tier
	Profile Profile
}

// A Journal holds what has to be undone should the program end before it is
// confirmed. It outlives the program and not the machine's being switched off. It
// is for root alone: there are secrets in it.
type Journal interface {
	// Put is done when another process would read it.
	Put(id uint64, entry []byte) error
	Remove(id uint64) error // that there is none is no error
	Entries() (map[uint64][]byte, error)
}

// A Clock goes on while the machine sleeps. clock_gettime(2), CLOCK_BOOTTIME.
type Clock interface {
	Now() time.Duration // since the machine was switched on

	// After closes a channel at the end of a time. stop gives up waiting.
	After(d time.Duration) (c <-chan struct{}, stop func())
}

// Online finds out how far the network reaches.
type Online func(ctx context.Context, u Uplink) (Connectivity, string, error)

// An Uplink is what the way out is, so far as it is known without asking: a change
// of it is when Online is asked anew.
type Uplink struct {
	Link   Link // the primary one; Index 0: there is none
	Routes []kernel.Route
}

// A Connectivity says how far the network reaches.
type Connectivity string

// The connectivities.
const (
	ConnectivityUnknown Connectivity = "unknown"
	ConnectivityNone    Connectivity = "none"    // no way out of the machine
	ConnectivityPortal  Connectivity = "portal"  // a page of the network's own has to be seen first
	ConnectivityLimited Connectivity = "limited" // there is a way, and nobody was reached by it
	ConnectivityFull    Connectivity = "full"
)

// What says what may have changed; more than one of them at once.
type What uint

// What may have changed.
const (
	LinksChanged        What = 1 << iota // Links, Routes, Primary, Engines
	ProfilesChanged                      // Profiles
	JobsChanged                          // Jobs, or one of them
	TransactionsChanged                  // Transactions, or one of them
	OnlineChanged                        // Connectivity
)

// An Owner is who asks for something.
type Owner struct {
	Name string          // unique name on the bus
	UID  uint32          // 0 may do what each owner may
	Here context.Context // done when they leave the bus; nil: they never do
}
