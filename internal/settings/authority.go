package settings

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"

	"attune/detect/kmod"
	"attune/internal/actions"
)

// Authority is who may change things by the service.
type Authority struct {
	Groups []Named // whose members count as users in front of the screen, where nobody knows who is
	Lock   []Named // actions, and areas of them, that only root may
}

// Locks says whether an action is one that only root may, and who said so.
func (a Authority) Locks(id string) (source string, locked bool) {
	for _, n := range a.Lock {
		if actions.Is(n.Name, id) {
			return n.Source, true
		}
	}
	return "", false
}

// actionRE is the form of an action's name.
var actionRE = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*$`) })

// actionName takes the full name too, as polkit and its rules have it. One that
// this release does not know is no reason to lock nothing: see unknownLocks.
func actionName(s string) (string, error) {
	name := strings.TrimPrefix(s, actions.Prefix)
	if !actionRE().MatchString(name) {
		return "", errors.New("want names of actions such as network.connect")
	}
	return name, nil
}

// unknownLocks warns of those that lock nothing.
func (a Authority) unknownLocks() (all []error) {
	for _, n := range a.Lock {
		if slices.Contains(actions.Names(), n.Name) {
			continue
		}
		text := "authority.lock: there is no such action"
		if near := kmod.Nearest(n.Name, actions.Names()); near != "" {
			text += ", is " + near + " meant?"
		}
		all = append(all, Warning{n.Source, text})
	}
	return all
}

// groupRE is what groupadd(8) takes, and numbers.
var groupRE = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}\$?$`) })

func groupName(s string) (string, error) {
	if !groupRE().MatchString(s) {
		return "", errors.New("want the name of a group, or its number")
	}
	return s, nil
}
