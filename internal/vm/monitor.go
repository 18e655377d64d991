package vm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"attune/internal/vm/job"
)

// A Monitor speaks QMP to a running QEMU: plug a device, pull one.
type Monitor struct {
	conn net.Conn
	dec  *json.Decoder
	dir  string // what QEMU makes for us goes there, gone with the guest

	answers net.Conn // to a guest in a meet step; nil before the first
}

// followMarks calls onStart, then reads the console as it grows and calls
// onMark for each mark; a guest which waits for that is told when it is done.
func (b bench) followMarks(ctx context.Context, onStart func(*Monitor) error, onMark func(string, *Monitor) error) error {
	if onStart == nil && onMark == nil {
		return nil
	}
	m, err := b.monitor(ctx, "qmp")
	if err != nil {
		return err
	}
	defer m.close()
	if onStart != nil {
		if err := onStart(m); err != nil {
			return fmt.Errorf("at the start: %w", err)
		}
	}
	if onMark == nil {
		return nil
	}
	for seen := 0; ; {
		data, err := os.ReadFile(b.path("console"))
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		for {
			line, rest, whole := bytes.Cut(data[min(seen, len(data)):], []byte("\n"))
			if !whole {
				break
			}
			seen = len(data) - len(rest)
			name, waits, ok := markOf(string(line))
			if !ok {
				continue
			}
			err := onMark(name, m)
			if waits { // also when it went wrong: the guest need not wait to learn that
				err = errors.Join(err, m.answer(name))
			}
			if err != nil {
				return fmt.Errorf("at mark %q: %w", name, err)
			}
		}
		if pause(ctx) != nil {
			return nil // the guest has ended
		}
	}
}

func markOf(line string) (name string, waits, ok bool) {
	if _, name, ok := strings.Cut(line, job.MarkLine); ok {
		return strings.TrimSpace(name), false, true
	}
	_, name, ok = strings.Cut(line, job.MeetLine)
	return strings.TrimSpace(name), true, ok
}

// AnswerPort is the port by which guests with meet steps hear from the host,
// for a machine's Devices.
const AnswerPort = "-serial unix:{dir}/answers,server=on,wait=off"

// answer tells the guest that its meet step is over. The connection stays:
// QEMU drops what it has not read yet when the other side hangs up.
func (m *Monitor) answer(name string) (err error) {
	if m.answers == nil {
		if m.answers, err = net.Dial("unix", m.Path("answers")); err != nil {
			return fmt.Errorf("answering the guest (has its machine the AnswerPort?): %w", err)
		}
	}
	_, err = fmt.Fprintln(m.answers, name)
	return err
}

func (m *Monitor) close() {
	m.conn.Close()
	if m.answers != nil {
		m.answers.Close()
	}
}

// monitor connects as soon as QEMU listens.
func (b bench) monitor(ctx context.Context, socket string) (*Monitor, error) {
	var d net.Dialer
	for {
		conn, err := d.DialContext(ctx, "unix", b.path(socket))
		if err == nil {
			m := &Monitor{conn: conn, dec: json.NewDecoder(conn), dir: b.dir}
			var greeting map[string]any
			if err := m.dec.Decode(&greeting); err != nil {
				return nil, fmt.Errorf("greeting QEMU: %w", err)
			}
			return m, m.Do("qmp_capabilities", nil)
		}
		if pause(ctx) != nil {
			return nil, fmt.Errorf("reaching QEMU's monitor: %w", err)
		}
	}
}

// Do gives QEMU a command and waits for its answer.
func (m *Monitor) Do(command string, args map[string]any) error {
	return m.Ask(command, args, new(json.RawMessage))
}

// Ask gives QEMU a command and puts what it answers into out.
func (m *Monitor) Ask(command string, args map[string]any, out any) error {
	m.conn.SetDeadline(time.Now().Add(20 * time.Second))
	q := map[string]any{"execute": command}
	if args != nil {
		q["arguments"] = args
	}
	if err := json.NewEncoder(m.conn).Encode(q); err != nil {
		return fmt.Errorf("asking QEMU for %s: %w", command, err)
	}
	for {
		var reply struct {
			Return json.RawMessage
			Error  *struct{ Desc string }
		}
		err := m.dec.Decode(&reply)
		switch {
		case errors.Is(err, io.EOF):
			return fmt.Errorf("asking QEMU for %s: it ended", command)
		case err != nil:
			return fmt.Errorf("asking QEMU for %s: %w", command, err)
		case reply.Error != nil:
			return fmt.Errorf("asking QEMU for %s: %s", command, reply.Error.Desc)
		case reply.Return != nil:
			return json.Unmarshal(reply.Return, out)
		} // else an event, which may come between
	}
}

// untilEnd waits until QEMU has ended, or so long.
func (m *Monitor) untilEnd(limit time.Duration) {
	m.conn.SetDeadline(time.Now().Add(limit))
	io.Copy(io.Discard, m.conn)
}

// Plug adds a device: driver "usb-storage", its properties, an id to pull it by.
func (m *Monitor) Plug(driver, id string, props map[string]any) error {
	args := map[string]any{"driver": driver, "id": id}
	for k, v := range props {
		args[k] = v
	}
	return m.Do("device_add", args)
}

// Pull takes a device out again.
func (m *Monitor) Pull(id string) error { return m.Do("device_del", map[string]any{"id": id}) }
