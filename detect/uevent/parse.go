package uevent

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/pilebones/go-udev/netlink"
)

// An Event is one kernel message: Action, KObj (the device path below /sys,
// with its leading slash) and Env (ACTION, DEVPATH, SUBSYSTEM, SEQNUM,
// MODALIAS ...). Kernel: lib/kobject_uevent.c, kobject_uevent_env.
type Event = netlink.UEvent

// Parse reads one message of the kernel's multicast group:
// "ACTION@DEVPATH" NUL, then "KEY=VALUE" NUL for each variable.
//
// Values may hold "=" and any byte but NUL. A path may hold "@". An action
// newer than this program is kept, not refused.
func Parse(raw []byte) (Event, error) {
	head, rest, ok := bytes.Cut(raw, []byte{0})
	if !ok {
		return Event{}, fmt.Errorf("parsing a uevent of %d bytes: no NUL in it", len(raw))
	}
	action, path, ok := strings.Cut(string(head), "@")
	if !ok || action == "" || !strings.HasPrefix(path, "/") {
		return Event{}, fmt.Errorf("parsing a uevent: header %.80q is not ACTION@/PATH", head)
	}
	ev := Event{Action: netlink.KObjAction(action), KObj: path, Env: make(map[string]string, 12)}
	for len(rest) > 0 {
		var field []byte
		field, rest, _ = bytes.Cut(rest, []byte{0})
		if len(field) == 0 {
			continue
		}
		key, value, ok := strings.Cut(string(field), "=")
		if !ok || key == "" {
			return Event{}, fmt.Errorf("parsing the uevent of %.200q: variable %.80q is not KEY=VALUE", path, field)
		}
		ev.Env[key] = value
	}
	return ev, nil
}

// Seqnum is the kernel's running number of the event, 0 when it has none.
func Seqnum(ev Event) uint64 {
	n, err := strconv.ParseUint(ev.Env["SEQNUM"], 10, 64)
	if err != nil {
		return 0
	}
	return n
}
