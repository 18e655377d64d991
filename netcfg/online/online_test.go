package online

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"attune/internal/nettest"
	"attune/netcfg"
	"attune/netcfg/kernel"
)

func TestMain(m *testing.M) { nettest.Main(m) }

const (
	page = "http://check.example/status"
	body = "all is well\n"
)

// A world is another network, with a cable from our link to it, in which all names are
// those of the one machine that is there.
type world struct {
	*nettest.Space
	t     *testing.T
	link  netcfg.Link
	addr  string // of the machine there
	mu    sync.Mutex
	asked []string // names
}

// newWorld lays a cable called name; the n-th one's network is 10.9.n.0/24.
func newWorld(t *testing.T, name string, n int) *world {
	t.Helper()
	w := &world{Space: nettest.NewSpace(t), t: t, addr: fmt.Sprintf("10.9.%d.1", n)}
	w.Cable(name, "far")
	w.IP("addr add " + w.addr + "/24 dev far")
	w.IP("link set far up")
	w.IP("addr add 192.0.2.80/32 dev lo") // where the page is, for whoever comes to it
	nettest.IP(t, fmt.Sprintf("addr add 10.9.%d.2/24 dev %s", n, name))
	nettest.IP(t, "link set "+name+" up")
	nettest.IP(t, fmt.Sprintf("route add default via %s dev %s metric %d", w.addr, name, n))
	w.link = netcfg.Link{Link: link(t, name), Managed: netcfg.Managed{DNS: []string{w.addr}}}
	return w
}

func link(t *testing.T, name string) kernel.Link {
	t.Helper()
	r, err := kernel.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	links, err := r.Links()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		if l.Name == name {
			return l
		}
	}
	t.Fatalf("no link %s", name)
	return kernel.Link{}
}

// names answers for all names, as the machine with that address.
func (w *world) names(address string) {
	w.t.Helper()
	var c net.PacketConn
	var err error
	w.Do(func() { c, err = net.ListenPacket("udp4", w.addr+":53") })
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { c.Close() })
	go func() {
		m := make([]byte, 512)
		for {
			n, from, err := c.ReadFrom(m)
			if err != nil {
				return
			}
			c.WriteTo(w.answer(m[:n], netip.MustParseAddr(address)), from)
		}
	}()
}

// answer makes one for a question: the address if one of IPv4 is asked for, else none.
// RFC 1035 §4.
func (w *world) answer(q []byte, a netip.Addr) []byte {
	var name strings.Builder
	end := 12
	for ; q[end] != 0; end += 1 + int(q[end]) {
		name.Write(q[end+1 : end+1+int(q[end])])
		name.WriteByte('.')
	}
	w.mu.Lock()
	w.asked = append(w.asked, name.String())
	w.mu.Unlock()
	kind := binary.BigEndian.Uint16(q[end+1:])
	m := slices.Clone(q[:end+5])
	copy(m[2:], []byte{0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0})
	if kind == 1 {
		m[7] = 1
		m = append(append(m, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4), a.AsSlice()...)
	}
	return m
}

// otherNames are those that were asked for but the page's own, written as a whole one.
func (w *world) otherNames() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.asked) == 0 {
		w.t.Error("no name was asked for")
	}
	return slices.DeleteFunc(slices.Clone(w.asked), func(n string) bool { return n == "check.example." })
}

// listen is a port of the world's machine.
func (w *world) listen(port string) (l net.Listener) {
	w.t.Helper()
	var err error
	w.Do(func() { l, err = net.Listen("tcp4", ":"+port) })
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { l.Close() })
	return l
}

// A stage is a server whose play changes.
type stage struct {
	atomic.Pointer[http.HandlerFunc]
}

func (s *stage) ServeHTTP(rw http.ResponseWriter, r *http.Request) { (*s.Load())(rw, r) }

func (s *stage) play(h http.HandlerFunc) { s.Store(&h) }

// pages serves the page.
func (w *world) pages(h http.Handler) {
	s := &http.Server{Handler: h}
	go s.Serve(w.listen("80"))
	w.t.Cleanup(func() { s.Close() })
}

func (w *world) uplink() netcfg.Uplink { return netcfg.Uplink{Link: w.link} }

