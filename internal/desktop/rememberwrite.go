package desktop

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"attune/detect"
	"attune/internal/finding"
	"attune/internal/records"
	"attune/internal/state"
	"attune/xconfig"
)

// remember does what a boot does with a state directory: what is damaged in it
// is put aside, what found no room there before is taken home, and EDIDs are
// kept. A machine without one is as it should be; what is wrong with one is told.
func (t Target) remember(f xconfig.Facts) error {
	if t.State == "" {
		return nil
	}
	s := state.Look(t.State, false, patience)
	if told, bad := s.Finding(); bad && told.Level != finding.Note {
		return told
	}
	errs := []error{t.tidy()}
	if s.Condition == state.Unknown {
		errs = append(errs, t.keep(f))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("remembering the displays and what was chosen: %w", err)
	}
	return nil
}

// tidy is for the records of the machine the state directory is of.
func (t Target) tidy() error {
	root, ok := strings.CutSuffix(filepath.Clean(t.State), state.Dir)
	if !ok {
		return nil
	}
	s := records.OpenStore(cmp.Or(root, "/"), "", false)
	defer s.Close()
	_, err := s.Tidy()
	_, serr := s.Settle()
	return errors.Join(err, serr)
}

func (t Target) keep(f xconfig.Facts) error {
	files, err := state.Open(t.State)
	if err != nil {
		return err
	}
	defer files.Close()
	return remember(files, f.Graphics, identity(f.Machine))
}

// remember keeps the EDIDs of what is connected now, for a boot at which a
// display is asleep: those of this boot, and of connectors whose display says
// nothing now. What was on a connector that is empty now is forgotten, but for a
// boot at which nothing shows itself at all. machine is the identity; what is as it
// was is not written again.
func remember(to *state.Files, g detect.Graphics, machine string) error {
	known, err := state.Within(patience, func() (map[string][]byte, error) {
		known, _ := rememberedOn(os.DirFS(to.Name()), displaysDir, machine) // what cannot be read is written anew
		return known, nil
	})
	if err != nil {
		return err
	}
	want, shown := map[string][]byte{}, false
	for _, card := range g.Cards {
		if card.Firmware || !fileName().MatchString(card.ID) {
			continue
		}
		for _, c := range card.Connectors {
			name := card.ID + "/" + c.Name
			switch {
			case !fileName().MatchString(c.Name) || analog(c.Type) || c.Status == "disconnected":
			case len(c.EDID) > 0 && len(c.EDID) <= maxEDID && c.Status == "connected":
				want[name+".edid"], shown = c.EDID, true
			case len(known[name]) > 0:
				want[name+".edid"] = known[name]
			}
		}
	}
	if !shown || len(want) > maxRemembered || machine == "" {
		return nil
	}
	return keep(to, want, machine)
}

// keep makes the directory hold these files. Of another machine nothing may
// pass for this one's if the power goes in between: its name goes first and ours
// comes last.
func keep(to *state.Files, want map[string][]byte, machine string) error {
	name := path.Join(displaysDir, machineFile)
	seen, err := to.Read(name)
	ours := err == nil && string(seen) == machine
	if !ours && err == nil {
		if err := to.Remove(name); err != nil {
			return err
		}
	}
	errs := []error{forget(to, want)}
	for _, file := range slices.Sorted(maps.Keys(want)) {
		file, data := path.Join(displaysDir, file), want[file]
		if have, err := to.Read(file); err == nil && bytes.Equal(have, data) {
			continue
		}
		errs = append(errs, to.Commit(file, data, 0o644))
	}
	if !ours {
		errs = append(errs, to.Commit(name, []byte(machine), 0o644))
	}
	return errors.Join(errs...)
}

// forget takes away what is remembered and no longer wanted.
func forget(to *state.Files, want map[string][]byte) error {
	cards, err := to.List(displaysDir)
	errs := []error{err}
	for _, card := range cards {
		names, err := to.List(path.Join(displaysDir, card))
		if err != nil {
			continue // no directory: not ours
		}
		for _, name := range names {
			if _, wanted := want[path.Join(card, name)]; wanted || path.Ext(name) != ".edid" {
				continue
			}
			if err := to.Remove(path.Join(displaysDir, card, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

// analog connectors hold the most different displays, some without a word of
// their own, and the wrong mode on one is a black picture.
func analog(kind string) bool {
	switch kind {
	case "VGA", "DVI-A", "DVI-I", "Composite", "SVIDEO", "TV", "Component", "9-pin-DIN":
		return true
	}
	return false
}
