package desktop

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"attune/detect"
	"attune/internal/finding"
	"attune/internal/fingerprint"
	"attune/internal/state"
)

// stateDir is where EDIDs outlive a boot, below the machine's root. It may be
// absent.
const stateDir = "var/lib/attune"

// seenDir is the place of displaysDir below the machine's root.
const seenDir = stateDir + "/" + displaysDir

// displaysDir holds CARD/CONNECTOR.edid, and machineFile, which says what kind
// of machine they were seen on: on another one a stick or disk knows nothing.
const (
	displaysDir = "displays"
	machineFile = "machine"
)

// Bounds on what is believed of what lies there: an EDID has at most 256 blocks,
// a machine some dozens of connectors.
const (
	maxEDID       = 256 * 128
	maxRemembered = 64
)

// identity is the kind of machine; "" where nothing tells it from others.
// Two of a kind have their connectors in the same places.
func identity(inv detect.Inventory) string { return fingerprint.Machine(inv) }

// rememberedHere is rememberedOn where a state directory that does not answer
// keeps nobody waiting.
func rememberedHere(root fs.FS, inv detect.Inventory) (map[string][]byte, []error) {
	type seen struct {
		edids map[string][]byte
		errs  []error
	}
	s, err := state.Within(2*patience, func() (s seen, err error) {
		s.edids, s.errs = rememberedOn(root, seenDir, identity(inv))
		return s, nil
	})
	if late := func(err error) bool { return errors.Is(err, state.ErrLate) }; late(err) || slices.ContainsFunc(s.errs, late) {
		return nil, []error{finding.New("state.hanging", state.Dir, state.ErrLate.Error())}
	}
	return s.edids, s.errs
}

// patience is how long the state directory may take to be read.
const patience = 2 * time.Second

// rememberedOn is remembered where it was seen on this kind of machine.
func rememberedOn(root fs.FS, base, machine string) (map[string][]byte, []error) {
	if _, err := fs.Lstat(root, base); errors.Is(err, fs.ErrNotExist) || machine == "" {
		return nil, nil
	}
	seen, err := readSmall(root, path.Join(base, machineFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, []error{fmt.Errorf("reading the displays seen at earlier boots: %w", err)}
	}
	if string(seen) != machine {
		return nil, nil
	}
	return remembered(root, base)
}

// remembered reads the EDIDs of earlier boots below base, by Card.ID + "/" +
// Connector.Name.
// Directories and files count as themselves, not what a link leads to.
func remembered(root fs.FS, base string) (map[string][]byte, []error) {
	var errs []error
	failed := func(err error) {
		errs = append(errs, fmt.Errorf("reading the displays seen at earlier boots: %w", err))
	}
	all := map[string][]byte{}
	cards, err := few(root, base)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		failed(err)
	}
	for _, card := range cards {
		if card == machineFile {
			continue
		}
		files, err := few(root, path.Join(base, card))
		if err != nil {
			failed(err)
		}
		for _, name := range files {
			connector, ok := strings.CutSuffix(name, ".edid")
			if !ok {
				continue
			}
			if len(all) == maxRemembered {
				failed(fmt.Errorf("more than %d: the rest is left out", maxRemembered))
				return all, errs
			}
			data, err := readSmall(root, path.Join(base, card, name))
			if err != nil {
				failed(err)
				continue
			}
			all[card+"/"+connector] = data
		}
	}
	return all, errs
}

// few lists a directory, sorted. Of a huge one it gives some names and an error.
func few(root fs.FS, name string) (names []string, err error) {
	info, err := fs.Lstat(root, name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() { // a FIFO would keep us for ever
		return nil, fmt.Errorf("%s is no directory", name)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	dir, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil, fmt.Errorf("%s is no directory", name)
	}
	const most = 4 * maxRemembered
	entries, err := dir.ReadDir(most + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	for _, e := range entries[:min(len(entries), most)] {
		names = append(names, e.Name())
	}
	slices.Sort(names)
	if len(entries) > most {
		return names, fmt.Errorf("%s has more than %d names: the rest is left out", name, most)
	}
	return names, nil
}

// readSmall reads a file that is no longer than an EDID.
func readSmall(root fs.FS, name string) ([]byte, error) {
	info, err := fs.Lstat(root, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no file", name)
	case info.Size() > maxEDID:
		return nil, fmt.Errorf("%s is longer than any EDID", name)
	}
	return fs.ReadFile(root, name)
}

// What a file name may be made of: IDs and connectors never look otherwise.
var fileName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9_:.+-]*[A-Za-z0-9_:+-][A-Za-z0-9_:.+-]*$`)
})
