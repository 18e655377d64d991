// Package actions is what callers of the service may be allowed to do: the polkit
// actions, with what each is for people and who may by default. It is a leaf, and
// allows nobody anything itself.
package actions

import (
	"slices"
	"strings"
)

// Prefix is what every action's name begins with.
const Prefix = "org.attune1."

// An Answer is who may do something, as polkit(8) has it under "Declaring
// Actions".
type Answer string

// The answers that are given. Keep is for some minutes; Self is the password of
// the user, Admin that of somebody who administers the machine.
const (
	No        Answer = "no"
	Yes       Answer = "yes"
	Admin     Answer = "auth_admin"
	AdminKeep Answer = "auth_admin_keep"
	SelfKeep  Answer = "auth_self_keep"
)

// An Action is one that a caller may be allowed.
type Action struct {
	ID                    string // "org.attune1.network.connect"
	Any, Inactive, Active Answer // for whoever has no session here, one that is not in front, one that is
	Description           string // for lists of actions
	Message               string // in the dialogue that asks for a password
}

// all are stricter than NetworkManager's for a session that is not in front: who
// has left the screen to somebody else does not turn their network off.
var all = []Action{
	{Prefix + "network.connect", Admin, No, Yes, "Connect and disconnect networks", "Authentication is required to connect or disconnect a network"},
	{Prefix + "network.configure", Admin, No, Yes, "Change how networks are connected until the machine is switched off", "Authentication is required to change the configuration of a network"},
	{Prefix + "network.scan", Admin, No, Yes, "Look for wireless networks", "Authentication is required to look for wireless networks"},
	{Prefix + "network.radio", Admin, No, Yes, "Turn wireless networks on and off", "Authentication is required to turn wireless networks on or off"},
	{Prefix + "network.persist", Admin, No, AdminKeep, "Keep network configuration for later boots", "Authentication is required to keep the configuration of a network for later boots"},
	{Prefix + "network.country", Admin, No, AdminKeep, "Say in which country wireless networks are used", "Authentication is required to say in which country wireless networks are used"},
	{Prefix + "network.hostname", Admin, No, AdminKeep, "Change the name of the machine", "Authentication is required to change the name of this machine"},
	{Prefix + "network.system", AdminKeep, AdminKeep, AdminKeep, "Change the network of the whole machine", "Authentication is required to change the network of the whole machine"},
	{Prefix + "network.read-secrets", Admin, No, SelfKeep, "Read passwords of networks", "Authentication is required to read the password of a network"},
	{Prefix + "network.protected", No, No, No, "Change the network that the machine's own system comes by", "The network that this machine's system comes by cannot be changed"},
}

// All are all there are.
func All() []Action { return all }

// Find is one by its name.
func Find(id string) (Action, bool) {
	i := slices.IndexFunc(all, func(a Action) bool { return a.ID == id })
	if i < 0 {
		return Action{}, false
	}
	return all[i], true
}

// Names are how settings name actions: without Prefix, and the areas, which are
// all of their actions: "network", "network.connect".
func Names() []string {
	var names []string
	for _, a := range all {
		name := strings.TrimPrefix(a.ID, Prefix)
		area, _, _ := strings.Cut(name, ".")
		if !slices.Contains(names, area) {
			names = append(names, area)
		}
		names = append(names, name)
	}
	return names
}

// Is says whether a name that a setting has is that of an action, or of its area.
func Is(name, id string) bool {
	id = strings.TrimPrefix(id, Prefix)
	return name == id || strings.HasPrefix(id, name+".")
}
