package failsafe

import (
	"io/fs"

	"attune/xconfig"
)

// StepOf reads which step a machine is to be planned for. The facts and
// preferences are those of everything as asked.
func StepOf(root fs.FS, f xconfig.Facts, p xconfig.Preferences) (xconfig.Fallback, error) {
	r, err := Load(root)
	r = r.Now(f, p, root)
	return r.State.Decide(r.Facts).Fallback(), err
}

// Now is the record with the facts as they are, for a boot as it is: what was
// left open by another boot counts as one without a word.
func (r Record) Now(f xconfig.Facts, p xconfig.Preferences, root fs.FS) Record {
	r.Facts = FactsOf(f, p, r.State.Good, ImageOf(root))
	boot := BootID(root)
	if r.Boot != boot {
		r.Boot, r.Applied, r.Asked = boot, "", nil
	}
	r.State = r.State.After(Event{Kind: Booted, Boot: boot}, r.Facts)
	return r
}
