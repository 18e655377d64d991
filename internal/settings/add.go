package settings

import (
	"fmt"

	"attune/detect/kmod"
)

func (r *reader) warn(source, format string, args ...any) {
	if !r.quiet {
		r.warnings = append(r.warnings, Warning{source, fmt.Sprintf(format, args...)})
	}
}

// add checks a value and gives it to a part. One that is wrong stays with the
// part: who asks why it has no effect is told.
func (r *reader) add(p *part, e entry) {
	key, ok := find(e.key)
	if !ok {
		r.warn(e.source, "%s", unknown("setting", e.key, append(Names(), "output", "touch")))
		return
	}
	if err := key.set(&Settings{}, e); err != nil {
		why := wanted(err.Error(), key.Want)
		said := " = " + quoted(e.value)
		if e.secret {
			said = ""
		}
		r.warn(e.source, "%s%s: %s", e.key, said, why)
		e.wrong = "wrong: " + why
	} else if yes, err := boolean(e.value); err == nil && key.Want == trueOrFalse {
		e.value = yes // a bare word shows what it means
	}
	p.entries = append(p.entries, e)
}

// maxWarnings is how many wrong lines of one source are told. Who sees so many
// looks at it.
const maxWarnings = 50

// few keeps one source from filling a boot's record with its warnings, those
// from first on.
func (r *reader) few(source string, first int) {
	if more := len(r.warnings) - first - maxWarnings; more > 0 {
		r.warnings = r.warnings[:first+maxWarnings]
		r.warnings = append(r.warnings, Warning{source, fmt.Sprintf("and %d more", more)})
	}
}

func unknown(what, name string, known []string) string {
	if near := kmod.Nearest(name, known); near != "" {
		return fmt.Sprintf("there is no %s %q, is %s meant?", what, name, near)
	}
	return fmt.Sprintf("there is no %s %q", what, name)
}
