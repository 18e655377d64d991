package load

import (
	"fmt"

	"attune/detect/kmod"
)

// guarded keeps a mistake of ours about one module, such as in unpacking a
// damaged file, from being the end of all.
func (s *Scheduler) guarded(step kmod.Step) (loading Loading, err error) {
	defer func() {
		if p := recover(); p != nil {
			loading = Loading{}
			err = &Error{Module: step.Module, Reason: BadFile, Text: "a mistake in attune", Err: fmt.Errorf("%v", p)}
		}
	}()
	return s.load(s.ctx, step)
}
