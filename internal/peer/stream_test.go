package peer

import (
	"bytes"
	"io"
	"net"
	"testing"
)

func TestSocketOf(t *testing.T) {
	for in, want := range map[string]string{
		"unix:path=/run/dbus/system_bus_socket": "/run/dbus/system_bus_socket",
		"unix:path=/tmp/a%20b,guid=12":          "/tmp/a b",
		"unix:guid=12,abstract=/tmp/x":          "@/tmp/x",
		"tcp:host=localhost,port=1":             "",
		"unix:":                                 "",
		"unix:path=%zz":                         "",
		"":                                      "",
		"unixexec:path=ssh,argv1=host,argv2=dbus-something": "",
	} {
		if got, err := socketOf(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

// FuzzStream: whatever comes, no more is given than has come, and nothing that is
// too long.
func FuzzStream(f *testing.F) {
	f.Add([]byte("OK 1234\r\nAGREE_UNIX_FD\r\n"))
	f.Add([]byte("l\x01\x00\x01\x00\x00\x09\x00\x01\x00\x00\x00\x18\x00\x00\x00\x07\x01s\x00\x04\x00\x00\x00:1.7\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("B\x01\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		a, b := net.Pipe()
		go func() {
			_, _ = b.Write(in)
			b.Close()
		}()
		got, _ := io.ReadAll(io.LimitReader(newStream(a, func(sender string, _ uint32) {
			if len(sender) > maxFields {
				t.Errorf("a sender of %d bytes", len(sender))
			}
		}), int64(len(in)+1)))
		a.Close()
		if !bytes.HasPrefix(in, got) && len(got) > len(in) {
			t.Errorf("%d bytes of %d", len(got), len(in))
		}
	})
}
