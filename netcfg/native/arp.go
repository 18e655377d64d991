package native

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"attune/netcfg/kernel"
)

// How often and how long it is asked who has an address. RFC 5227 §1.1 has 7 s for
// this, with a network of 1989 in mind; an answer on a cable takes a millisecond.
const (
	arpAsked = 3
	arpWait  = 150 * time.Millisecond
)

// whoHas asks the network of a link who has some IPv4 addresses: one of them and the
// hardware address of a machine that has it, or nobody. RFC 5227 §2.1.1; the message
// is RFC 826's.
func whoHas(ctx context.Context, l kernel.Link, addresses []netip.Prefix) (netip.Addr, net.HardwareAddr, error) {
	if len(l.MAC) != 6 {
		return netip.Addr{}, nil, nil
	}
	protocol := binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, unix.ETH_P_ARP))
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, int(protocol))
	if err != nil {
		return netip.Addr{}, nil, err
	}
	defer unix.Close(fd)
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: protocol, Ifindex: l.Index}); err != nil {
		return netip.Addr{}, nil, err
	}
	all := &unix.SockaddrLinklayer{Protocol: protocol, Ifindex: l.Index, Halen: 6, Addr: [8]byte{255, 255, 255, 255, 255, 255}}
	for range arpAsked {
		for _, a := range addresses {
			question := append([]byte{0, 1, 8, 0, 6, 4, 0, 1}, l.MAC...)
			question = append(append(question, make([]byte, 4+6)...), a.Addr().AsSlice()...)
			if err := unix.Sendto(fd, question, 0, all); err != nil {
				return netip.Addr{}, nil, err
			}
		}
		if a, other, err := answer(ctx, fd, l.MAC, addresses); other != nil || err != nil {
			return a, other, err
		}
	}
	return netip.Addr{}, nil, nil
}

// answer waits for one, for a while.
func answer(ctx context.Context, fd int, own net.HardwareAddr, addresses []netip.Prefix) (netip.Addr, net.HardwareAddr, error) {
	m := make([]byte, 64)
	for end := time.Now().Add(arpWait); time.Now().Before(end) && ctx.Err() == nil; {
		tv := unix.NsecToTimeval(int64(max(time.Until(end), time.Millisecond)))
		if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &tv); err != nil {
			return netip.Addr{}, nil, err
		}
		n, _, err := unix.Recvfrom(fd, m, 0)
		if err != nil && !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EINTR) {
			return netip.Addr{}, nil, err
		}
		for _, a := range addresses {
			if other := claims(m[:max(n, 0)], own, a.Addr()); other != nil {
				return a.Addr(), other, nil
			}
		}
	}
	return netip.Addr{}, nil, nil
}

// claims is who says in a message that an address is theirs, or is about to be. We
// ourselves do not count.
func claims(m []byte, own net.HardwareAddr, a netip.Addr) net.HardwareAddr {
	if len(m) < 28 || !bytes.Equal(m[:6], []byte{0, 1, 8, 0, 6, 4}) || bytes.Equal(m[8:14], own) {
		return nil
	}
	about := binary.BigEndian.Uint32(m[14:]) == 0 && bytes.Equal(m[24:28], a.AsSlice())
	if !about && !bytes.Equal(m[14:18], a.AsSlice()) {
		return nil
	}
	return net.HardwareAddr(m[8:14])
}
