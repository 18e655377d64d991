package service

import (
	"context"
	"errors"
	"strings"

	"attune/detect/uevent"
)

// A Listener hears the kernel's events.
type Listener interface {
	Receive(context.Context) (uevent.Event, error)
}

// Uevents hears which devices come and go.
func Uevents(listen func() (Listener, error)) Source {
	return func() (func(context.Context, func(Concern)) error, error) {
		l, err := listen()
		return func(ctx context.Context, changed func(Concern)) error {
			for {
				switch ev, err := l.Receive(ctx); {
				case errors.Is(err, uevent.ErrOverflow):
					changed(Devices | Displays | Inputs)
				case err != nil:
					return err
				default:
					changed(concernOf(ev))
				}
			}
		}, err
	}
}

// concernOf is what an event is about. Interfaces of the network that no device
// is behind come and go with every container.
func concernOf(ev uevent.Event) Concern {
	switch ev.Env["SUBSYSTEM"] {
	case "drm":
		return Devices | Displays
	case "input":
		return Devices | Inputs
	case "net":
		if strings.HasPrefix(ev.KObj, "/devices/virtual/") {
			return 0
		}
		return Devices
	case "usb", "pci":
		return Devices
	}
	return 0
}
