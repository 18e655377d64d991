package peer

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
)

// MaxMessage is the longest message that is read, in bytes. The longest that
// anybody has reason to send is a chain of certificates; a bus passes on 32 MiB.
// An answer that is longer does not come.
const MaxMessage = 512 << 10

// maxFields is the longest header that a bus's own validation lets through and
// we care to look into for the sender of a message that is too long.
const maxFields = 16 << 10

// A stream is a connection to a bus from which messages that are too long have
// been taken out.
type stream struct {
	net.Conn
	in      *bufio.Reader
	binary  bool // the authentication, which is in lines, is over
	left    int  // of the message that is being read
	refused func(sender string, serial uint32)

	unanswered unanswered
}

func newStream(c net.Conn, refused func(sender string, serial uint32)) *stream {
	return &stream{Conn: c, in: bufio.NewReaderSize(c, maxFields+16), refused: refused}
}

// Read gives what has come, up to the end of a message.
func (s *stream) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if !s.binary {
		// No line of a server's begins like a message does.
		first, err := s.in.Peek(1)
		if err != nil {
			return 0, err
		}
		if first[0] != 'l' && first[0] != 'B' {
			return s.in.Read(p[:min(len(p), max(s.in.Buffered(), 1))])
		}
		s.binary = true
	}
	for s.left == 0 {
		if err := s.next(); err != nil {
			return 0, err
		}
	}
	n, err := s.in.Read(p[:min(len(p), s.left)])
	s.left -= n
	return n, err
}

// Write sends what godbus writes at once, which is a message, or a line of the
// authentication, whose second byte is a letter.
func (s *stream) Write(p []byte) (int, error) {
	n, err := s.Conn.Write(p)
	s.unanswered.sent(p)
	return n, err
}

// next begins a message, or leaves it out. D-Bus Specification, "Message
// Format": sixteen bytes with the lengths of the body, at 4, and of the fields,
// at 12, then the fields, padded to eight bytes, and the body.
func (s *stream) next() error {
	head, err := s.in.Peek(16)
	if err != nil {
		return err
	}
	order, err := orderOf(head[0])
	if err != nil {
		return err
	}
	body, fields := uint64(order.Uint32(head[4:])), uint64(order.Uint32(head[12:]))
	length := 16 + (fields+7)&^7 + body
	s.unanswered.read(head)
	if length <= MaxMessage {
		s.left = int(length)
		return nil
	}
	if length > 128<<20 { // more than there may be: the two ends have lost each other
		return fmt.Errorf("a message of %d bytes on the bus", length)
	}
	serial, sender := order.Uint32(head[8:]), ""
	if fields <= maxFields {
		whole, err := s.in.Peek(16 + int(fields))
		if err != nil {
			return err
		}
		sender = senderOf(order, whole[16:])
	}
	if _, err := io.CopyN(io.Discard, s.in, int64(length)); err != nil {
		return err
	}
	if sender != "" && s.refused != nil {
		s.refused(sender, serial)
	}
	return nil
}

func orderOf(b byte) (binary.ByteOrder, error) {
	switch b {
	case 'l':
		return binary.LittleEndian, nil
	case 'B':
		return binary.BigEndian, nil
	}
	return nil, fmt.Errorf("a message on the bus begins with %q", b)
}

// fieldSender is SENDER of the header fields.
const fieldSender = 7

// senderOf finds who sent a message in its header fields, an array of structs of
// a byte and a variant; "" if it cannot be found.
func senderOf(order binary.ByteOrder, fields []byte) string {
	at := 0
	take := func(n int) []byte {
		if n < 0 || n > len(fields)-at {
			return nil
		}
		b := fields[at : at+n]
		at += n
		return b
	}
	for {
		at = (at + 7) &^ 7 // the array begins at 16
		head := take(4)    // code, length of the signature, one type, NUL
		if head == nil || head[1] != 1 || head[3] != 0 {
			return ""
		}
		var value []byte
		switch head[2] {
		case 's', 'o':
			n := take(4)
			if n == nil {
				return ""
			}
			length := order.Uint32(n)
			if length > maxFields {
				return ""
			}
			if value = take(int(length)); value == nil || take(1) == nil {
				return ""
			}
		case 'g':
			n := take(1)
			if n == nil || take(int(n[0])+1) == nil {
				return ""
			}
		case 'u':
			if take(4) == nil {
				return ""
			}
		default:
			return ""
		}
		if head[0] == fieldSender {
			return string(value)
		}
	}
}
