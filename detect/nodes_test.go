package detect

import (
	"bytes"
	"errors"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"
)

const nodesText = "dri/card0\teDP-1\tid\t95\n" +
	"dri/card0\teDP-1\tpanel orientation\tRight Side Up\n" +
	"dri/card0\tDP-2\tid\t103\n" +
	"dri/card0\tDP-2\tnon-desktop\t1\n" +
	"dri/card0\tDP-2\tlink-status\tBad\n" +
	"dri/card0\tDP-2\tPATH\tmst:95-1-8\n" +
	"dri/card0\tDP-2\tTILE\t1:1:2:1:0:0:2560:2880\n" +
	"input/event5\tabs 0\t0 4095 31\n" +
	"input/event5\tabs 53\t-10 10 0\n"

// A machine's nodes, written down and read again, say the same.
func TestRecordNodes(t *testing.T) {
	root := fstest.MapFS{
		"sys/class/drm/card0/uevent":                      {},
		"sys/class/drm/card0-eDP-1/uevent":                {},
		"sys/class/input/event5/device/capabilities/abs":  {Data: []byte("20000000000001\n")},
		"sys/class/input/event50/device/capabilities/abs": {Data: []byte("0\n")},
		NodesFile: {Data: []byte(nodesText)},
	}
	said := NodesOf(root)
	if got := RecordNodes(root, said); string(got) != nodesText {
		t.Errorf("recorded\n%s\nof\n%s", got, nodesText)
	}
	if got := RecordNodes(root, nil); got != nil {
		t.Errorf("nobody said %q", got)
	}
	if NodesOf(fstest.MapFS{}) != nil {
		t.Error("a capture without nodes has somebody to ask")
	}
}

// Lines that are cut, too long or no numbers cost themselves.
func TestParseNodesOdd(t *testing.T) {
	n := parseNodes([]byte("dri/card0\tDP-1\tid\tx\ndri/card0\tDP-1\nnonsense\n\ninput/event1\tabs\t1 2 3\n" +
		"input/event1\tabs 1\t1 2\ninput/event1\tabs 99999\t1 2 3\ninput/event1\tabs 1\t1 2 99999999999\ninput/event1\tabs 1\t0 9 1\n"))
	want := &recorded{map[string][]ConnectorFacts{"dri/card0": {{Name: "DP-1"}}}, map[string][]Axis{"input/event1": {{1, 0, 9, 1}}}}
	if !reflect.DeepEqual(n, want) {
		t.Errorf("%+v", n)
	}
}

// A driver that hangs costs its card's facts and half a second, no more.
type hanging struct{ block chan struct{} }

func (h hanging) Connectors(string) ([]ConnectorFacts, error) { <-h.block; return nil, nil }
func (h hanging) Axes(string) ([]Axis, error)                 { return nil, errors.New("sick") }

func TestHungCard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hanging{make(chan struct{})}
		defer close(h.block)
		root := &linked{fstest.MapFS{
			"sys/devices/pci0000:00/0000:00:02.0/drm/card0/card0-DP-1/status": {Data: []byte("connected\n")},
			"sys/class/drm/card0": {},
		}}
		began := time.Now()
		g := ScanGraphics(root, Inventory{}, h)
		if took := time.Since(began); took != patience {
			t.Errorf("took %v", took)
		}
		if len(g.Cards) != 1 || len(g.Cards[0].Connectors) != 1 || g.Cards[0].Connectors[0].Status != "connected" {
			t.Errorf("%+v", g)
		}
		if len(g.Problems) != 1 || g.Problems[0].Path != "dev/dri/card0" {
			t.Errorf("problems %v", g.Problems)
		}
	})
}

// linked is a tree whose class/drm/card0 is a link.
type linked struct{ fstest.MapFS }

func (l *linked) ReadLink(name string) (string, error) {
	if name == "sys/class/drm/card0" {
		return "../../devices/pci0000:00/0000:00:02.0/drm/card0", nil
	}
	return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrNotExist}
}

func FuzzNodes(f *testing.F) {
	f.Add([]byte(nodesText))
	f.Add([]byte("dri/card0\t\t\t\ninput/\tabs 0\t\t"))
	f.Fuzz(func(t *testing.T, text []byte) {
		n := parseNodes(text)
		for node, all := range n.connectors {
			if len(all) == 0 || !strings.HasPrefix(node, "dri/") {
				t.Errorf("%q: %v", node, all)
			}
			// What was read is written in the form that is read.
			var b bytes.Buffer
			for _, c := range all {
				c.write(&b, "dri/card0")
			}
			if again := parseNodes(b.Bytes()); len(again.connectors["dri/card0"]) > len(all) {
				t.Errorf("%d connectors became %d", len(all), len(again.connectors["dri/card0"]))
			}
		}
	})
}
