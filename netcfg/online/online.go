// Package online finds out how far the network reaches: by asking a page of the
// image's own choice what it says, by the link that leads out of the machine, and by
// asking the network itself (RFC 8908) where it tells whom to ask (RFC 8910).
//
// It remembers nothing: each answer is of the network as it is then. Without a page
// to ask it cannot tell that the network reaches the world, and does not pretend to:
// its answer is Unknown then, where NetworkManager says "full".
package online

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"attune/netcfg"
)

// Options are what a Checker asks, and whom.
type Options struct {
	// URL is the page. Not https: what stands between the machine and the world could
	// not answer in its place then, and that is what is looked for. "": none is asked.
	URL  string
	Body string // what the page says, but for white space around it; "": nothing, as one that answers 204

	Servers func() []netip.Addr // whom the machine asks for names where its link does not say; nil: nobody
	Roots   *x509.CertPool      // whose certificates are believed; nil: the system's
	Timeout time.Duration       // for all of it; 0: 10 s
}

// A Checker asks.
type Checker struct {
	o    Options
	bind func(fd, index int) error
}

// New makes one, unless there is something wrong with the page's address.
func New(o Options) (*Checker, error) {
	if o.URL != "" {
		u, err := url.Parse(o.URL)
		switch {
		case err != nil:
			return nil, fmt.Errorf("reading the address of the page that tells whether there is a way to the world: %w", err)
		case u.Scheme != "http" || u.Host == "" || u.User != nil:
			return nil, fmt.Errorf("%q cannot tell whether there is a way to the world: it has to be http://HOST/PAGE", o.URL)
		}
	}
	if len(o.Body) > maxBody {
		return nil, fmt.Errorf("what %q says is too long to be read each time", o.URL)
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	return &Checker{o: o, bind: bindToLink}, nil
}

// A Result is what was found.
type Result struct {
	netcfg.Connectivity
	Portal string // of ConnectivityPortal: the page that has to be seen first
	Why    string // for people
}

// Check is a netcfg.Online. It gives no error: who is not reached is an answer too.
func (c *Checker) Check(ctx context.Context, u netcfg.Uplink) (netcfg.Connectivity, string, error) {
	r := c.Look(ctx, u)
	return r.Connectivity, r.Portal, context.Cause(ctx)
}

// Look is Check, with the reason.
func (c *Checker) Look(ctx context.Context, u netcfg.Uplink) Result {
	switch {
	case u.Link.Index == 0:
		return Result{Connectivity: netcfg.ConnectivityNone, Why: "no route leads out of the machine"}
	case !u.Link.Carrier:
		return Result{Connectivity: netcfg.ConnectivityNone, Why: fmt.Sprintf("%s has no cable", u.Link.Name)}
	}
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	w := c.way(u.Link)
	said, asked := c.askNetwork(ctx, w, u.Link.Captive)
	if asked == nil && said.captive {
		return Result{netcfg.ConnectivityPortal, said.page, "the network says so itself"}
	}
	if c.o.URL == "" {
		return Result{Connectivity: netcfg.ConnectivityUnknown, Why: "no page is set up that would tell"}
	}
	r := c.askPage(ctx, w)
	if r.Connectivity == netcfg.ConnectivityPortal && r.Portal == c.o.URL {
		if asked == nil {
			u.Link.Captive = "" // that is for programs; else it may be a page, as it was before RFC 8910
		}
		r.Portal = firstPage(said.page, u.Link.Captive, c.o.URL)
	}
	return r
}

// firstPage is the first of some addresses that a browser may be sent to.
func firstPage(all ...string) string {
	i := slices.IndexFunc(all, mayBeShown)
	if i < 0 {
		return ""
	}
	return all[i]
}

// mayBeShown tells whether an address that the network gave is one for a browser: a
// page, and not one of this machine.
func mayBeShown(address string) bool {
	u, err := url.Parse(address)
	if err != nil || len(address) > 2048 || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return false
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		return !ip.Unmap().IsLoopback() && !ip.IsUnspecified()
	}
	return host != "" && host != "localhost" && !strings.HasSuffix(host, ".localhost")
}

// maxHeader and maxBody bound what a page may make us read.
const (
	maxHeader = 16 << 10
	maxBody   = 64 << 10
)

// askPage fetches the page, and looks who answered.
func (c *Checker) askPage(ctx context.Context, w *way) Result {
	limited := func(format string, args ...any) Result {
		return Result{Connectivity: netcfg.ConnectivityLimited, Why: fmt.Sprintf(format, args...)}
	}
	const space = 16 // around what it says
	answer, text, err := w.get(ctx, c.o.URL, "", len(c.o.Body)+space)
	if err != nil {
		return limited("asking %s: %v", c.o.URL, err)
	}
	portal := Result{netcfg.ConnectivityPortal, c.o.URL, fmt.Sprintf("somebody else answered for %s: %s", c.o.URL, answer.Status)}
	switch code := answer.StatusCode; {
	case code >= 300 && code < 400:
		if to, err := answer.Location(); err == nil && mayBeShown(to.String()) {
			portal.Portal = to.String()
		}
		return portal
	case code == http.StatusNetworkAuthenticationRequired: // RFC 6585 §6
		return portal
	case code < 200 || code >= 300:
		return limited("%s answered %s", c.o.URL, answer.Status)
	}
	if !bytes.Equal(bytes.TrimSpace(text), bytes.TrimSpace([]byte(c.o.Body))) {
		return portal
	}
	return Result{Connectivity: netcfg.ConnectivityFull, Why: fmt.Sprintf("%s says what it should", c.o.URL)}
}
