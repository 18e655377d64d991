package netcfg

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"
)

// keyPair is a certificate that signed itself, and its key, as PEM.
func keyPair(t testing.TB) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
}

func prefixes(all ...string) (out []netip.Prefix) {
	for _, s := range all {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

func addrs(all ...string) (out []netip.Addr) {
	for _, s := range all {
		out = append(out, netip.MustParseAddr(s))
	}
	return out
}

// office is a profile with everything in it.
func office(t testing.TB) Profile {
	ca, _ := keyPair(t)
	return Profile{
		ID: "office-1", Name: "Büro #2 [\"oben\"]; 5'", Kind: Wired, Link: Match{Name: "enp1s0", MAC: "52:54:00:12:34:56"},
		IPv4:   IP{Method: Static, Addresses: prefixes("192.0.2.7/24", "10.0.0.1/31"), Gateway: netip.MustParseAddr("192.0.2.1")},
		IPv6:   IP{Addresses: prefixes("2001:db8::7/64"), Gateway: netip.MustParseAddr("fe80::1")},
		Routes: []Route{{To: netip.MustParsePrefix("198.51.100.0/24"), Via: netip.MustParseAddr("192.0.2.9"), Metric: 7}, {To: netip.MustParsePrefix("2001:db8:1::/48")}, {To: netip.MustParsePrefix("0.0.0.0/0"), Metric: 9}},
		DNS:    addrs("192.0.2.53", "2001:db8::53"), Search: []string{"example.org", "_tcp.lab"}, OwnDNS: true,
		MTU: 1400, Priority: -999, Metered: "yes",
		Proxy: &Proxy{HTTP: "proxy.example.org:3128", HTTPS: "[2001:db8::1]:3128", Ignore: []string{"localhost", ".example.org", "*.lab", "10.0.0.0/8", "::1"}},
		Dot1X: &Dot1X{Method: "peap", Identity: `LAB\user`, AnonymousIdentity: "anonymous@example.org", Inner: "gtc", Password: "p4ss ", CA: ca, ServerName: "radius.example.org"},
	}
}

func TestCheck(t *testing.T) {
	cert, key := keyPair(t)
	_, other := keyPair(t)
	block, _ := pem.Decode(cert)
	keyBlock, _ := pem.Decode(key)
	long := strings.Repeat("a", 300)
	tls := func(p *Profile, cert, key []byte) {
		*p.Dot1X = Dot1X{Method: "tls", Identity: "host", CA: cert, ServerName: "radius", Certificate: cert, Key: key}
	}
	for _, row := range []struct {
		want   string // what the error begins with; "" for none
		change func(*Profile)
	}{
		{"", func(p *Profile) {}},
		{"", func(p *Profile) { *p = Profile{Kind: Wired} }},
		{"id: ", func(p *Profile) { p.ID = "../x" }},
		{"id: ", func(p *Profile) { p.ID = "-x" }},
		{"id: ", func(p *Profile) { p.ID = strings.Repeat("a", 65) }},
		{"id: ", func(p *Profile) { p.ID = "a\n" }},
		{"kind: ", func(p *Profile) { p.Kind = "wifi" }},
		{"name: ", func(p *Profile) { p.Name = long }},
		{"name: ", func(p *Profile) { p.Name = "a\nb" }},
		{"name: ", func(p *Profile) { p.Name = "a\x00b" }},
		{"name: ", func(p *Profile) { p.Name = "a\xffb" }},
		{"name: ", func(p *Profile) { p.Name = "a\u202eb" }},
		{"name: ", func(p *Profile) { p.Name = "a\u0085b" }},
		{"name: ", func(p *Profile) { p.Name = "a\u2028b" }},
		{"name: ", func(p *Profile) { p.Name = " a" }},
		{"priority: ", func(p *Profile) { p.Priority = 1000 }},
		{"metered: ", func(p *Profile) { p.Metered = "maybe" }},

		{"", func(p *Profile) { p.Link.Name = "a%b[c;d*?" }},
		{"link.name: ", func(p *Profile) { p.Link.Name = "abcdefghijklmnop" }},
		{"link.name: ", func(p *Profile) { p.Link.Name = "a/b" }},
		{"link.name: ", func(p *Profile) { p.Link.Name = ".." }},
		{"link.name: ", func(p *Profile) { p.Link.Name = "a b" }},
		{"link.name: ", func(p *Profile) { p.Link.Name = "a\x01" }},
		{"link.mac: ", func(p *Profile) { p.Link.MAC = "52:54:00:AB:34:56" }},
		{"link.mac: ", func(p *Profile) { p.Link.MAC = "53:54:00:12:34:56" }},
		{"link.mac: ", func(p *Profile) { p.Link.MAC = "00:00:00:00:00:00" }},
		{"link.mac: ", func(p *Profile) { p.Link.MAC = "02:00:00:00:00:00:00:01" }},

		{"ipv4: method: ", func(p *Profile) { p.IPv4.Method = "dhcp" }},
		{"ipv4: addresses: there is none", func(p *Profile) { p.IPv4 = IP{Method: Static} }},
		{"ipv4: addresses: ", func(p *Profile) { p.IPv4.Method = Off }},
		{"ipv4: addresses: 2001:db8::1: want an IPv4", func(p *Profile) { p.IPv4.Addresses = prefixes("2001:db8::1/64") }},
		{"ipv4: addresses: 224.", func(p *Profile) { p.IPv4.Addresses = prefixes("224.0.0.1/24") }},
		{"ipv4: addresses: 127.", func(p *Profile) { p.IPv4.Addresses = prefixes("127.0.0.2/8") }},
		{"ipv4: addresses: 0.", func(p *Profile) { p.IPv4.Addresses = prefixes("0.0.0.0/8") }},
		{"ipv4: addresses: 255.", func(p *Profile) { p.IPv4.Addresses = prefixes("255.255.255.255/32") }},
		{"ipv4: addresses: 192.0.2.0/24", func(p *Profile) { p.IPv4.Addresses = prefixes("192.0.2.0/24") }},
		{"ipv4: addresses: 192.0.3.255/23", func(p *Profile) { p.IPv4.Addresses = prefixes("192.0.3.255/23") }},
		{"ipv4: addresses: 192.0.2.7/0", func(p *Profile) { p.IPv4.Addresses = prefixes("192.0.2.7/0") }},
		{"ipv4: addresses: 192.0.2.7 is there twice", func(p *Profile) { p.IPv4.Addresses = prefixes("192.0.2.7/24", "192.0.2.7/25") }},
		{"ipv4: addresses: 33: ", func(p *Profile) { p.IPv4.Addresses = make([]netip.Prefix, 33) }},
		{"ipv4: addresses: there is one without", func(p *Profile) { p.IPv4.Addresses = make([]netip.Prefix, 3) }},
		{"", func(p *Profile) { p.IPv4.Addresses, p.Routes = prefixes("192.0.2.7/24", "203.0.113.9/32"), nil }},
		{"ipv4: gateway: 192.0.3.1 is in none", func(p *Profile) { p.IPv4.Gateway = netip.MustParseAddr("192.0.3.1") }},
		{"ipv4: gateway: 192.0.2.255 is in none", func(p *Profile) { p.IPv4.Gateway = netip.MustParseAddr("192.0.2.255") }},
		{"ipv4: gateway: 192.0.2.7 is this link's own", func(p *Profile) { p.IPv4.Gateway = netip.MustParseAddr("192.0.2.7") }},
		{"ipv4: gateway: 0.0.0.0", func(p *Profile) { p.IPv4.Gateway = netip.IPv4Unspecified() }},
		{"ipv6: gateway: 2001:db8:1::1 is in none", func(p *Profile) { p.IPv6.Gateway = netip.MustParseAddr("2001:db8:1::1") }},
		{"ipv6: gateway: fe80::1%eth0", func(p *Profile) { p.IPv6.Gateway = netip.MustParseAddr("fe80::1%eth0") }},
		{"ipv6: addresses: ::ffff:192.0.2.1", func(p *Profile) { p.IPv6.Addresses = prefixes("::ffff:192.0.2.1/120") }},
		{"ipv6: addresses: ::1", func(p *Profile) { p.IPv6.Addresses = prefixes("::1/128") }},
		{"ipv6: addresses: ff02::1", func(p *Profile) { p.IPv6.Addresses = prefixes("ff02::1/128") }},

		{"routes: 198.51.100.7/24: want the network, 198.51.100.0/24", func(p *Profile) { p.Routes[0].To = netip.MustParsePrefix("198.51.100.7/24") }},
		{"routes: there is one that leads nowhere", func(p *Profile) { p.Routes[0] = Route{} }},
		{"routes: 224.0.0.0/4", func(p *Profile) { p.Routes[0].To = netip.MustParsePrefix("224.0.0.0/4") }},
		{"routes: 2001:db8::1: want an IPv4", func(p *Profile) { p.Routes[0].Via = netip.MustParseAddr("2001:db8::1") }},
		{"routes: 203.0.113.1 is in none", func(p *Profile) { p.Routes[0].Via = netip.MustParseAddr("203.0.113.1") }},
		{"routes: 198.51.100.0/24: 192.0.2.7 is this", func(p *Profile) { p.Routes[0].Via = netip.MustParseAddr("192.0.2.7") }},
		{"routes: 2001:db8:1::/48: its family is off", func(p *Profile) { p.IPv6 = IP{Method: Off} }},
		{"routes: 198.51.100.0/24 is there twice", func(p *Profile) { p.Routes = append(p.Routes, p.Routes[0]) }},
		{"routes: 129", func(p *Profile) { p.Routes = make([]Route, 129) }},

		{"dns: 0.0.0.0", func(p *Profile) { p.DNS = addrs("0.0.0.0") }},
		{"dns: 127.0.0.53", func(p *Profile) { p.DNS = addrs("127.0.0.53") }},
		{"dns: there is none", func(p *Profile) { p.DNS = make([]netip.Addr, 1) }},
		{"dns: fe80::1%1;x", func(p *Profile) { p.DNS = addrs("fe80::1%1;x") }},
		{"dns: 1.2.3.4 is there twice", func(p *Profile) { p.DNS = addrs("1.2.3.4", "1.2.3.4") }},
		{"dns: 9", func(p *Profile) { p.DNS = make([]netip.Addr, 9) }},
		{"search: ", func(p *Profile) { p.Search = []string{"a b"} }},
		{"search: ", func(p *Profile) { p.Search = []string{"a;b"} }},
		{"search: ", func(p *Profile) { p.Search = []string{"[x]"} }},
		{"search: ", func(p *Profile) { p.Search = []string{"a\nDNS=1.1.1.1"} }},
		{"search: ", func(p *Profile) { p.Search = []string{""} }},
		{"search: ", func(p *Profile) { p.Search = []string{"a..b"} }},
		{"search: ", func(p *Profile) { p.Search = []string{long} }},
		{"search: 17", func(p *Profile) { p.Search = make([]string, 17) }},
		{"mtu: 67", func(p *Profile) { p.MTU = 67 }},
		{"mtu: 65536", func(p *Profile) { p.MTU = 65536 }},
		{"mtu: 1279", func(p *Profile) { p.MTU = 1279 }},
		{"", func(p *Profile) { p.MTU, p.IPv6 = 1279, IP{} }},

		{"", func(p *Profile) { p.Proxy = &Proxy{PAC: "https://wpad.example.org:8080/p.pac?a=b"} }},
		{"proxy.pac: ", func(p *Profile) { p.Proxy = &Proxy{PAC: "file:///etc/shadow"} }},
		{"proxy.pac: ", func(p *Profile) { p.Proxy = &Proxy{PAC: "http://u:p@h/"} }},
		{"proxy.pac: ", func(p *Profile) { p.Proxy = &Proxy{PAC: "http://h/#\""} }},
		{"proxy.pac: ", func(p *Profile) { p.Proxy = &Proxy{PAC: "http:///x"} }},
		{"proxy.pac: ", func(p *Profile) { p.Proxy = &Proxy{PAC: "http://h:99999/"} }},
		{"proxy.pac: a script", func(p *Profile) { p.Proxy.PAC = "http://h/" }},
		{"proxy.http: ", func(p *Profile) { p.Proxy.HTTP = "h:0" }},
		{"proxy.http: ", func(p *Profile) { p.Proxy.HTTP = "h:http" }},
		{"proxy.https: ", func(p *Profile) { p.Proxy.HTTPS = "h;x:80" }},
		{"proxy.ignore: ", func(p *Profile) { p.Proxy.Ignore = []string{"a,b"} }},
		{"proxy.ignore: 65", func(p *Profile) { p.Proxy.Ignore = make([]string, 65) }},

		{"dot1x.identity: ", func(p *Profile) { p.Dot1X.Identity = "" }},
		{"dot1x.identity: ", func(p *Profile) { p.Dot1X.Identity = "a\nb" }},
		{"dot1x.password: ", func(p *Profile) { p.Dot1X.Password = "a\x00b" }},
		{"dot1x.password: ", func(p *Profile) { p.Dot1X.Password = long }},
		{"dot1x: password: there is none", func(p *Profile) { p.Dot1X.Password = "" }},
		{"dot1x: method: ", func(p *Profile) { p.Dot1X.Method = "md5" }},
		{"dot1x: inner: ", func(p *Profile) { p.Dot1X.Inner = "pap" }},
		{"", func(p *Profile) { p.Dot1X.Method, p.Dot1X.Inner = "ttls", "pap" }},
		{"dot1x: certificate: ", func(p *Profile) { p.Dot1X.Certificate = cert }},
		{"dot1x: ca: there is none", func(p *Profile) { p.Dot1X.CA = nil }},
		{"dot1x: ca: ", func(p *Profile) { p.Dot1X.CA = []byte("/etc/ssl/ca.pem") }},
		{"dot1x: ca: ", func(p *Profile) { p.Dot1X.CA = []byte("-----BEGIN CERTIFICATE-----\nAAAA") }},
		{"dot1x: ca: a block of", func(p *Profile) { p.Dot1X.CA = append(append([]byte{}, cert...), key...) }},
		{"dot1x: ca: 200000", func(p *Profile) { p.Dot1X.CA = make([]byte, 200000) }},
		{"", func(p *Profile) { p.Dot1X.CA = block.Bytes }},
		{"", func(p *Profile) { p.Dot1X.CA = append(append([]byte{}, cert...), cert...) }},
		{"dot1x: server_name: there is none", func(p *Profile) { p.Dot1X.ServerName = "" }},
		{"dot1x: server_name: ", func(p *Profile) { p.Dot1X.ServerName = "*.org" }},
		{"dot1x: any_server: ", func(p *Profile) { p.Dot1X.AnyServer = true }},
		{"", func(p *Profile) { p.Dot1X.AnyServer, p.Dot1X.CA, p.Dot1X.ServerName = true, nil, "" }},
		{"", func(p *Profile) { tls(p, cert, key) }},
		{"", func(p *Profile) { tls(p, block.Bytes, keyBlock.Bytes) }},
		{"dot1x: key: it is not that", func(p *Profile) { tls(p, cert, other) }},
		{"dot1x: key: there is none", func(p *Profile) { tls(p, cert, nil) }},
		{"dot1x: key: no private key", func(p *Profile) { tls(p, cert, []byte("/root/key.pem")) }},
		{"dot1x: key: want one block", func(p *Profile) { tls(p, cert, append(append([]byte{}, key...), key...)) }},
		{"dot1x: certificate: there is none", func(p *Profile) { tls(p, cert, key); p.Dot1X.Certificate = nil }},
		{"dot1x: inner: ", func(p *Profile) { tls(p, cert, key); p.Dot1X.Password = "x" }},
		{"dot1x: key: it is under a password", func(p *Profile) {
			tls(p, cert, pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte{1}}))
		}},
		{"", func(p *Profile) {
			tls(p, cert, pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte{1}}))
			p.Dot1X.KeyPassword = "x"
		}},
	} {
		p := office(t)
		row.change(&p)
		err := p.Check()
		if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.HasPrefix(err.Error(), row.want)) {
			t.Errorf("%v, want %q", err, row.want)
		}
		if e, ok := errors.AsType[*Error](err); err != nil && (!ok || e.Code != Invalid) {
			t.Errorf("%v has not the code of one", err)
		}
	}
}

