package vm

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// A Viewer is a VNC client (RFC 6143) which can do one thing: tell a virtual
// screen its size. For QEMU's virtio card, that plugs the screen in.
type Viewer struct{ conn net.Conn }

// View connects to the VNC server on the socket. The screen stays plugged in
// after Close.
func View(socket string) (*Viewer, error) {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return nil, err
	}
	v := &Viewer{conn}
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	if err := v.greet(); err != nil {
		conn.Close()
		return nil, fmt.Errorf("greeting a VNC server: %w", err)
	}
	return v, nil
}

// Close leaves.
func (v *Viewer) Close() error { return v.conn.Close() }

// greet agrees on version 3.8 without authentication, as the only viewer or
// not, and reads past the screen's description.
func (v *Viewer) greet() error {
	if err := v.skip(12); err != nil { // the server's version
		return err
	}
	if _, err := v.conn.Write([]byte("RFB 003.008\n")); err != nil {
		return err
	}
	var n [1]byte
	if _, err := io.ReadFull(v.conn, n[:]); err != nil {
		return err
	}
	if err := v.skip(int64(n[0])); err != nil { // kinds of security
		return err
	}
	if _, err := v.conn.Write([]byte{1}); err != nil { // none
		return err
	}
	var verdict uint32
	if err := binary.Read(v.conn, binary.BigEndian, &verdict); err != nil || verdict != 0 {
		return fmt.Errorf("refused with %d: %w", verdict, err)
	}
	if _, err := v.conn.Write([]byte{1}); err != nil { // shared
		return err
	}
	var screen struct {
		W, H   uint16
		Format [16]byte
		Name   uint32 // its length
	}
	if err := binary.Read(v.conn, binary.BigEndian, &screen); err != nil {
		return err
	}
	return v.skip(int64(screen.Name))
}

func (v *Viewer) skip(n int64) error {
	_, err := io.CopyN(io.Discard, v.conn, n)
	return err
}

// The messages and encodings of RFC 6143 §7.5, and of the extended desktop
// size, community RFB specification §7.4.12 and §7.7.4.
const (
	setEncodings        = 2
	updateRequest       = 3
	setDesktopSize      = 251
	encRaw              = 0
	encDesktopSize      = -223
	encExtendedDesktops = -308
)

// Resize asks for a screen of that size and waits until the server has
// answered with one.
func (v *Viewer) Resize(w, h uint16) error {
	for _, msg := range []any{
		struct {
			Type, _ uint8
			N       uint16
			Enc     [3]int32
		}{Type: setEncodings, N: 3, Enc: [3]int32{encRaw, encDesktopSize, encExtendedDesktops}},
		struct {
			Type, Incremental uint8
			X, Y, W, H        uint16
		}{Type: updateRequest},
		struct {
			Type, _    uint8
			W, H       uint16
			N, _       uint8
			ID         uint32
			X, Y       uint16
			SW, SH     uint16
			ScreenFlag uint32
		}{Type: setDesktopSize, W: w, H: h, N: 1, SW: w, SH: h},
	} {
		if err := binary.Write(v.conn, binary.BigEndian, msg); err != nil {
			return fmt.Errorf("asking for a screen of %dx%d: %w", w, h, err)
		}
	}
	return v.heard()
}

// heard reads one byte of an answer: the server has taken what was sent
// before it.
func (v *Viewer) heard() error {
	if err := v.skip(1); err != nil {
		return fmt.Errorf("hearing from a VNC server: %w", err)
	}
	return nil
}
