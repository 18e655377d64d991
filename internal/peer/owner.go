package peer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/godbus/dbus/v5"
)

// BusName is the name of the bus itself, and of its one interface. D-Bus
// Specification, "Message Bus Messages".
const BusName = "org.freedesktop.DBus"

const busPath = "/org/freedesktop/DBus"

// busAnswer is how long the bus itself may take to answer.
const busAnswer = 5 * time.Second

// Bus is the bus that a connection is to.
func Bus(conn *dbus.Conn) Peer {
	return Peer{Conn: conn, Name: BusName, Path: busPath, Deadline: busAnswer}
}

// Has tells whether anybody has a name now. One that could be started has not
// got it yet.
func Has(ctx context.Context, conn *dbus.Conn, name string) (has bool, err error) {
	err = Bus(conn).Call(ctx, BusName, "NameHasOwner", []any{&has}, name)
	return has, err
}

// OwnerRule asks the bus to tell when a name gets another owner.
func OwnerRule(name string) string {
	return Match{Sender: BusName, Path: busPath, Interface: BusName, Member: "NameOwnerChanged"}.rule() + ",arg0='" + name + "'"
}

// OwnerChange is what such a signal says: the name and its owner, "" for none.
// Not ok is any other, and one that is not the bus's, for anybody can send us one
// that looks like it.
func OwnerChange(sig *dbus.Signal) (name, owner string, ok bool) {
	if sig.Sender != BusName || sig.Name != BusName+".NameOwnerChanged" || len(sig.Body) != 3 {
		return "", "", false
	}
	name, ok = sig.Body[0].(string)
	owner, has := sig.Body[2].(string)
	return name, owner, ok && has
}

// owner asks who has a name, and where among all that comes the answer came.
func owner(conn *dbus.Conn, name string) (owner string, at dbus.Sequence, err error) {
	at, err = Bus(conn).call(conn.Context(), BusName, "GetNameOwner", []any{&owner}, name)
	var none dbus.Error
	if errors.As(err, &none) && none.Name == "org.freedesktop.DBus.Error.NameHasNoOwner" {
		return "", at, nil
	}
	return owner, at, err
}

// Watch tells the unique name of who has a name, "" for nobody: now, before it
// returns, and whenever that changes, as Subscribe tells signals.
func Watch(conn *dbus.Conn, name string, f func(owner string)) (cancel func(), err error) {
	l, err := listen(conn, name)
	if err != nil {
		return nil, fmt.Errorf("watching the name %s: %w", name, err)
	}
	f(l.owner)
	go l.run(l.changes, func(sig *dbus.Signal) {
		_, owner, _ := OwnerChange(sig)
		f(owner)
	})
	return l.cancel, nil
}
