package netcfg

import (
	"context"
	"fmt"
	"time"

	"attune/netcfg/kernel"
)

// A Verb is what a job does.
type Verb string

// The verbs.
const (
	VerbConnect    Verb = "connect"
	VerbConfigure  Verb = "configure"
	VerbDisconnect Verb = "disconnect"
	VerbForget     Verb = "forget"
)

// A JobState is how far a job is.
type JobState string

// The states of jobs. Err tells of a failed one why, Cancelled among that.
const (
	JobRunning JobState = "running"
	JobDone    JobState = "done"
	JobFailed  JobState = "failed"
)

// A Job is one change of one link.
type Job struct {
	ID      uint64
	Link    int    // index
	Name    string // the link's
	Verb    Verb
	Profile string // ID; of connect and configure
	Owner   Owner

	m      *Manager
	cancel context.CancelCauseFunc
	over   chan struct{}

	state  JobState // these under m.mu
	stage  Stage
	err    error
	engine *running // that works on it
}

// State is how far it is.
func (j *Job) State() JobState {
	j.m.mu.Lock()
	defer j.m.mu.Unlock()
	return j.state
}

// Stage is what is waited for.
func (j *Job) Stage() Stage {
	j.m.mu.Lock()
	defer j.m.mu.Unlock()
	return j.stage
}

// Err is why it failed; nil while it runs and when it is done.
func (j *Job) Err() error {
	j.m.mu.Lock()
	defer j.m.mu.Unlock()
	return j.err
}

// Done is closed when it is over.
func (j *Job) Done() <-chan struct{} { return j.over }

// Cancel has it end, with Cancelled; the link is then put back as it was. One that
// is over stays what it is.
func (j *Job) Cancel() { j.cancel(errCancelled) }

var errCancelled = Errorf(Cancelled, "somebody asked for it to end")

// A lane is what goes on with one link: at most one of it at a time.
type lane struct {
	job   *Job          // running
	call  chan struct{} // closed when what a job called comes back; of one that is over, too
	undo  *undo         // of a rollback, under way
	trans *Transaction  // open, or rolling back
}

// working: the link is being changed. A lane that is not there is not.
func (l *lane) working() bool { return l != nil && (l.job != nil || l.undo != nil || l.call != nil) }

// trying: it is being changed, or is in a transaction that is not over.
func (l *lane) trying() bool { return l.working() || l != nil && l.trans != nil }

// laneOf is the lane of a link. m.mu is held.
func (m *Manager) laneOf(index int) *lane {
	l := m.lanes[index]
	if l == nil {
		l = &lane{}
		m.lanes[index] = l
	}
	return l
}

// tidyLane forgets one in which nothing goes on. m.mu is held.
func (m *Manager) tidyLane(index int) {
	if l := m.lanes[index]; l != nil && !l.working() && l.trans == nil {
		delete(m.lanes, index)
	}
}

// A step is what a job is to do, and which profile is made to be in force by it.
type step struct {
	profile string
	do      func(context.Context, *change) error
}

// admit says no to whom and what can be told at once. plan then says what is to be
// done with the link.
func (m *Manager) admit(index int, o Owner, plan func(kernel.Link) (step, error)) (kernel.Link, step, error) {
	if err := m.awaitReady(context.Background()); err != nil {
		return kernel.Link{}, step{}, err
	}
	f, err := m.facts()
	if err != nil {
		return kernel.Link{}, step{}, err
	}
	link, ok := f.link(index)
	if !ok || link.Loopback {
		return link, step{}, noLink(index)
	}
	if err := f.refuse(link); err != nil {
		return link, step{}, err
	}
	if o.left() {
		return link, step{}, Errorf(Cancelled, "who asked for it is gone")
	}
	s, err := plan(link)
	return link, s, err
}

// left: nobody is there any more to hear of it.
func (o Owner) left() bool { return o.Here != nil && o.Here.Err() != nil }

// may: what one owner began another may go on with.
func (o Owner) may(first Owner) bool {
	return o.UID == 0 || o.UID == first.UID || o.Name != "" && o.Name == first.Name
}

// start begins a job, if nothing else goes on with the link.
func (m *Manager) start(index int, verb Verb, o Owner, plan func(kernel.Link) (step, error)) (*Job, error) {
	link, s, err := m.admit(index, o, plan)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	t, err := m.free(link, o)
	if err != nil {
		m.mu.Unlock()
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(m.base)
	j := &Job{
		ID: m.number(), Link: index, Name: link.Name, Verb: verb, Profile: s.profile, Owner: o,
		m: m, cancel: cancel, over: make(chan struct{}), state: JobRunning, stage: StagePrepare,
	}
	m.jobs[j.ID] = j
	lane := m.laneOf(index)
	lane.job = j
	lane.call = make(chan struct{})
	m.mu.Unlock()
	m.tell(JobsChanged)
	nudge(m.looks)
	go m.run(ctx, j, &change{m: m, j: j, link: link, trans: t}, s.do)
	return j, nil
}

// free says why nothing may begin with a link now, or in which open transaction it
// would be. m.mu is held.
func (m *Manager) free(link kernel.Link, o Owner) (*Transaction, error) {
	lane := m.laneOf(link.Index)
	defer m.tidyLane(link.Index)
	if m.finished {
		return nil, Errorf(Cancelled, "the service ends")
	}
	if t := lane.trans; t != nil && t.state != TransactionOpen { // or is not yet open
		return nil, Errorf(Busy, "%s is being put back as it was, or is about to be tried out", link.Name)
	} else if t != nil && !o.may(t.Owner) {
		return nil, Errorf(Busy, "%s is being tried out by somebody else", link.Name)
	}
	if lane.working() {
		return nil, Errorf(Busy, "%s is being changed already", link.Name)
	}
	if m.awaited(link) {
		return nil, Errorf(Busy, "%s is about to be put back as it was", link.Name)
	}
	n := 0
	for _, l := range m.lanes {
		if l.working() {
			n++
		}
	}
	if n >= maxRunning {
		return nil, Errorf(Busy, "%d links are being changed already", n)
	}
	return lane.trans, nil
}

// run does what a job is for, for as long as it may take. A job is over a short
// while after it was ended even where the engine does not come back; the link is
// not free before that has.
func (m *Manager) run(ctx context.Context, j *Job, c *change, do func(context.Context, *change) error) {
	ctx, stop := context.WithTimeoutCause(ctx, m.o.JobTime, Errorf(TimedOut, "%s was not ready after %s", j.Name, m.o.JobTime))
	defer stop()
	done := make(chan error, 1)
	go func() {
		err := m.safely(func() error { return do(ctx, c) })
		m.release(j.Link) // before it is over, so that who has waited for that finds the link free
		done <- coded(ctx, "changing "+j.Name, err)
	}()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		late := time.NewTimer(graceTime)
		defer late.Stop()
		select {
		case err = <-done:
		case <-late.C:
			err = coded(ctx, "changing "+j.Name, ctx.Err())
		}
	}
	m.ended(j, err)
}

