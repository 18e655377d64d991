// Package drm asks a DRM device node what sysfs does not tell: the object ids
// and properties of its connectors.
//
// It asks what the kernel knows and leaves the device as it is: no mode is
// set, and no monitor is asked unless Probe is called. It has no deadline of
// its own; a driver that hangs holds its caller.
package drm

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"attune/detect"
	"attune/detect/ioctl"
)

// Connectors gives the connectors of a card in the kernel's order. node is
// "dri/card0".
//
// Opening a card that nobody has open makes the opener its master, which would
// keep a display server from setting modes; that is given up at once. When the
// last opener closes a card, the kernel puts its console back on the screen,
// which shows it anyway, and waits for the next picture to start, up to 17 ms:
// the caller need not wait with it.
func Connectors(node string) ([]detect.ConnectorFacts, error) {
	c, err := open(node)
	if err != nil {
		return nil, err
	}
	defer func() { go c.close() }()
	c.dropMaster()
	all, err := connectors(c)
	if errors.Is(err, unix.EOPNOTSUPP) {
		return nil, nil // it computes and shows nothing
	}
	return all, err
}

// ErrNotMaster is what Probe gives when somebody else drives the card.
var ErrNotMaster = errors.New("another program is the card's master")

// Probe has the kernel ask each connector of a card again for a monitor and
// its EDID, as a display server does when it starts. It takes 25 ms for each
// monitor (256 bytes over a bus of 100 kHz), up to half a second for a socket
// that has to time out, and some monitors flicker. It needs to be the card's
// master while it asks.
func Probe(node string) error {
	c, err := open(node)
	if err != nil {
		return err
	}
	defer c.close()
	if err := c.ioctl(setMaster, nil); err != nil {
		return fmt.Errorf("probing %s: %w", node, ErrNotMaster)
	}
	defer c.dropMaster()
	ids, err := connectorIDs(c)
	if err != nil {
		return fmt.Errorf("probing %s: %w", node, err)
	}
	for _, id := range ids {
		if _, err := getConnector(c, id, true); err != nil && !errors.Is(err, unix.ENOENT) {
			return fmt.Errorf("probing %s: %w", node, err)
		}
	}
	return nil
}

// open opens a card's node, which must be named as one.
func open(node string) (*card, error) {
	fd, err := ioctl.Open(node, "dri/card", "a DRM card")
	if err != nil {
		return nil, err
	}
	return &card{fd}, nil
}

func connectors(k kernel) (all []detect.ConnectorFacts, err error) {
	ids, err := connectorIDs(k)
	if err != nil {
		return nil, err
	}
	names := map[uint32]string{} // of properties
	for _, id := range ids {
		c, err := getConnector(k, id, false)
		if errors.Is(err, unix.ENOENT) {
			continue // a DisplayPort branch was unplugged
		}
		if err != nil {
			return all, err
		}
		fact := detect.ConnectorFacts{ID: id, Name: c.name()}
		for i, prop := range c.props {
			if _, known := names[prop]; !known {
				names[prop] = propertyName(k, prop)
			}
			learn(k, &fact, names[prop], c.values[i])
		}
		all = append(all, fact)
	}
	return all, nil
}

// orientations are the values of "panel orientation", DRM_MODE_PANEL_ORIENTATION_*.
var orientations = []string{"Normal", "Upside Down", "Left Side Up", "Right Side Up"}

const linkStatusBad = 1

func learn(k kernel, fact *detect.ConnectorFacts, name string, value uint64) {
	switch name {
	case "panel orientation":
		if value < uint64(len(orientations)) {
			fact.Orientation = orientations[value]
		}
	case "non-desktop":
		fact.NonDesktop = value != 0
	case "link-status":
		fact.LinkBad = value == linkStatusBad
	case "PATH":
		fact.MSTPath = blobText(k, value)
	case "TILE":
		fact.Tile = blobText(k, value)
	}
}