func TestSecrets(t *testing.T) {
	p := office(t)
	cert, _ := keyPair(t)
	p.Dot1X.Key, p.Dot1X.KeyPassword, p.Dot1X.Password = []byte("s3cret-key"), "s3cret-kp", "s3cret-pw"
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "profile", p, "dot1x", *p.Dot1X, "stored", Stored{Profile: p})
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&log, format+format+format+format+format+format, p, &p, *p.Dot1X, p.Dot1X, Stored{Profile: p}, []Profile{p})
	}
	open, err := json.Marshal(p.WithoutSecrets())
	if err != nil {
		t.Error(err)
	}
	log.Write(open)
	for _, found := range []string{"s3cret", "czNjcmV0", fmt.Sprintf("%x", "s3cret")} {
		if strings.Contains(log.String(), found) {
			t.Errorf("there is %s in %s", found, log.String())
		}
	}
	if p.Dot1X.Password == "" {
		t.Error("the profile itself has lost its secrets")
	}

	old := office(t)
	old.Dot1X.Password = "old"
	changed := old.WithoutSecrets()
	changed.MTU = 1300
	if got := changed.MergeSecrets(old); got.Dot1X.Password != "old" || got.MTU != 1300 {
		t.Errorf("merged: %q", got.Dot1X.Password)
	}
	if changed.Dot1X.Password != "" {
		t.Error("merging changed what was merged")
	}
	for name, change := range map[string]func(*Dot1X){
		"another server":   func(x *Dot1X) { x.ServerName = "evil.example.org" },
		"another CA":       func(x *Dot1X) { x.CA = cert },
		"any server":       func(x *Dot1X) { x.AnyServer, x.CA, x.ServerName = true, nil, "" },
		"another identity": func(x *Dot1X) { x.Identity = "me" },
		"in the clear":     func(x *Dot1X) { x.Inner = "pap" },
	} {
		p := old.WithoutSecrets()
		x := *p.Dot1X
		change(&x)
		p.Dot1X = &x
		if got := p.MergeSecrets(old); got.Dot1X.Password != "" {
			t.Errorf("the password goes to %s", name)
		}
	}
	changed.Dot1X.Password = "new"
	if got := changed.MergeSecrets(old); got.Dot1X.Password != "new" {
		t.Errorf("a new password is not taken: %q", got.Dot1X.Password)
	}
}

