package desktop

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"attune/detect"
	"attune/internal/scratch"
)

// stateDir is where EDIDs outlive a boot, below the machine's root. It may be
// absent.
const stateDir = "var/lib/attune"

// displaysDir holds CARD/CONNECTOR.edid.
const displaysDir = "displays"

// Bounds on what is believed of what lies there: an EDID has at most 256 blocks,
// a machine some dozens of connectors.
const (
	maxEDID       = 256 * 128
	maxRemembered = 64
)

// remembered reads the EDIDs of earlier boots, by Card.ID + "/" + Connector.Name.
// Directories and files count as themselves, not what a link leads to.
func remembered(root fs.FS) (map[string][]byte, []error) {
	var errs []error
	failed := func(err error) {
		errs = append(errs, fmt.Errorf("reading the displays seen at earlier boots: %w", err))
	}
	all, base := map[string][]byte{}, path.Join(stateDir, displaysDir)
	cards, err := few(root, base)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		failed(err)
	}
	for _, card := range cards {
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
			data, err := readEDID(root, path.Join(base, card, name))
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

func readEDID(root fs.FS, name string) ([]byte, error) {
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
var fileName = regexp.MustCompile(`^[A-Za-z0-9_:.+-]*[A-Za-z0-9_:+-][A-Za-z0-9_:.+-]*$`)

// Remember keeps the EDIDs of what is connected now, for a boot at which a
// display is asleep. state is the state directory. What is as it was is not
// written again.
func Remember(state *os.Root, g detect.Graphics) error {
	var errs []error
	for _, card := range g.Cards {
		for _, c := range card.Connectors {
			if c.Status != "connected" || len(c.EDID) == 0 || card.Firmware || !fileName.MatchString(card.ID) || !fileName.MatchString(c.Name) {
				continue
			}
			name := path.Join(displaysDir, card.ID, c.Name+".edid")
			if old, err := readEDID(state.FS(), name); err == nil && bytes.Equal(old, c.EDID) {
				continue
			}
			errs = append(errs, scratch.WriteFile(state, name, c.EDID))
		}
	}
	return errors.Join(errs...)
}
