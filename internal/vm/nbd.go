package vm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"attune/internal/vm/job"
)

// BusNBD has the root image come over the network, from a server of the test's:
// there is no disk with it in the machine.
const BusNBD = "nbd"

// Numbers of the protocol. doc/proto.md of NBD.
const (
	nbdOption       = 0x49484156454F5054 // "IHAVEOPT"
	nbdRequest      = 0x25609513
	nbdReply        = 0x67446698
	nbdNewstyle     = 1 // NBD_FLAG_FIXED_NEWSTYLE
	nbdExport       = 1 // NBD_OPT_EXPORT_NAME
	nbdRead         = 0 // NBD_CMD_READ
	nbdDisconnect   = 2 // NBD_CMD_DISC
	nbdFlags        = 1 // NBD_FLAG_HAS_FLAGS
	nbdReadOnly     = 2 // NBD_FLAG_READ_ONLY
	nbdNotPermitted = 1 // NBD_EPERM
	nbdLongest      = 32 << 20
)

// serveNBD serves a file, which nobody can write, on a port of the loopback.
func serveNBD(file string) (port int, stop func(), err error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return 0, nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Close()
		return 0, nil, err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				if agreeNBD(c, info.Size()) == nil {
					_ = answerNBD(c, f)
				}
			}()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port, func() { l.Close(); f.Close() }, nil
}

// agreeNBD is the fixed newstyle negotiation, of which the one option is taken
// that every client knows.
func agreeNBD(c net.Conn, size int64) error {
	hello := append([]byte("NBDMAGIC"), binary.BigEndian.AppendUint64(nil, nbdOption)...)
	if _, err := c.Write(binary.BigEndian.AppendUint16(hello, nbdNewstyle)); err != nil {
		return err
	}
	var asked struct {
		Flags  uint32
		Magic  uint64
		Option uint32
		Length uint32
	}
	if err := binary.Read(c, binary.BigEndian, &asked); err != nil {
		return err
	}
	if asked.Magic != nbdOption || asked.Option != nbdExport || asked.Length > 4096 {
		return errors.New("a client that wants more than an export")
	}
	if _, err := io.CopyN(io.Discard, c, int64(asked.Length)); err != nil {
		return err
	}
	told := binary.BigEndian.AppendUint64(nil, uint64(size))
	told = binary.BigEndian.AppendUint16(told, nbdFlags|nbdReadOnly)
	_, err := c.Write(append(told, make([]byte, job.NBDPadding)...))
	return err
}

// answerNBD answers requests until the client has enough.
func answerNBD(c net.Conn, f io.ReaderAt) error {
	for {
		var r struct {
			Magic       uint32
			Flags, Type uint16
			Handle      uint64
			Offset      uint64
			Length      uint32
		}
		if err := binary.Read(c, binary.BigEndian, &r); err != nil {
			return err
		}
		if r.Magic != nbdRequest || r.Length > nbdLongest || r.Type == nbdDisconnect {
			return nil
		}
		var data []byte
		failed := uint32(nbdNotPermitted)
		if r.Type == nbdRead {
			data, failed = make([]byte, r.Length), 0
			if _, err := f.ReadAt(data, int64(r.Offset)); err != nil && !errors.Is(err, io.EOF) {
				return fmt.Errorf("reading the image: %w", err)
			}
		}
		head := binary.BigEndian.AppendUint32(nil, nbdReply)
		head = binary.BigEndian.AppendUint32(head, failed)
		head = binary.BigEndian.AppendUint64(head, r.Handle)
		if _, err := c.Write(append(head, data...)); err != nil {
			return err
		}
	}
}

// netRoot are QEMU's arguments for the card that the image comes by, and the
// kernel's word for where from.
func netRoot(port int) (args []string, word string) {
	return []string{"-netdev", "user,id=bootnet", "-device", "virtio-net-pci,netdev=bootnet,mac=" + job.BootMAC},
		fmt.Sprintf("ip=%s::%s:255.255.255.0::eth0:off %s=%s,%d", job.BootAddress, job.BootServer, job.NBDRoot, job.BootServer, port)
}
