package alive

import (
	"context"
	"encoding/binary"
	"io"
	"path/filepath"
	"strings"
)

// sync1 asks a compositor to call back, the least that can be asked: object 1
// (wl_display), opcode 0 (sync) of 12 bytes, the new object 2. In the machine's
// byte order. wayland.xml, wl_display.
func sync1() []byte {
	var b []byte
	for _, word := range []uint32{1, 12 << 16, 2} {
		b = binary.NativeEndian.AppendUint32(b, word)
	}
	return b
}

func askWayland(ctx context.Context, root, file string) (Server, bool) {
	if strings.HasSuffix(file, ".lock") {
		return Server{}, false
	}
	conn, err := dial(ctx, file)
	if err != nil {
		return Server{}, false
	}
	defer conn.Close()
	if _, err := conn.Write(sync1()); err != nil {
		return Server{}, false
	}
	var head [8]byte
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return Server{}, false
	}
	user := filepath.Base(filepath.Dir(file))
	pid := peer(conn)
	return Server{Name: filepath.Base(file) + " of " + user, PID: pid}, atSeat(root, pid)
}