func checker(t *testing.T, o Options) *Checker {
	t.Helper()
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Second
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Each kind of network is told from the others.
func TestKinds(t *testing.T) {
	w := newWorld(t, "va", 1)
	w.names("192.0.2.80")
	var server stage
	w.pages(&server)
	text := func(s string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, s) }
	}
	sent := func(code int, to string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Location", to)
			rw.WriteHeader(code)
		}
	}
	portal := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Host == "portal.example" {
			t.Error("it went where it was sent")
		}
		http.Redirect(rw, r, "http://portal.example/login?to=x", http.StatusFound)
	})
	for _, row := range []struct {
		name   string
		serve  http.HandlerFunc
		body   string
		want   netcfg.Connectivity
		portal string
	}{
		{"the page", text(body), body, netcfg.ConnectivityFull, ""},
		{"the page, with other white space", text("\r\nall is well"), body, netcfg.ConnectivityFull, ""},
		{"nothing, as wanted", sent(204, ""), "", netcfg.ConnectivityFull, ""},
		{"an empty page, as wanted", text(""), "", netcfg.ConnectivityFull, ""},
		{"something, and nothing was wanted", text("<html>"), "", netcfg.ConnectivityPortal, page},
		{"sent elsewhere", portal, body, netcfg.ConnectivityPortal, "http://portal.example/login?to=x"},
		{"sent to a place of the same machine", sent(302, "/login"), body, netcfg.ConnectivityPortal, "http://check.example/login"},
		{"sent for good", sent(308, "https://portal.example/"), body, netcfg.ConnectivityPortal, "https://portal.example/"},
		{"sent to this machine", sent(302, "http://127.0.0.1:631/admin"), body, netcfg.ConnectivityPortal, page},
		{"sent to a file", sent(302, "file:///etc/passwd"), body, netcfg.ConnectivityPortal, page},
		{"sent nowhere", sent(302, ""), body, netcfg.ConnectivityPortal, page},
		{"sent with a name and a password", sent(302, "http://a:b@portal.example/"), body, netcfg.ConnectivityPortal, page},
		{"sent far", sent(302, "http://portal.example/"+strings.Repeat("x", 3000)), body, netcfg.ConnectivityPortal, page},
		{"another page in its place", text("<html>please pay</html>"), body, netcfg.ConnectivityPortal, page},
		{"the page, and more", text(body + strings.Repeat("x", 100)), body, netcfg.ConnectivityPortal, page},
		{"half of the page", text("all is"), body, netcfg.ConnectivityPortal, page},
		{"511", sent(511, ""), body, netcfg.ConnectivityPortal, page},
		{"no such page", sent(404, ""), body, netcfg.ConnectivityLimited, ""},
		{"a server out of order", sent(503, ""), body, netcfg.ConnectivityLimited, ""},
		{"a connection cut short", func(rw http.ResponseWriter, _ *http.Request) {
			c, _, err := http.NewResponseController(rw).Hijack()
			if err == nil {
				c.Close()
			}
		}, body, netcfg.ConnectivityLimited, ""},
		{"a page cut short", func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Length", "12")
			fmt.Fprint(rw, "all")
		}, body, netcfg.ConnectivityLimited, ""},
	} {
		server.play(row.serve)
		got := checker(t, Options{URL: page, Body: row.body}).Look(t.Context(), w.uplink())
		if got.Connectivity != row.want || got.Portal != row.portal || got.Why == "" {
			t.Errorf("%s: %+v, want %s %q", row.name, got, row.want, row.portal)
		}
	}
	if other := w.otherNames(); len(other) > 0 {
		t.Errorf("names asked for: %q", other)
	}
}