// FuzzCheck: whatever a caller says is refused, or has nothing in it that a file
// could be harmed by, and comes back from a file as it was.
func FuzzCheck(f *testing.F) {
	start, err := json.Marshal(office(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(start))
	f.Add(`{"kind":"wired","ipv4":{"addresses":["1.2.3.4/24"],"gateway":"1.2.3.1"}}`)
	f.Add(`{"kind":"wired","search":["a\n[x]"],"proxy":{"pac":"http://[::1]:80/"}}`)
	f.Fuzz(func(t *testing.T, data string) {
		var p Profile
		if json.Unmarshal([]byte(data), &p) != nil || p.Check() != nil {
			return
		}
		texts := append([]string{p.ID, p.Name, p.Link.Name, p.Link.MAC}, p.Search...)
		strictly := append([]string{p.ID, p.Link.MAC}, p.Search...)
		if x := p.Proxy; x != nil {
			texts = append(append(texts, x.PAC, x.HTTP, x.HTTPS), x.Ignore...)
			strictly = append(append(strictly, x.HTTPS, x.HTTP), x.Ignore...)
		}
		if x := p.Dot1X; x != nil {
			texts = append(texts, x.Identity, x.AnonymousIdentity, x.Password, x.ServerName, x.KeyPassword)
			strictly = append(strictly, x.ServerName)
		}
		for _, s := range texts {
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\n\r\x7f\u0085\x1b") {
				t.Errorf("%q got through", s)
			}
		}
		for _, s := range strictly {
			if strings.ContainsAny(s, ";#\"'\\ =%$") {
				t.Errorf("%q got through", s)
			}
		}
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var q Profile
		if err := json.Unmarshal(again, &q); err != nil || q.Check() != nil {
			t.Errorf("%s is not read back: %v", again, err)
		}
	})
}
