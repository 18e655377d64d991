package drm

import (
	"slices"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"attune/detect"
)

// A fake is a kernel with one card, as strict as drm_mode_getconnector: it
// fills a list only when there is room for all of it, and asks the monitor
// when no room for modes is given.
type fake struct {
	connectors []fakeConnector
	names      map[uint32]string
	blobs      map[uint32]string
	probed     int
}

type fakeConnector struct {
	id, kind, number uint32
	props            []uint32
	values           []uint64
	gone             bool
}

func at[T any](address uint64, n int) []T {
	// A pointer that came as a number, as the kernel gets it.
	return unsafe.Slice(*(**T)(unsafe.Pointer(&address)), n)
}

func (f *fake) ioctl(request uint, arg unsafe.Pointer) error {
	switch request {
	case getResources:
		r := (*resources)(arg)
		if int(r.countConnectors) >= len(f.connectors) {
			for i, c := range f.connectors {
				at[uint32](r.connectors, len(f.connectors))[i] = c.id
			}
		}
		r.countConnectors = uint32(len(f.connectors))
	case getConn:
		return f.connector((*connector)(arg))
	case getProperty:
		p := (*property)(arg)
		copy(p.name[:], f.names[p.id])
	case getBlob:
		b := (*blob)(arg)
		text := f.blobs[b.id]
		if b.length >= uint32(len(text)) && b.data != 0 {
			copy(at[byte](b.data, len(text)), text)
		}
		b.length = uint32(len(text))
	default:
		return unix.ENOTTY
	}
	return nil
}

func (f *fake) connector(a *connector) error {
	i := slices.IndexFunc(f.connectors, func(c fakeConnector) bool { return c.id == a.id && !c.gone })
	if i < 0 {
		return unix.ENOENT
	}
	c := f.connectors[i]
	if a.countModes == 0 {
		f.probed++
	}
	a.kind, a.number = c.kind, c.number
	if n := len(c.props); int(a.countProps) >= n && n > 0 {
		copy(at[uint32](a.props, n), c.props)
		copy(at[uint64](a.values, n), c.values)
	}
	a.countProps = uint32(len(c.props))
	return nil
}

func TestConnectors(t *testing.T) {
	f := &fake{
		names: map[uint32]string{1: "EDID", 2: "panel orientation", 3: "non-desktop", 4: "link-status", 5: "PATH", 6: "TILE"},
		blobs: map[uint32]string{70: "mst:95-1-8\x00", 71: "1:1:2:1:0:0:2560:2880\x00"},
		connectors: []fakeConnector{
			{id: 95, kind: 14, number: 1, props: []uint32{1, 2, 3, 4}, values: []uint64{60, 3, 0, 0}},
			{id: 103, kind: 11, number: 2, props: []uint32{3, 4}, values: []uint64{1, 1}},
			{id: 110, kind: 10, number: 7, gone: true},
			{id: 112, kind: 10, number: 8, props: []uint32{5, 6, 2}, values: []uint64{70, 71, 9}},
			{id: 120, kind: 99, number: 1},
		},
	}
	got, err := connectors(f)
	if err != nil {
		t.Fatal(err)
	}
	want := []detect.ConnectorFacts{
		{Name: "eDP-1", ID: 95, Orientation: "Right Side Up"},
		{Name: "HDMI-A-2", ID: 103, NonDesktop: true, LinkBad: true},
		{Name: "DP-8", ID: 112, MSTPath: "mst:95-1-8", Tile: "1:1:2:1:0:0:2560:2880"},
		{Name: "Unknown-1", ID: 120},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v\nwanted %+v", got, want)
	}
	if f.probed != 0 {
		t.Errorf("%d monitors were asked", f.probed)
	}
	if _, err := getConnector(f, 95, true); err != nil || f.probed != 1 {
		t.Errorf("a probe asked %d monitors, %v", f.probed, err)
	}
}

// What no driver should say does not make us allocate without end.
func TestBounds(t *testing.T) {
	many := &fake{connectors: make([]fakeConnector, maxConnectors+1)}
	if _, err := connectors(many); err == nil {
		t.Error("a card with too many connectors was taken")
	}
	props := &fake{connectors: []fakeConnector{{id: 1, props: make([]uint32, maxProperties+1), values: make([]uint64, maxProperties+1)}}}
	if _, err := connectors(props); err == nil {
		t.Error("a connector with too many properties was taken")
	}
}

func TestLayout(t *testing.T) {
	// Numbers as a C compiler gives them for include/uapi/drm/drm.h on x86.
	for _, row := range []struct {
		name      string
		got, want uint
	}{
		{"DRM_IOCTL_MODE_GETRESOURCES", getResources, 0xc04064a0},
		{"DRM_IOCTL_MODE_GETCONNECTOR", getConn, 0xc05064a7},
		{"DRM_IOCTL_MODE_GETPROPERTY", getProperty, 0xc04064aa},
		{"DRM_IOCTL_MODE_GETPROPBLOB", getBlob, 0xc01064ac},
	} {
		if row.got != row.want {
			t.Errorf("%s: %#x, wanted %#x", row.name, row.got, row.want)
		}
	}
}

func TestOpenNames(t *testing.T) {
	for _, name := range []string{"", "dri/card", "dri/renderD128", "dri/card0/../../sda", "sda"} {
		if _, err := open(name); err == nil {
			t.Errorf("%q was opened", name)
		}
	}
}