// Where there is no way at all, that is told at once; where a page is not set up,
// nothing is claimed.
func TestNoWay(t *testing.T) {
	w := newWorld(t, "va", 1)
	c := checker(t, Options{URL: page, Body: body})
	for name, row := range map[string]struct {
		c    *Checker
		u    netcfg.Uplink
		want netcfg.Connectivity
	}{
		"no route": {c, netcfg.Uplink{}, netcfg.ConnectivityNone},
		"no cable": {c, netcfg.Uplink{Link: netcfg.Link{Link: kernel.Link{Index: 7, Up: true}}}, netcfg.ConnectivityNone},
		"no page":  {checker(t, Options{}), w.uplink(), netcfg.ConnectivityUnknown},
		"no page, and a network that does not say whom to ask": {checker(t, Options{}), func() netcfg.Uplink {
			u := w.uplink()
			u.Link.Captive = unrestricted
			return u
		}(), netcfg.ConnectivityUnknown},
		"nobody to ask for names": {c, netcfg.Uplink{Link: netcfg.Link{Link: w.link.Link}}, netcfg.ConnectivityLimited},
		"a link that is gone":     {c, netcfg.Uplink{Link: netcfg.Link{Link: kernel.Link{Index: 9999, Carrier: true}, Managed: w.link.Managed}}, netcfg.ConnectivityLimited},
	} {
		start := time.Now()
		if got, portal, err := row.c.Check(t.Context(), row.u); got != row.want || portal != "" || err != nil {
			t.Errorf("%s: %v %q %v, want %v", name, got, portal, err, row.want)
		}
		if d := time.Since(start); d > time.Second {
			t.Errorf("%s: after %v", name, d)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := c.Check(ctx, w.uplink()); err == nil {
		t.Error("cancelled, and no error")
	}
}

// Nobody who is slow, silent or talkative holds it up, or makes it read much.
func TestHostile(t *testing.T) {
	const most = 3 * time.Second // the time limit, and some
	w := newWorld(t, "va", 1)
	var written atomic.Int64
	flood := func(rw http.ResponseWriter, _ *http.Request) {
		part := make([]byte, 64<<10)
		for range 160 { // 10 MB
			n, err := rw.Write(part)
			if written.Add(int64(n)); err != nil {
				return
			}
		}
	}
	raw := func(serve func(net.Conn)) {
		l := w.listen("81")
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go serve(c)
			}
		}()
	}
	w.pages(http.HandlerFunc(flood))
	raw(func(c net.Conn) {
		defer c.Close()
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\n")
		for i := 0; ; i++ { // headers without an end, slowly
			if _, err := fmt.Fprintf(c, "X-%d: y\r\n", i); err != nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	})
	look := func(name, url string, servers []string, want netcfg.Connectivity) {
		t.Helper()
		u := w.uplink()
		u.Link.DNS = servers
		start := time.Now()
		got := checker(t, Options{URL: url, Body: body}).Look(t.Context(), u)
		if d := time.Since(start); got.Connectivity != want || d > most {
			t.Errorf("%s: %+v after %v, want %v", name, got, d, want)
		}
	}
	// A machine that is there, with nobody at port 53, and one that is not there.
	look("names: nobody listens", page, []string{w.addr}, netcfg.ConnectivityLimited)
	look("names: nobody is there", page, []string{"10.9.1.77"}, netcfg.ConnectivityLimited)
	look("headers without an end", "http://192.0.2.80:81/", nil, netcfg.ConnectivityLimited)
	look("nobody is there", "http://10.9.1.77/", nil, netcfg.ConnectivityLimited)
	look("nobody listens", "http://192.0.2.80:82/", nil, netcfg.ConnectivityLimited)
	look("10 MB", "http://192.0.2.80/", nil, netcfg.ConnectivityPortal)
	if n := written.Load(); n > 4<<20 { // the rest of it was in buffers of both ends
		t.Errorf("%d bytes were taken", n)
	}
	fast, sent := w.listen("83"), make(chan bool, 1)
	go func() {
		for {
			c, err := fast.Accept()
			if err != nil {
				return
			}
			fmt.Fprint(c, "HTTP/1.1 200 OK\r\n")
			n, _ := c.Write(bytes.Repeat([]byte("X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"), 1<<18))
			written.Store(int64(n))
			c.Close()
			sent <- true
		}
	}()
	look("headers without an end, fast", "http://192.0.2.80:83/", nil, netcfg.ConnectivityLimited)
	<-sent
	if n := written.Load(); n > 4<<20 {
		t.Errorf("%d bytes of headers were taken", n)
	}
}

// The link that is asked about is the one by which names and pages go, though another
// has the better route; no proxy and no search list come between.
func TestByTheLink(t *testing.T) {
	near, far := newWorld(t, "va", 1), newWorld(t, "vb", 2)
	conf := filepath.Join(t.TempDir(), "resolv.conf")
	if err := os.WriteFile(conf, []byte("nameserver 10.9.1.1\nsearch evil.example\noptions ndots:9\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount(conf, "/etc/resolv.conf", "", unix.MS_BIND, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Unmount("/etc/resolv.conf", unix.MNT_DETACH) })
	t.Setenv("http_proxy", "http://10.9.1.1:80")
	t.Setenv("HTTP_PROXY", "http://10.9.1.1:80")
	for _, w := range []*world{near, far} {
		w.names("192.0.2.80")
	}
	near.pages(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { http.Error(rw, "the wrong way", http.StatusTeapot) }))
	far.pages(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Host != "check.example" {
			t.Errorf("for %q", r.Host)
		}
		fmt.Fprint(rw, body)
	}))
	if got := kernel.Primary(routes(t)); got != near.link.Index {
		t.Fatalf("the way out is %d, not %d", got, near.link.Index)
	}
	c := checker(t, Options{URL: page, Body: body})
	if got := c.Look(t.Context(), far.uplink()); got.Connectivity != netcfg.ConnectivityFull {
		t.Errorf("by the far link: %+v", got)
	}
	if got := c.Look(t.Context(), near.uplink()); got.Connectivity != netcfg.ConnectivityLimited || !strings.Contains(got.Why, "418") {
		t.Errorf("by the near link: %+v", got)
	}
	for _, w := range []*world{near, far} {
		if other := w.otherNames(); len(other) > 0 {
			t.Errorf("names asked for: %q", other)
		}
	}
	// Where a socket may not be tied to a link, where it comes from tells.
	c.bind = func(int, int) error { return unix.EPERM }
	nettest.IP(t, "rule add from 10.9.2.2 table 77")
	t.Cleanup(func() { nettest.IP(t, "rule del from 10.9.2.2 table 77") })
	nettest.IP(t, "route add default via 10.9.2.1 dev vb table 77")
	if got := c.Look(t.Context(), far.uplink()); got.Connectivity != netcfg.ConnectivityFull {
		t.Errorf("from the far link: %+v", got)
	}
}

