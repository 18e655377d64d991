package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"attune/internal/service"
)

// systemBus is where the bus is that everybody on a machine shares. D-Bus
// Specification, "System message bus".
const systemBus = "unix:path=/run/dbus/system_bus_socket"

// daemon serves org.attune1 on the bus.
func daemon(in *invocation) (int, error) {
	address := in.flags.String("address", "", "`address` of the bus (default: $DBUS_SYSTEM_BUS_ADDRESS, else the system's)")
	idle := in.flags.Duration("idle", time.Minute, "end after that `time` without anybody who wants something; 0: never")
	m, err := in.start(in.openToPlan)
	if err != nil {
		return 0, err
	}
	defer m.Close()
	frugal()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	l := &looker{machine: m}
	err = service.Run(ctx, service.Options{
		Address: or(or(*address, os.Getenv("DBUS_SYSTEM_BUS_ADDRESS")), systemBus),
		Idle:    *idle,
		Env:     service.Env{Log: in.stderr},
		Policy:  l.policy,
		Areas:   l.areas(),
	})
	if err != nil {
		return 0, fmt.Errorf("serving %s: %w", service.Name, err)
	}
	return exitDone, nil
}

// frugal has the runtime hold less than it would for a program that is always
// busy: the service waits nearly all of its life. Two processors are enough for
// it; said so, the runtime does not look each minute how many there are. The
// soft limit is for what a flood of calls allocates.
func frugal() {
	runtime.GOMAXPROCS(min(2, runtime.NumCPU()))
	debug.SetGCPercent(50)
	debug.SetMemoryLimit(20 << 20)
}

// areas are the parts of the service, in the order in which they start: what may
// have to be undone at once comes before what takes a moment.
func (l *looker) areas() []service.Area {
	return []service.Area{l.area()}
}
