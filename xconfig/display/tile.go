package display

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"attune/detect/edid/timing"
)

// A tile is a display's part in a larger one.
type tile struct {
	group         string // the same for all parts
	columns, rows int
	column, row   int
	width, height int
}

// tileOf is the kernel's word (the connector's TILE property), else the EDID's.
func (h *head) tileOf() (tile, bool) {
	if t, ok := parseTile(h.conn.Tile); ok {
		t.group = h.card.ID + " " + t.group
		return t, t.makesSense()
	}
	if h.edid == nil {
		return tile{}, false
	}
	t, ok := h.edid.Tile()
	if !ok {
		return tile{}, false
	}
	group := fmt.Sprintf("%s %s-%04x-%08x", h.card.ID, t.Group.Vendor, t.Group.Product, t.Group.Serial)
	part := tile{group, t.Columns, t.Rows, t.Column, t.Row, t.Width, t.Height}
	return part, part.makesSense()
}

// parseTile reads the property's eight numbers, as the kernel's
// drm_connector_set_tile_property writes them: group, whether all is in one
// enclosure, columns, rows, column, row, width, height.
func parseTile(s string) (tile, bool) {
	parts := strings.Split(strings.TrimRight(s, "\x00\n"), ":")
	if len(parts) != 8 {
		return tile{}, false
	}
	var n [8]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil {
			return tile{}, false
		}
		n[i] = v
	}
	return tile{parts[0], n[2], n[3], n[4], n[5], n[6], n[7]}, true
}

func (t tile) makesSense() bool {
	return t.columns > 0 && t.rows > 0 && t.columns*t.rows > 1 && t.columns <= 16 && t.rows <= 16 &&
		t.column >= 0 && t.column < t.columns && t.row >= 0 && t.row < t.rows &&
		t.width > 0 && t.height > 0 && t.columns*t.width <= maxSide && t.rows*t.height <= maxSide
}

// mergeTiles makes one output of the parts of one display, which the kernel
// shows as several connectors.
func (d *displays) mergeTiles() {
	groups, order := map[string][]*head{}, []string{}
	for _, h := range d.on() {
		if t, ok := h.tileOf(); ok {
			h.tile = t
			if groups[t.group] == nil {
				order = append(order, t.group)
			}
			groups[t.group] = append(groups[t.group], h)
		}
	}
	for _, g := range order {
		d.mergeGroup(groups[g])
	}
}

func (d *displays) mergeGroup(parts []*head) {
	slices.SortStableFunc(parts, func(a, b *head) int {
		return cmp.Or(cmp.Compare(a.tile.row, b.tile.row), cmp.Compare(a.tile.column, b.tile.column))
	})
	first := parts[0]
	if !complete(parts) {
		d.note(first.conn.Name, "is one of %d parts of a display, and not all are connected: each is used by itself",
			first.tile.columns*first.tile.rows)
		return
	}
	if d.otherMode(first) {
		for _, h := range parts[1:] {
			h.off("part of the display on " + first.conn.Name + ", which alone shows the mode asked for")
			h.ruledOff = true
		}
		return
	}
	t := first.tile
	first.wholeMode = true
	first.setMode(timing.Mode{HActive: t.columns * t.width, VActive: t.rows * t.height},
		fmt.Sprintf("%d x %d tiles of %dx%d, each with that mode", t.columns, t.rows, t.width, t.height))
	first.believeSize()
	for _, h := range parts {
		first.out.Tiles = append(first.out.Tiles, h.conn.Name)
		first.out.Touch, first.out.Largest = first.out.Touch || h.out.Touch, first.out.Largest || h.out.Largest
		if h.wantPrimary && !first.wantPrimary {
			first.wantPrimary, first.primaryWhy, first.primaryRule = true, h.primaryWhy, h.primaryRule
		}
	}
	d.heads = slices.DeleteFunc(d.heads, func(h *head) bool { return slices.Contains(parts[1:], h) })
}

// complete says that every place of the whole has its part, and that all say
// the same of the whole. Parts are sorted.
func complete(parts []*head) bool {
	whole := parts[0].tile
	if len(parts) != whole.columns*whole.rows {
		return false
	}
	for i, h := range parts {
		t := h.tile
		t.column, t.row = 0, 0
		if t != (tile{whole.group, whole.columns, whole.rows, 0, 0, whole.width, whole.height}) ||
			h.tile.row*whole.columns+h.tile.column != i {
			return false
		}
	}
	return true
}

// otherMode says whether a rule wants a mode which is not the whole's.
func (d *displays) otherMode(h *head) bool {
	want, err := parseMode(h.wantMode.text)
	if err != nil {
		return false
	}
	t := h.tile
	if want.width == t.columns*t.width && want.height == t.rows*t.height {
		return false
	}
	_, has := pickMode(h.modes, want)
	return has
}