func routes(t *testing.T) []kernel.Route {
	t.Helper()
	r, err := kernel.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	found, err := r.Routes()
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// One for names that runs on this machine, as systemd-resolved does, is asked though
// no link leads to it. A second one steps in for a first that is silent.
func TestServers(t *testing.T) {
	w := newWorld(t, "va", 1)
	w.pages(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, body) }))
	here := &world{t: t}
	l, err := net.ListenPacket("udp4", "127.0.0.53:53")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		m := make([]byte, 512)
		for {
			n, from, err := l.ReadFrom(m)
			if err != nil {
				return
			}
			l.WriteTo(here.answer(m[:n], netip.MustParseAddr("192.0.2.80")), from)
		}
	}()
	u := w.uplink()
	u.Link.DNS = nil
	c := checker(t, Options{URL: page, Body: body, Servers: func() []netip.Addr { return []netip.Addr{netip.MustParseAddr("127.0.0.53")} }})
	if got := c.Look(t.Context(), u); got.Connectivity != netcfg.ConnectivityFull {
		t.Errorf("%+v", got)
	}
	w.names("192.0.2.80")
	u.Link.DNS = []string{"rubbish", "10.9.1.1"}
	if got := c.Look(t.Context(), u); got.Connectivity != netcfg.ConnectivityFull {
		t.Errorf("%+v", got)
	}
	c = checker(t, Options{URL: page, Body: body, Timeout: 15 * time.Second})
	w.IP("addr add 10.9.1.8/24 dev far") // nobody is at its port 53
	u.Link.DNS = []string{"10.9.1.8", "10.9.1.1"}
	if got := c.Look(t.Context(), u); got.Connectivity != netcfg.ConnectivityFull {
		t.Errorf("a first one that refuses: %+v", got)
	}
}

