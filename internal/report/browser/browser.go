// Package browser drives Debian's chromium for tests of pages: it opens one in
// a window of a size, asks it things and takes its picture.
//
// It speaks the browser's DevTools protocol over a pipe, as far as it needs.
// The browser has no network. It is for tests alone; nothing of it is in the
// attune program.
package browser

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"attune/internal/missing"
)

// path is where Debian has it.
const path = "/usr/bin/chromium"

// patience is for one answer; a busy machine takes seconds to draw a page.
const patience = 60 * time.Second

// A Browser is a running one.
type Browser struct {
	t    testing.TB
	to   *os.File
	from chan message
	last int
	saw  []message // what it told of its own accord
}

// A message goes either way. DevTools protocol 1.3.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// Start starts a browser that ends with the test.
func Start(t testing.TB) *Browser {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		missing.Skip(t, "looking at pages: %v (Debian package chromium)", err)
	}
	theirs, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, ours, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	cmd := exec.Command(path, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
		"--remote-debugging-pipe", "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir="+t.TempDir(), "about:blank")
	cmd.ExtraFiles = []*os.File{theirs, ours} // 3 and 4
	cmd.Stderr = &log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() == 0 {
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWNET // no network, whatever it tries
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting the browser: %v", err)
	}
	theirs.Close()
	ours.Close()
	b := &Browser{t: t, to: to, from: make(chan message, 1000)}
	go b.listen(from)
	t.Cleanup(func() {
		to.Close()
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the browser said: %s", log.Bytes())
		}
	})
	return b
}

func (b *Browser) listen(from *os.File) {
	defer close(b.from)
	r := bufio.NewReader(from)
	for {
		line, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if json.Unmarshal(bytes.TrimSuffix(line, []byte{0}), &m) == nil {
			b.from <- m
		}
	}
}

// call asks and waits for the answer.
func (b *Browser) call(session, method string, params any, result any) {
	b.t.Helper()
	b.last++
	data, err := json.Marshal(params)
	if err != nil {
		b.t.Fatal(err)
	}
	line, err := json.Marshal(message{ID: b.last, Session: session, Method: method, Params: data})
	if err == nil {
		_, err = b.to.Write(append(line, 0))
	}
	if err != nil {
		b.t.Fatalf("asking the browser for %s: %v", method, err)
	}
	m := b.until(method, func(m message) bool { return m.ID == b.last })
	if m.Error != nil {
		b.t.Fatalf("%s: %s", method, m.Error.Message)
	}
	if result != nil {
		if err := json.Unmarshal(m.Result, result); err != nil {
			b.t.Fatalf("%s: %v: %.300s", method, err, m.Result)
		}
	}
}

// until keeps what is told until the message that fits.
func (b *Browser) until(what string, fits func(message) bool) message {
	b.t.Helper()
	late := time.After(patience)
	for {
		select {
		case m, ok := <-b.from:
			if !ok {
				b.t.Fatalf("waiting for %s: the browser is gone", what)
			}
			if fits(m) {
				return m
			}
			b.saw = append(b.saw, m)
		case <-late:
			b.t.Fatalf("waiting for %s: nothing in %v", what, patience)
		}
	}
}

// String of a message is for what should not have been told.
func (m message) String() string { return fmt.Sprintf("%s %.400s", m.Method, m.Params) }
