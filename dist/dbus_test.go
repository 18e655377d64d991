package dist_test

import (
	"context"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"attune/dist/dbus/interfaces"
	"attune/internal/actions"
	"attune/internal/bus"
	"attune/internal/bus/bustest"
	"attune/internal/peer"
	"attune/internal/service"
)

const nobody = 65534

// TestBusPolicy: on a system bus as Debian has it root alone is org.attune1, and
// everybody can call it.
func TestBusPolicy(t *testing.T) {
	address := bustest.StartSystem(t, "dbus/org.attune1.conf")
	without := bustest.StartSystem(t)
	own := func(conn *dbus.Conn) (got bool) {
		reply, err := conn.RequestName(service.Name, dbus.NameFlagDoNotQueue)
		return err == nil && reply == dbus.RequestNameReplyPrimaryOwner
	}
	if own(bustest.ConnectAs(t, address, nobody)) {
		t.Error("anybody may call himself attune")
	}
	if own(bustest.Connect(t, without)) {
		t.Error("root may call itself attune on a bus that does not know it: this test shows nothing")
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- service.Run(ctx, service.Options{Address: address}) }()
	t.Cleanup(func() { stop(); <-ended })
	user := bustest.ConnectAs(t, address, nobody)
	watch := bustest.Connect(t, address)
	if err := watch.AddMatchSignal(dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, service.Name)); err != nil {
		t.Fatal(err)
	}
	signals := make(chan *dbus.Signal, 10)
	watch.Signal(signals)
	if has, err := peer.Has(t.Context(), watch, service.Name); err != nil {
		t.Fatal(err)
	} else if !has {
		select {
		case <-signals:
		case err := <-ended:
			t.Fatalf("the service: %v", err)
		}
	}
	all := peer.Peer{Conn: user, Name: service.Name, Path: service.Root}
	if err := all.Call(t.Context(), "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", nil); err != nil {
		t.Errorf("a user calls: %v", err)
	}
}

// TestActivation: the bus starts what systemd knows under that name, or the
// program itself.
func TestActivation(t *testing.T) {
	root := installed(t)
	file := read(t, filepath.Join(root, "usr/share/dbus-1/system-services/org.attune1.service"))
	for _, want := range []string{"Name=" + service.Name, "User=root", "Exec=/usr/bin/attune daemon"} {
		if !strings.Contains("\n"+file, "\n"+want+"\n") {
			t.Errorf("no %s in\n%s", want, file)
		}
	}
	unit := regexp.MustCompile(`(?m)^SystemdService=(.*)$`).FindStringSubmatch(file)
	if unit == nil {
		t.Fatal("systemd does not start it")
	}
	have := "\n" + units(t, root)[unit[1]]
	for _, want := range []string{"Type=dbus", "BusName=" + service.Name, "ExecStart=/usr/bin/attune daemon", "Restart=on-failure"} {
		if !strings.Contains(have, "\n"+want+"\n") {
			t.Errorf("%s: no %s", unit[1], want)
		}
	}
	if strings.Contains(have, "\nCondition") {
		t.Errorf("%s has a condition: who calls would wait in vain", unit[1])
	}
}

// unasked are the actions that no member of an object needs, and why they are
// there.
var unasked = map[string]string{
	"network.connect":      "the objects of the network",
	"network.configure":    "the objects of the network",
	"network.persist":      "the objects of the network",
	"network.read-secrets": "the objects of the network",
	"network.system":       "the objects of the network",
	"network.scan":         "wireless networks",
	"network.radio":        "wireless networks",
	"network.country":      "wireless networks",
	"network.hostname":     "the machine's name",
	"network.protected":    "nobody may, and rules of polkit can be written about it",
}

// TestActionsOfInterfaces: what a member needs is an action that polkit knows,
// and there is no other.
func TestActionsOfInterfaces(t *testing.T) {
	used := map[string]bool{}
	for _, name := range interfaces.Names() {
		in, err := interfaces.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range in.Actions() {
			used[id] = true
			if _, ok := actions.Find(id); !ok && id != bus.Anyone {
				t.Errorf("%s needs %s, which is no action", name, id)
			}
		}
	}
	for _, a := range actions.All() {
		_, excused := unasked[strings.TrimPrefix(a.ID, actions.Prefix)]
		if used[a.ID] == excused {
			t.Errorf("%s: needed by a member: %v; in the table of those that are not: %v", a.ID, used[a.ID], excused)
		}
	}
}
