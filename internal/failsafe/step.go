package failsafe

import (
	"cmp"
	"io/fs"
	"slices"

	"attune/xconfig"
)

// StepOf reads which step a machine is to be planned for. The facts and
// preferences are those of everything as asked.
func StepOf(root fs.FS, f xconfig.Facts, p xconfig.Preferences) (xconfig.Fallback, error) {
	r, err := Load(root)
	r = r.Now(f, p, root)
	return r.State.Decide(r.Facts).Fallback(f.Image.DropIns), err
}

// Now is the record with the facts as they are, for a boot as it is: what was
// left open by another boot counts as one without a word.
func (r Record) Now(f xconfig.Facts, p xconfig.Preferences, root fs.FS) Record {
	image := ImageOf(root)
	if r.Taken {
		r.State = r.State.as(FactsOf(f, p, nil, nil, image))
	}
	r.Facts = FactsOf(f, p, r.State.Good, r.Broken, image)
	boot := BootID(root)
	if r.Boot != boot {
		r.Boot, r.Applied, r.Unit, r.Asked, r.Ended = boot, "", "", nil, false
	}
	r.State = r.State.After(Event{Kind: Booted, Boot: boot}, r.Facts)
	return r
}

// Placed is the record with a plan's files in place: those of the step it was made
// for, which need not be the one to stand on by now.
func (r Record) Placed(f xconfig.Facts, p xconfig.Preferences, root fs.FS) Record {
	r = r.Now(f, p, root)
	r.Applied = Step{Name: cmp.Or(p.Fallback.Step, Planned), Driver: p.Fallback.Driver}.Key()
	return r
}

// Stuck says that X failed and has not been started since; without anybody doing something
// there is no picture. Where there was one with this step, somebody may have ended it.
func (r Record) Stuck() bool {
	s := r.State
	d := s.Decide(r.Facts)
	return s.Open == nil && !d.Exhausted && (s.Deaths > 0 || len(s.Failed) > 0 && (s.Good == nil || s.Good.Step != d.Step.Key()))
}

// as is the state as if it had been of these facts.
func (s State) as(f Facts) State {
	if g := s.Good; g != nil {
		same := *g
		if g.Hardware == s.Hardware && g.Image == s.Image {
			same.Hardware, same.Image = f.Hardware, f.Image
		}
		if g.Settings == s.Settings {
			same.Settings = f.Settings
		}
		s.Good = &same
	}
	s.Hardware, s.Image, s.Settings = f.Hardware, f.Image, f.Settings
	return s
}

// Note keeps a file that is not ours and at which X stops: there is a step without
// it from then on.
func (r *Record) Note(b Broken) {
	if !slices.ContainsFunc(r.Broken, func(have Broken) bool { return have.File == b.File }) {
		r.Broken = append(r.Broken, b)
	}
	r.Facts = r.Facts.covering(r.Broken)
}
