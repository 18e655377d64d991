package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"attune/internal/bus/bustest"
	"attune/internal/peer"
	"attune/internal/service"
	"attune/internal/status"
)

// TestDaemon: the service says of a machine what attune status does, and ends
// when it is wanted no more.
func TestDaemon(t *testing.T) {
	const capture = "../../fixtures/seats/laptop-hdmi.txtar"
	address := bustest.Start(t)
	var told bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run([]string{"daemon", "--root", capture, "--address", address, "--idle", "1s"}, strings.NewReader(""), &told, &told)
	}()
	conn := bustest.Connect(t, address)
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if has, err := peer.Has(t.Context(), conn, service.Name); err != nil || time.Now().After(end) {
			t.Fatalf("the service is not there: %v", err)
		} else if has {
			break
		}
	}
	var got map[string]dbus.Variant
	machine := peer.Peer{Conn: conn, Name: service.Name, Path: service.MachinePath}
	if err := machine.Call(t.Context(), "org.freedesktop.DBus.Properties", "GetAll", []any{&got}, "org.attune1.Machine"); err != nil {
		t.Fatal(err)
	}
	var out, odd bytes.Buffer
	if code := run([]string{"status", "--root", capture, "--json"}, strings.NewReader(""), &out, &odd); code == exitFailed {
		t.Fatal(odd.String())
	}
	var want status.Status
	if err := json.Unmarshal(out.Bytes(), &want); err != nil {
		t.Fatal(err)
	}
	if got["Status"].Value() != string(want.Health) {
		t.Errorf("Status %v, want %s", got["Status"], want.Health)
	}
	displays := got["Displays"].Value().([]map[string]dbus.Variant)
	if len(displays) != len(want.Displays) || len(displays) == 0 {
		t.Fatalf("displays %v, want %v", displays, want.Displays)
	}
	for i, d := range displays {
		if d["connector"].Value() != want.Displays[i].Connector || d["state"].Value() != want.Displays[i].State {
			t.Errorf("display %v, want %v", d, want.Displays[i])
		}
	}
	conn.Close()
	select {
	case code := <-ended:
		if code != exitDone || told.Len() > 0 {
			t.Errorf("ended with %d and said %q", code, told.String())
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it does not end")
	}
}
