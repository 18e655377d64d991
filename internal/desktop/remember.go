package desktop

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"attune/detect"
	"attune/internal/scratch"
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

// identity is the kind of machine, as its firmware has it. Serial numbers are
// not in it: two of a kind have their connectors in the same places.
func identity(d detect.DMI) string {
	return strings.Join([]string{d.SysVendor, d.ProductName, d.ProductVersion, d.BoardVendor, d.BoardName}, "\n") + "\n"
}

// rememberedOn is remembered where it was seen on this kind of machine.
func rememberedOn(root fs.FS, base, machine string) (map[string][]byte, []error) {
	if _, err := fs.Lstat(root, base); errors.Is(err, fs.ErrNotExist) {
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

// remember keeps the EDIDs of what is connected now, for a boot at which a
// display is asleep: those of this boot, and of connectors whose display says
// nothing now. What was on a connector that is empty now is forgotten, but for a
// boot at which nothing shows itself at all. state is the state directory,
// machine the identity; what is as it was is not written again.
func remember(state *os.Root, g detect.Graphics, machine string) error {
	known, _ := rememberedOn(state.FS(), displaysDir, machine) // what cannot be read is written anew
	want := map[string][]byte{}
	shown := false
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
			case known[name] != nil:
				want[name+".edid"] = known[name]
			}
		}
	}
	if !shown || len(want) > maxRemembered {
		return nil
	}
	want[machineFile] = []byte(machine)
	dir, err := scratch.Sub(state, displaysDir)
	if err != nil {
		return err
	}
	defer dir.Close()
	_, _, err = scratch.Sync(dir, want, func(name string) bool { return path.Ext(name) == ".edid" })
	return err
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
