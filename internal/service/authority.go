package service

import (
	"bufio"
	"bytes"
	"context"
	"io/fs"
	"strconv"
	"strings"

	"attune/internal/actions"
	"attune/internal/bus"
	"attune/internal/settings"
)

// A Policy is what a machine says of who may do what.
type Policy struct {
	Settings settings.Authority

	// Seats says that somebody tells which sessions there are and who is in front
	// of a screen, so that polkit can.
	Seats  bool
	Groups []uint32 // those of Settings, as numbers
}

// seats is where logind, and elogind, keep who is in front of which screen.
const seats = "run/systemd/seats"

// PolicyOf reads what a machine says.
func PolicyOf(root fs.FS, a settings.Authority) Policy {
	p := Policy{Settings: a}
	if info, err := fs.Stat(root, seats); err == nil {
		p.Seats = info.IsDir()
	}
	if len(a.Groups) > 0 {
		file, _ := fs.ReadFile(root, "etc/group") // without it, numbers are all there is
		for _, g := range a.Groups {
			p.Groups = append(p.Groups, groupID(file, g.Name)...)
		}
	}
	return p
}

// groupID is a group's number, by group(5).
func groupID(file []byte, name string) []uint32 {
	for lines := bufio.NewScanner(bytes.NewReader(file)); lines.Scan(); {
		parts := strings.Split(lines.Text(), ":")
		if len(parts) < 3 || parts[0] != name {
			continue
		}
		if n, err := strconv.ParseUint(parts[2], 10, 32); err == nil {
			return []uint32{uint32(n)}
		}
	}
	if n, err := strconv.ParseUint(name, 10, 32); err == nil {
		return []uint32{uint32(n)}
	}
	return nil
}

// An authority says who may: what is locked only root, which does not come here;
// else whom polkit allows it; and where nobody tells who is in front of a screen,
// the members of some groups as if they were.
type authority struct {
	policy func() Policy
	polkit bus.Authority
}

// Check is what bus.Authority asks.
func (a *authority) Check(ctx context.Context, who bus.Subject, action string, details map[string]string, interactive bool) error {
	if settled, err := a.decide(ctx, who, action); settled {
		return err
	}
	return a.polkit.Check(ctx, who, action, details, interactive)
}

// decide says what needs no polkit.
func (a *authority) decide(ctx context.Context, who bus.Subject, id string) (settled bool, err error) {
	action, ok := actions.Find(id)
	if !ok || action.Any == actions.No && action.Inactive == actions.No && action.Active == actions.No {
		return true, bus.Errorf(bus.ErrNotAuthorized, "%s is allowed to nobody", id)
	}
	p := a.policy()
	if source, locked := p.Settings.Locks(id); locked {
		return true, bus.Errorf(bus.ErrNotAuthorized, "%s is for root alone on this machine, by the setting authority.lock in %s", id, source)
	}
	if p.Seats || action.Active != actions.Yes {
		return false, nil
	}
	members := bus.Groups{id: p.Groups}
	return members.Check(ctx, who, id, nil, false) == nil, nil
}
