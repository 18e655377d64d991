// Package service is what attune offers on the message bus as org.attune1: the
// name, the life of the process, and the objects that tell of the machine and of
// its settings. Other parts of the service, the network first, add theirs as
// Areas.
//
// It does not look at the machine itself, and changes nothing of it.
package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"attune/internal/bus"
	"attune/internal/peer"
)

// Where the service is on the bus.
const (
	Name = "org.attune1"
	Root = "/org/attune1"
)

// Options are what a service is made of.
type Options struct {
	Address string        // of the bus
	Idle    time.Duration // it ends when nobody has wanted anything for so long; 0: never
	Policy  func() Policy // as it is now, asked for each call that needs a permission; nil: nothing is said
	Areas   []Area
	Env     Env
}

// Env is what the parts of the service have besides the bus.
type Env struct {
	Log io.Writer // one line for each thing that went wrong
}

// An Area is a part of the service that puts objects on the bus.
//
// Start is called when the server is on the bus and does not have its name yet:
// whoever calls the service then waits until every area has put its objects
// there. So Start does what takes no time and returns; the rest it does in
// goroutines of its own, which end with the context. What it gives back, if
// anything, is called when the service ends, after the context is done, and has
// a second to leave things as they should be.
//
// An area keeps the service from ending for idleness by the server's Hold. One
// that cannot start is told in the log, and missing: the others are there.
type Area struct {
	Name  string // for the log
	Start func(ctx context.Context, s *bus.Server, e Env) (stop func(), err error)
}

// Run serves until the context is done, or until the service is idle.
func Run(ctx context.Context, o Options) error {
	if o.Env.Log == nil {
		o.Env.Log = io.Discard
	}
	log := &lines{to: o.Env.Log}
	o.Env.Log = log
	who := &authority{policy: o.Policy}
	if who.policy == nil {
		who.policy = func() Policy { return Policy{} }
	}
	s := bus.NewServer(bus.Options{Root: Root, Authority: who, Log: log})
	// The connection outlives the context: areas that end say so on the bus.
	link, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	if err := s.Connect(link, o.Address); err != nil {
		return err
	}
	who.polkit = &bus.Polkit{Conn: s.Conn()} // before there is an object to be asked about
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := o.start(ctx, s)
	defer func() { cancel(nil); stop() }()
	for {
		if err := s.Own(Name); err != nil {
			return err
		}
		again, err := o.serve(ctx, s)
		if !again {
			return err
		}
	}
}

// start starts the areas and gives what ends those that did.
func (o Options) start(ctx context.Context, s *bus.Server) (stop func()) {
	var stops []func()
	for _, a := range o.Areas {
		end, err := a.Start(ctx, s, o.Env)
		if err != nil {
			fmt.Fprintf(o.Env.Log, "%s is missing from the service: %v\n", a.Name, err)
		}
		if end != nil {
			stops = append(stops, end)
		}
	}
	return func() {
		var all sync.WaitGroup
		for _, end := range slices.Backward(stops) {
			all.Go(end)
		}
		ended := make(chan struct{})
		go func() { all.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-time.After(stopTime):
			fmt.Fprintf(o.Env.Log, "ending: not all of it is done after %v\n", stopTime)
		}
	}
}

// stopTime is how long what ends may take. systemd waits 5 s, as the unit has it.
const stopTime = 2 * time.Second

// errNoBus says that the bus has gone, and everybody with it.
var errNoBus = errors.New("the connection to the bus is lost")

// serve waits for the end. again says that somebody came while the service was
// ending for idleness.
func (o Options) serve(ctx context.Context, s *bus.Server) (again bool, err error) {
	var idle <-chan struct{}
	if o.Idle > 0 {
		over := make(chan struct{})
		defer close(over)
		idle = s.Idle(o.Idle, over)
	}
	select {
	case <-ctx.Done():
		return false, nil
	case <-s.Conn().Context().Done():
		return false, errNoBus
	case <-idle:
	}
	return o.leave(ctx, s)
}

// lastCall is how long is waited for calls that came in with the answer to the
// name's return: they have been read and may not have been counted yet.
const lastCall = 100 * time.Millisecond

// leave gives the name back, so that whoever calls from now on has the bus start
// the service anew, and waits for those who called just before.
func (o Options) leave(ctx context.Context, s *bus.Server) (again bool, err error) {
	var code uint32
	if err := peer.Bus(s.Conn()).Call(ctx, peer.BusName, "ReleaseName", []any{&code}, Name); err != nil {
		return false, fmt.Errorf("giving the name %s back: %w", Name, err)
	}
	select {
	case <-time.After(lastCall):
	case <-ctx.Done():
		return false, nil
	}
	over := make(chan struct{})
	defer close(over)
	select {
	case <-s.Idle(lastCall/2, over):
		return false, nil
	case <-time.After(lastCall):
		return true, nil // somebody came, and may want more
	case <-ctx.Done():
		return false, nil
	}
}

// lines writes one line at a time, from whichever part of the service.
type lines struct {
	mu sync.Mutex
	to io.Writer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(p)
}
