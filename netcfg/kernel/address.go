package kernel

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// address is one as the kernel tells it. rtnetlink(7), RTM_GETADDR.
type address struct {
	link     int
	prefix   netip.Prefix
	flags    uint32 // IFA_F_*
	lifetime uint32 // seconds; forever is all ones
	proto    uint8  // IFA_PROTO, since Linux 5.18; 0: not told
}

// Linux' if_addr.h: IFA_PROTO and its values.
const (
	ifaProto         = 11
	protoLoopback    = 1
	protoRouter      = 2
	protoLinkLocal   = 3
	forever          = ^uint32(0)
	sizeOfAddrHeader = unix.SizeofIfAddrmsg
)

// addresses are those of all links. The library's own list is without IFA_PROTO,
// and is lost as a whole for one entry that it cannot read.
func (r *Reader) addresses() ([]address, error) {
	return Dump(func() ([]address, error) {
		req := nl.NewNetlinkRequest(unix.RTM_GETADDR, unix.NLM_F_DUMP)
		req.Sockets = r.sockets
		req.AddData(nl.NewIfAddrmsg(netlink.FAMILY_ALL))
		found, err := req.Execute(unix.NETLINK_ROUTE, unix.RTM_NEWADDR)
		var all []address
		for _, m := range found {
			if a, ok := parseAddress(m); ok {
				all = append(all, a)
			}
		}
		return all, err
	})
}

// parseAddress reads one RTM_NEWADDR.
func parseAddress(m []byte) (a address, ok bool) {
	if len(m) < sizeOfAddrHeader {
		return a, false
	}
	bits := int(m[1])
	a.flags = uint32(m[2])
	a.link = int(binary.NativeEndian.Uint32(m[4:8]))
	a.lifetime = forever
	attrs, err := nl.ParseRouteAttr(m[sizeOfAddrHeader:])
	if err != nil {
		return a, false
	}
	var local, other netip.Addr // of a pair of hosts IFA_ADDRESS is the other one's
	for _, attr := range attrs {
		switch v := attr.Value; {
		case attr.Attr.Type == unix.IFA_LOCAL:
			local, _ = netip.AddrFromSlice(v)
		case attr.Attr.Type == unix.IFA_ADDRESS:
			other, _ = netip.AddrFromSlice(v)
		case attr.Attr.Type == unix.IFA_FLAGS && len(v) >= 4:
			a.flags = binary.NativeEndian.Uint32(v)
		case attr.Attr.Type == unix.IFA_CACHEINFO && len(v) >= 8:
			a.lifetime = binary.NativeEndian.Uint32(v[4:])
		case attr.Attr.Type == ifaProto && len(v) >= 1:
			a.proto = v[0]
		}
	}
	switch {
	case !local.IsValid():
		local = other
	case local != other:
		bits = local.BitLen()
	}
	a.prefix = netip.PrefixFrom(local, bits)
	return a, a.prefix.IsValid()
}

// detail is what is told of it.
func (a address) detail() Detail {
	return Detail{Origin: a.origin(), Tentative: a.flags&unix.IFA_F_TENTATIVE != 0, Conflict: a.flags&unix.IFA_F_DADFAILED != 0}
}

func (a address) origin() string {
	ip := a.prefix.Addr()
	temporary := a.lifetime != forever
	switch {
	case a.proto == protoLoopback, ip.IsLoopback():
		return OriginKernel
	case a.proto == protoLinkLocal, ip.IsLinkLocalUnicast():
		return OriginLinkLocal
	case a.proto == protoRouter:
		return OriginRA
	case temporary && a.prefix.IsSingleIP() && ip.Is6(), temporary && ip.Is4():
		return OriginDHCP
	case temporary:
		return OriginRA
	}
	return OriginStatic
}

// readAddresses gives each link its own.
func (r *Reader) readAddresses(links []Link) error {
	found, err := r.addresses()
	if err != nil {
		return fmt.Errorf("reading the addresses of network interfaces: %w", err)
	}
	at := make(map[int]*Link, len(links))
	for i := range links {
		at[links[i].Index] = &links[i]
	}
	for _, a := range found {
		if l := at[a.link]; l != nil {
			l.Addresses = append(l.Addresses, a.prefix)
			l.Details = append(l.Details, a.detail())
		}
	}
	return nil
}
