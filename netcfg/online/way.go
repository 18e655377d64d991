package online

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"attune/netcfg"
)

// A way is how one link's world is asked: names and pages both go by that link, by no
// proxy, and never to where somebody else would like us to go.
type way struct {
	c       *Checker
	link    netcfg.Link
	servers []netip.Addr
}

func (c *Checker) way(l netcfg.Link) *way {
	w := &way{c: c, link: l}
	for _, s := range l.DNS {
		if a, err := netip.ParseAddr(s); err == nil {
			w.servers = append(w.servers, a)
		}
	}
	if len(w.servers) == 0 && c.o.Servers != nil {
		w.servers = c.o.Servers()
	}
	return w
}

// get fetches what is at an address, and as much of its text as is asked for. It does
// not go where it is sent, and keeps nothing. No more is read than a small page has.
func (w *way) get(ctx context.Context, address, kind string, most int) (*http.Response, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, nil, err
	}
	req.Close = true
	req.Header.Set("User-Agent", "attune")
	req.Header.Set("Cache-Control", "no-cache")
	if kind != "" {
		req.Header.Set("Accept", kind)
	}
	c, err := w.connect(ctx, req.URL)
	if err != nil {
		return nil, nil, err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	answer, text, err := exchange(c, req, most)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	return answer, text, err
}

// exchange asks, and reads the answer. An answer that is an order to go elsewhere, or
// an error, needs no text. RFC 9112.
func exchange(c net.Conn, req *http.Request, most int) (*http.Response, []byte, error) {
	if err := req.Write(c); err != nil {
		return nil, nil, err
	}
	answer, err := http.ReadResponse(bufio.NewReader(io.LimitReader(c, int64(maxHeader+most))), req)
	if err != nil || answer.StatusCode < 200 || answer.StatusCode >= 300 {
		return answer, nil, err
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, int64(most)))
	return answer, text, err
}

// connect opens a connection to the machine of an address.
func (w *way) connect(ctx context.Context, u *url.URL) (net.Conn, error) {
	port := cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	ips, err := w.addresses(ctx, u.Hostname())
	if err != nil {
		return nil, err
	}
	c, err := w.first(ctx, ips, port)
	if err != nil || u.Scheme != "https" {
		return c, err
	}
	safe := tls.Client(c, &tls.Config{ServerName: u.Hostname(), RootCAs: w.c.o.Roots})
	if err := safe.HandshakeContext(ctx); err != nil {
		c.Close()
		return nil, err
	}
	return safe, nil
}

// first connects to the first of some addresses that answers.
func (w *way) first(ctx context.Context, ips []netip.Addr, port string) (net.Conn, error) {
	var errs []error
	d := net.Dialer{Control: w.control}
	for i, ip := range ips {
		ctx, cancel := share(ctx, len(ips)-i)
		c, err := d.DialContext(ctx, "tcp", net.JoinHostPort(ip.String(), port))
		cancel()
		if err == nil {
			return c, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// share gives the first of n the time that is theirs of what is left.
func share(ctx context.Context, n int) (context.Context, context.CancelFunc) {
	end, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(end)/time.Duration(n))
}

// addresses are those of a host. Its name is asked for with the dot that says that it
// is whole: no domain is tried behind it, under which the network could have one for
// everything. Each server is asked until one answers.
func (w *way) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	err := errors.New("there is nobody to ask for names")
	for i, s := range w.servers {
		var ips []netip.Addr
		ctx, cancel := share(ctx, len(w.servers)-i+1) // as long for the rest
		ips, err = w.resolver(s).LookupNetIP(ctx, "ip", strings.TrimSuffix(host, ".")+".")
		cancel()
		var said *net.DNSError
		if err == nil || errors.As(err, &said) && said.IsNotFound {
			return ips, err
		}
	}
	return nil, err
}

// resolver asks one server, by the link; one on this machine is reached by none.
func (w *way) resolver(server netip.Addr) *net.Resolver {
	d := net.Dialer{Control: w.control}
	if server.IsLoopback() {
		d.Control = nil
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return d.DialContext(ctx, network, netip.AddrPortFrom(server, 53).String())
	}}
}

// control ties a socket to the link. Where that is not permitted, it is given the
// link's own address to come from, which is as good where networks do not overlap.
func (w *way) control(network, _ string, c syscall.RawConn) (err error) {
	ctlErr := c.Control(func(fd uintptr) {
		err = w.c.bind(int(fd), w.link.Index)
		if errors.Is(err, unix.EPERM) {
			err = unix.Bind(int(fd), source(w.link, strings.HasSuffix(network, "6")))
		}
	})
	return errors.Join(ctlErr, err)
}

// bindToLink ties a socket to a link, by its index: names change. socket(7),
// SO_BINDTODEVICE; everybody may since Linux 5.7.
func bindToLink(fd, index int) error {
	return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_BINDTOIFINDEX, index)
}

// source is an address of a link to come from; none: any.
func source(l netcfg.Link, six bool) unix.Sockaddr {
	for _, p := range l.Addresses {
		a := p.Addr()
		switch {
		case a.IsLinkLocalUnicast():
		case six && a.Is6():
			return &unix.SockaddrInet6{Addr: a.As16()}
		case !six && a.Is4():
			return &unix.SockaddrInet4{Addr: a.As4()}
		}
	}
	if six {
		return &unix.SockaddrInet6{}
	}
	return &unix.SockaddrInet4{}
}
