package alive

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// greeting asks for version 0.0 of the X protocol, little-endian, without
// authorization: byte order, unused, major, minor, two lengths, unused. "X Window
// System Protocol", 8, Connection Setup.
func greeting() []byte {
	b := make([]byte, 12)
	b[0] = 'l'
	binary.LittleEndian.PutUint16(b[2:], 0)
	return b
}

// askX: any of the protocol's answers (0 failed, 1 success, 2 authenticate)
// shows a server that works through its requests.
func askX(ctx context.Context, root, file string, clients int) (Server, bool) {
	s := Server{Name: filepath.Base(file)}
	if clients == 0 {
		s.PID, s.Quiet = lockedBy(root, s.Name), true
		return s, s.PID != 0 && owns(root, file, s.PID) && shows(root, s.PID) && atSeat(root, s.PID)
	}
	conn, err := dial(ctx, file)
	if err != nil {
		return Server{}, false
	}
	defer conn.Close()
	if s.PID = peer(conn); !shows(root, s.PID) || !atSeat(root, s.PID) {
		return Server{}, false
	}
	if _, err := conn.Write(greeting()); err != nil {
		return Server{}, false
	}
	var head [8]byte
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return Server{}, false
	}
	return s, head[0] <= 2
}

func dial(ctx context.Context, file string) (*net.UnixConn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", file)
	if err != nil {
		return nil, err
	}
	if end, ok := ctx.Deadline(); ok {
		err = conn.SetDeadline(end)
	} else {
		err = conn.SetDeadline(time.Now().Add(patience))
	}
	u, ok := conn.(*net.UnixConn)
	if err != nil || !ok {
		conn.Close()
		return nil, errors.Join(err, fmt.Errorf("%s is no socket", file))
	}
	return u, nil
}

// peer is who listens, 0 when the kernel does not tell.
func peer(conn *net.UnixConn) int {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0
	}
	pid := 0
	err = raw.Control(func(fd uintptr) {
		if cred, err := unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED); err == nil {
			pid = int(cred.Pid)
		}
	})
	if err != nil {
		return 0
	}
	return pid
}

// lockedBy is the process that has a display's lock and runs, 0 for none: the
// file is ten characters of a number and a newline. Xserver(1), FILES.
func lockedBy(root, name string) int {
	f, err := os.OpenFile(filepath.Join(root, "tmp", "."+name+"-lock"), os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOFOLLOW, 0)
	if err != nil {
		return 0
	}
	defer f.Close()
	var text [11]byte // anybody may have put anything there
	n, _ := f.Read(text[:])
	pid, err := strconv.Atoi(strings.TrimSpace(string(text[:n])))
	if err != nil || pid <= 0 {
		return 0
	}
	if _, err := os.Stat(filepath.Join(root, "proc", strconv.Itoa(pid))); err != nil {
		return 0
	}
	return pid
}

// unseen are X servers whose picture is on no display of this machine.
var unseen = []string{"Xvfb", "Xvnc", "Xtigervnc", "Xtightvnc", "Xephyr", "Xnest", "Xwayland", "Xpra", "x11vnc"}

// shows leaves those out. A process that cannot be looked at counts.
func shows(root string, pid int) bool {
	name, err := os.ReadFile(filepath.Join(root, "proc", fmt.Sprint(pid), "comm"))
	if pid == 0 || err != nil {
		return true
	}
	if slices.Contains(unseen, strings.TrimSpace(string(name))) {
		return false
	}
	args, err := os.ReadFile(filepath.Join(root, "proc", fmt.Sprint(pid), "cmdline"))
	return err != nil || !bytes.Contains(args, []byte("xrdp/")) // xrdp's is an Xorg with a configuration of its own
}