// What the network says of itself counts where it says it as RFC 8908 wants it.
func TestCaptive(t *testing.T) {
	w := newWorld(t, "va", 1)
	w.names(w.addr)
	var network, server stage
	s := httptest.NewUnstartedServer(&network)
	s.Listener.Close()
	s.Listener = w.listen("443")
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // of certificates that are not believed
	s.StartTLS()
	t.Cleanup(s.Close)
	w.pages(&server)
	free := func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, body) }
	shut := func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, "please pay") }
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	const api, right = "https://example.com/api", "application/captive+json"
	const captive = `{"captive":true,"user-portal-url":"https://portal.example/","venue-info-url":"x","seconds-remaining":9}`
	for _, row := range []struct {
		name, api, kind, word string
		roots                 *x509.CertPool
		page                  http.HandlerFunc
		want                  netcfg.Connectivity
		portal                string
	}{
		{"captive", api, right, captive, roots, free, netcfg.ConnectivityPortal, "https://portal.example/"},
		{"captive, of a type with more to it", api, right + "; charset=utf-8", captive, roots, free, netcfg.ConnectivityPortal, "https://portal.example/"},
		{"captive, and does not say where", api, right, `{"captive":true}`, roots, free, netcfg.ConnectivityPortal, ""},
		{"captive, and sends to this machine", api, right, `{"captive":true,"user-portal-url":"http://localhost/"}`, roots, free, netcfg.ConnectivityPortal, ""},
		{"free", api, right, `{"captive":false}`, roots, free, netcfg.ConnectivityFull, ""},
		{"free, it says", api, right, `{"captive":false,"user-portal-url":"https://portal.example/"}`, roots, shut, netcfg.ConnectivityPortal, "https://portal.example/"},
		{"free, it says, and does not say where", api, right, `{"captive":false}`, roots, shut, netcfg.ConnectivityPortal, page},
		{"of another type", api, "text/html", captive, roots, free, netcfg.ConnectivityFull, ""},
		{"no JSON", api, right, "<html>", roots, free, netcfg.ConnectivityFull, ""},
		{"nothing of it", api, right, `{}`, roots, free, netcfg.ConnectivityFull, ""},
		{"endless", api, right, strings.Repeat(" ", 1<<20) + captive, roots, free, netcfg.ConnectivityFull, ""},
		{"a certificate of nobody's", api, right, captive, nil, free, netcfg.ConnectivityFull, ""},
		{"http", "http://example.com/api", right, captive, roots, free, netcfg.ConnectivityFull, ""},
		{"a page for people, as before RFC 8910", "http://example.com/login", right, captive, roots, shut, netcfg.ConnectivityPortal, "http://example.com/login"},
		{"none", "urn:ietf:params:capport:unrestricted", right, captive, roots, shut, netcfg.ConnectivityPortal, page},
	} {
		server.play(row.page)
		network.play(func(rw http.ResponseWriter, r *http.Request) {
			if got := r.Header.Get("Accept"); got != "application/captive+json" {
				t.Errorf("%s: it takes %q", row.name, got)
			}
			rw.Header().Set("Content-Type", row.kind)
			fmt.Fprint(rw, row.word)
		})
		u := w.uplink()
		u.Link.Captive = row.api
		got := checker(t, Options{URL: page, Body: body, Roots: row.roots}).Look(t.Context(), u)
		if got.Connectivity != row.want || got.Portal != row.portal {
			t.Errorf("%s: %+v, want %s %q", row.name, got, row.want, row.portal)
		}
	}
}

func TestNew(t *testing.T) {
	for url, right := range map[string]bool{"": true, page: true, "http://192.0.2.1:8080/": true, "https://check.example/": false, "http://": false, "http://a:b@check.example/": false, "check.example": false, "file:///x": false, "http://[": false} {
		if _, err := New(Options{URL: url}); (err == nil) != right {
			t.Errorf("%s: %v", url, err)
		}
	}
	if _, err := New(Options{URL: page, Body: strings.Repeat("x", maxBody+1)}); err == nil {
		t.Error("a page of any length")
	}
}

// FuzzWord: an answer of any bytes is read or refused, and leads to no place that a
// browser should not go to.
func FuzzWord(f *testing.F) {
	f.Add([]byte(`{"captive":true,"user-portal-url":"https://portal.example/"}`))
	f.Add([]byte(`{"captive":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		w, err := parseWord(text)
		if err == nil && w.page != "" && !strings.HasPrefix(strings.ToLower(w.page), "http") {
			t.Errorf("%q: %+v", text, w)
		}
	})
}
