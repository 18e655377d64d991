package peer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// joinLimit is how long a bus may take to let us in: it may have to be started
// first. sd-bus waits as long (BUS_AUTH_TIMEOUT).
const joinLimit = 90 * time.Second

// Connect joins the bus at an address. The connection lasts until the context is
// done, so that is not one of a few seconds. Its signals are neither dropped nor
// overtaken by others.
func Connect(ctx context.Context, address string) (*dbus.Conn, error) {
	conn, err := Dial(ctx, address, nil)
	if err != nil {
		return nil, err
	}
	return conn, Join(conn)
}

// Dial is Connect up to where the bus knows of the connection, which Join has it
// know. What is to hear the first message can be set up between the two. refused
// is told of a message that was too long to be read.
func Dial(ctx context.Context, address string, refused func(sender string, serial uint32), opts ...dbus.ConnOption) (*dbus.Conn, error) {
	socket, err := open(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("joining the bus: %w", err)
	}
	// The default handler of godbus 5.2.4 has a goroutine for each signal that is
	// not taken at once, and they arrive in any order. This one keeps them.
	opts = append(opts, dbus.WithSignalHandler(dbus.NewSequentialSignalHandler()), dbus.WithContext(ctx))
	conn, err := dbus.NewConn(newStream(socket, refused), opts...)
	if err != nil {
		socket.Close()
		return nil, fmt.Errorf("joining the bus: %w", err)
	}
	return conn, nil
}

// Join makes a connection one that the bus knows. One that fails is closed.
func Join(conn *dbus.Conn) error {
	late := time.AfterFunc(joinLimit, func() { conn.Close() })
	err := conn.Auth(nil)
	if err == nil {
		err = conn.Hello()
	}
	if !late.Stop() {
		err = fmt.Errorf("%w in %v", ErrNoAnswer, joinLimit)
	}
	if err != nil {
		conn.Close()
		return fmt.Errorf("joining the bus: %w", err)
	}
	return nil
}

// open opens a bus's socket. No file descriptors are taken: godbus would leak those
// of every message that is not what it should be, and nobody needs to send any.
func open(ctx context.Context, address string) (net.Conn, error) {
	var errs []error
	for _, a := range strings.Split(address, ";") {
		path, err := socketOf(a)
		if err == nil {
			var c net.Conn
			if c, err = (&net.Dialer{}).DialContext(ctx, "unix", path); err == nil {
				return c, nil
			}
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// socketOf is the socket that an address of a bus stands for. D-Bus
// Specification, "Server Addresses".
func socketOf(address string) (string, error) {
	kind, rest, _ := strings.Cut(address, ":")
	if kind != "unix" {
		return "", fmt.Errorf("bus address %q: only sockets of this machine can be used", address)
	}
	for _, pair := range strings.Split(rest, ",") {
		key, value, _ := strings.Cut(pair, "=")
		value, err := url.PathUnescape(value)
		if err != nil {
			return "", fmt.Errorf("bus address %q: %w", address, err)
		}
		switch key {
		case "path":
			return value, nil
		case "abstract":
			return "@" + value, nil
		}
	}
	return "", fmt.Errorf("bus address %q names no socket", address)
}