// safely: what goes wrong in an engine ends one job and not the program.
func (m *Manager) safely(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			m.o.Log.Error("a change went wrong", "error", r)
			err = Errorf(EngineFailed, "%v", r)
		}
	}()
	return do()
}

// release: what a job called has come back, so that the link is free. What was
// undone meanwhile is undone again, as nobody knows which of the two was last.
func (m *Manager) release(index int) {
	m.mu.Lock()
	lane := m.laneOf(index)
	close(lane.call)
	lane.call = nil
	m.tidyLane(index)
	m.mu.Unlock()
	m.beat.beat()
	nudge(m.looks)
}

// ended has everybody know how a job has ended.
func (m *Manager) ended(j *Job, err error) {
	m.mu.Lock()
	j.state, j.err, j.engine = JobDone, err, nil
	if err != nil {
		j.state = JobFailed
	} else {
		j.stage = StageDone
	}
	if lane := m.lanes[j.Link]; lane != nil && lane.job == j {
		lane.job = nil
		m.tidyLane(j.Link)
	}
	m.mu.Unlock()
	j.cancel(nil)
	close(j.over)
	time.AfterFunc(keepTime, func() {
		m.mu.Lock()
		delete(m.jobs, j.ID)
		m.mu.Unlock()
		m.tell(JobsChanged)
	})
	m.o.Log.Info("job", "verb", j.Verb, "link", j.Name, "uid", j.Owner.UID, "code", codeOf(err), "error", err)
	m.tell(JobsChanged)
	nudge(m.looks)
}

// A change is what a job works with.
type change struct {
	m     *Manager
	j     *Job
	link  kernel.Link
	trans *Transaction // that it is part of, nil: it is final
}

func (c *change) progress(s Stage) {
	c.m.mu.Lock()
	same := c.j.stage == s || c.j.state != JobRunning
	if !same {
		c.j.stage = s
	}
	c.m.mu.Unlock()
	if !same {
		c.m.tell(JobsChanged)
	}
}

// begin says which engine works on it, so that the job ends with the engine.
func (c *change) begin(r *running) {
	c.m.mu.Lock()
	c.j.engine = r
	c.m.mu.Unlock()
}

// act has an engine change the link: what it is to be is nil for what is not Up.
func (c *change) act(ctx context.Context, r *running, p *Profile, do func(context.Context, Guard) error) error {
	c.begin(r)
	before, err := within(ctx, func() ([]byte, error) { return r.Snapshot(ctx, c.link) })
	if err != nil {
		return coded(ctx, "asking "+r.Name()+" how "+c.link.Name+" is", err)
	}
	f, g, err := c.clear(ctx, r, p)
	if err != nil {
		return err
	}
	err = c.m.watchRoot(ctx, c.link, f, func(ctx context.Context) error { return do(ctx, g) })
	if err == nil {
		return nil
	}
	why := codeOf(coded(ctx, "", err))
	if why == Cancelled || why == Protected {
		c.back(r, before)
	}
	return coded(ctx, fmt.Sprintf("having %s change %s", r.Name(), c.link.Name), err)
}

// clear looks for the last time whether the link may be touched, and says what is
// not to be harmed. The engine knows then what it has to leave alone.
func (c *change) clear(ctx context.Context, r *running, p *Profile) (f facts, g Guard, err error) {
	for range 3 { // what is to be left alone changes while it is told, at most so often
		if f, err = c.m.facts(); err != nil {
			return f, g, err
		}
		now, ok := f.link(c.link.Index)
		if !ok {
			return f, g, Errorf(NotFound, "%s is gone", c.link.Name)
		}
		if err := f.refuse(now); err != nil {
			return f, g, err
		}
		c.link = now
		if c.m.knows(r, f) {
			break
		}
		if err := c.m.protect(ctx, r, f); err != nil {
			return f, g, err
		}
	}
	if g, err = f.guard(); err == nil && p != nil {
		err = f.stray(*p, g)
	}
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return f, g, err
}

// back puts the link back as it was before a change that was ended.
func (c *change) back(r *running, before []byte) {
	ctx, stop := context.WithTimeout(c.m.base, engineTime)
	defer stop()
	if err := r.Restore(ctx, c.link, before); err != nil {
		c.m.o.Log.Error("putting a link back as it was", "link", c.link.Name, "engine", r.Name(), "error", err)
	}
}
