package netcfg

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
)

// How long the parts of a Dot1X may be, in bytes.
const (
	maxIdentity = 253 // RFC 2865 §1.2, an attribute of RADIUS
	maxPassword = 256
	maxCA       = 128 << 10
	maxKey      = 32 << 10
)

// inner are the methods inside each tunnel; the first stands for none.
var inner = map[string][]string{
	"peap": {"mschapv2", "gtc", "md5"},
	"ttls": {"mschapv2", "pap", "gtc", "md5"},
}

func checkDot1X(p Profile) error {
	if p.Dot1X == nil {
		return nil
	}
	x := *p.Dot1X
	for _, f := range []struct {
		name string
		err  error
	}{
		{"identity", text(x.Identity, maxIdentity)},
		{"anonymous_identity", text(x.AnonymousIdentity, maxIdentity)},
		{"password", secret(x.Password, maxPassword)},
		{"key_password", secret(x.KeyPassword, maxPassword)},
	} {
		if f.err != nil {
			return field("dot1x."+f.name, f.err)
		}
	}
	if x.Identity == "" {
		return fmt.Errorf("dot1x.identity: there is none")
	}
	if err := x.checkServer(); err != nil {
		return field("dot1x", err)
	}
	if x.Method == "tls" {
		return field("dot1x", x.checkTLS())
	}
	return field("dot1x", x.checkTunnel())
}

// checkServer: without these anybody who holds out a cable learns the password.
func (x Dot1X) checkServer() error {
	switch {
	case x.AnyServer && (len(x.CA) > 0 || x.ServerName != ""):
		return fmt.Errorf("any_server: whoever answers is believed, and yet it is said who shall be")
	case x.AnyServer:
		return nil
	case len(x.CA) == 0:
		return fmt.Errorf("ca: there is none, so that nobody knows whom to believe (any_server says that this does not matter)")
	case x.ServerName == "":
		return fmt.Errorf("server_name: there is none, so that everybody with a certificate of this CA is believed (any_server says that this does not matter)")
	}
	if _, err := certificates(x.CA); err != nil {
		return field("ca", err)
	}
	return field("server_name", domain(x.ServerName))
}

func (x Dot1X) checkTunnel() error {
	methods, ok := inner[x.Method]
	switch {
	case !ok:
		return fmt.Errorf(`method: want "peap", "ttls" or "tls"`)
	case x.Inner != "" && !slices.Contains(methods, x.Inner):
		return fmt.Errorf("inner: want one of %q", methods)
	case x.Password == "":
		return fmt.Errorf("password: there is none")
	case len(x.Certificate) > 0 || len(x.Key) > 0 || x.KeyPassword != "":
		return fmt.Errorf("certificate: it is for the method tls")
	}
	return nil
}

func (x Dot1X) checkTLS() error {
	if x.Inner != "" || x.Password != "" {
		return fmt.Errorf("inner: there is none in tls, nor a password")
	}
	own, err := certificates(x.Certificate)
	if err != nil {
		return field("certificate", err)
	}
	public, err := publicOf(x.Key, x.KeyPassword)
	if err != nil {
		return field("key", err)
	}
	if key, ok := own[0].PublicKey.(interface{ Equal(crypto.PublicKey) bool }); ok && public != nil && !key.Equal(public) {
		return fmt.Errorf("key: it is not that of the certificate")
	}
	return nil
}

// certificates reads those of a PEM text, where other blocks are none of ours, or
// one as DER.
func certificates(data []byte) ([]*x509.Certificate, error) {
	switch {
	case len(data) == 0:
		return nil, errors.New("there is none")
	case len(data) > maxCA:
		return nil, fmt.Errorf("%d bytes: want at most %d", len(data), maxCA)
	case !bytes.Contains(data, []byte("-----BEGIN")):
		c, err := x509.ParseCertificate(data)
		return []*x509.Certificate{c}, err
	}
	var all []*x509.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("a block of %.40q: want certificates alone", block.Type)
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, errors.New("no block of it is whole")
	}
	return all, nil
}

// publicOf is what belongs to a private key; nil for one under a password, which
// is opened by who uses it. No error has anything of the key in it.
func publicOf(key []byte, password string) (crypto.PublicKey, error) {
	switch {
	case len(key) == 0:
		return nil, errors.New("there is none")
	case len(key) > maxKey:
		return nil, fmt.Errorf("%d bytes: want at most %d", len(key), maxKey)
	}
	der, locked := key, false
	if bytes.Contains(key, []byte("-----BEGIN")) {
		block, rest := pem.Decode(key)
		if block == nil || len(bytes.TrimSpace(rest)) > 0 {
			return nil, errors.New("want one block of PEM, whole, or DER")
		}
		der, locked = block.Bytes, block.Headers["DEK-Info"] != "" || block.Type == "ENCRYPTED PRIVATE KEY"
	} else {
		locked = isEncryptedPKCS8(der)
	}
	if locked && password == "" {
		return nil, errors.New("it is under a password, and there is none")
	}
	if locked {
		return nil, nil
	}
	return parseKey(der)
}

// isEncryptedPKCS8: RFC 5958 §3.
func isEncryptedPKCS8(der []byte) bool {
	var info struct {
		Algorithm struct {
			ID   asn1.ObjectIdentifier
			Args asn1.RawValue `asn1:"optional"`
		}
		Data []byte
	}
	rest, err := asn1.Unmarshal(der, &info)
	return err == nil && len(rest) == 0
}

func parseKey(der []byte) (crypto.PublicKey, error) {
	for _, parse := range []func([]byte) (any, error){
		x509.ParsePKCS8PrivateKey,
		func(b []byte) (any, error) { return x509.ParsePKCS1PrivateKey(b) },
		func(b []byte) (any, error) { return x509.ParseECPrivateKey(b) },
	} {
		k, err := parse(der)
		if s, ok := k.(crypto.Signer); ok && err == nil {
			return s.Public(), nil
		}
	}
	return nil, errors.New("no private key can be read from it")
}
