package nettest

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Announce has a router of s tell everybody at its end of a cable that a prefix of
// 64 bits is theirs to make addresses of, and that it leads everywhere, as soon as
// its end has a link-local address. RFC 4861 §4.2, §4.6.2.
func (s *Space) Announce(link string, prefix netip.Addr) {
	s.t.Helper()
	router := []byte{134, 0, 0, 0, 64, 0, 0x07, 0x08, 0, 0, 0, 0, 0, 0, 0, 0} // for 1800 s
	option := []byte{3, 4, 64, 0xc0, 0, 0, 0x0e, 0x10, 0, 0, 0x07, 0x08, 0, 0, 0, 0}
	message := append(append(router, option...), prefix.AsSlice()...)
	s.Do(func() {
		everybody := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) (err error) {
			c.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_HOPS, 255) })
			return err
		}}
		c, err := everybody.ListenPacket(s.t.Context(), "ip6:ipv6-icmp", "::")
		if err != nil {
			s.t.Errorf("announcing a router: %v", err)
			return
		}
		defer c.Close()
		for range 100 {
			_, err = c.WriteTo(message, &net.IPAddr{IP: net.ParseIP("ff02::1"), Zone: link})
			if !errors.Is(err, unix.EADDRNOTAVAIL) {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if err != nil {
			s.t.Errorf("announcing a router: %v", err)
		}
	})
}
