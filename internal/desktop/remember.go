package desktop

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"

	"attune/detect"
	"attune/internal/scratch"
)

// stateDir is where EDIDs outlive a boot, below the machine's root. It may be
// absent.
const stateDir = "var/lib/attune"

// displaysDir holds CARD/CONNECTOR.edid.
const displaysDir = "displays"

// A remembered EDID is at most what a display can have: 256 blocks.
const maxEDID = 256 * 128

// remembered reads the EDIDs of earlier boots, by Card.ID + "/" + Connector.Name.
func remembered(root fs.FS) (map[string][]byte, []error) {
	base := path.Join(stateDir, displaysDir)
	cards, err := fs.ReadDir(root, base)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, []error{fmt.Errorf("reading the displays seen at earlier boots: %w", err)}
	}
	all, errs := map[string][]byte{}, []error(nil)
	for _, card := range cards {
		files, err := fs.ReadDir(root, path.Join(base, card.Name()))
		if err != nil {
			errs = append(errs, fmt.Errorf("reading the displays seen at earlier boots: %w", err))
		}
		for _, f := range files {
			connector, ok := strings.CutSuffix(f.Name(), ".edid")
			if !ok {
				continue
			}
			data, err := fs.ReadFile(root, path.Join(base, card.Name(), f.Name()))
			switch {
			case err != nil:
				errs = append(errs, fmt.Errorf("reading the display seen earlier on %s: %w", connector, err))
			case len(data) <= maxEDID:
				all[card.Name()+"/"+connector] = data
			}
		}
	}
	return all, errs
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
			if old, err := state.ReadFile(name); err == nil && bytes.Equal(old, c.EDID) {
				continue
			}
			errs = append(errs, scratch.WriteFile(state, name, c.EDID))
		}
	}
	return errors.Join(errs...)
}
