package detect

import (
	"io/fs"
	"strings"
)

// CardsBelow reads the cards a hardware device has made, with their connectors:
// what a wait for a picture looks at, over and over. root is the machine's "/",
// device a Path, "devices" for all there are. No node is asked.
func CardsBelow(root fs.FS, device string) []Card {
	f, kin := newFinder(root, nil), kinOf(root, Inventory{})
	var cards []Card
	for _, name := range f.class("drm", "card") {
		if at := resolve(root, "class/drm/"+name); strings.HasPrefix(at, device+"/") {
			cards = append(cards, f.card(kin, at, DMI{}))
		}
	}
	return cards
}

// Probed says whether the kernel knows what is on a connector: a driver
// registers it first and asks it later. A connected display without a mode is
// still being asked.
func (c Connector) Probed() bool {
	return c.Status == "disconnected" || c.Status == "connected" && len(c.Modes) > 0
}

// ModuleRuns says whether a module's start is over, and with it the probes of
// the devices it found: a load ends after them, but for drivers which probe in
// the background. Code built into the kernel has long begun.
func ModuleRuns(root fs.FS, module string) bool {
	state, err := fs.ReadFile(root, "sys/module/"+module+"/initstate")
	if err != nil {
		_, err = fs.Stat(root, "sys/module/"+module)
		return err == nil
	}
	return strings.TrimSpace(string(state)) == "live"
}
