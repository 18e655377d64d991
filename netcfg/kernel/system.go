package kernel

import (
	"context"
	"io/fs"
)

// A System is the network of one namespace as both netlink and /sys tell it.
type System struct {
	*Reader
	Root fs.FS // of the machine
}

// Links are those of the Reader, with what Describe adds.
func (s System) Links() ([]Link, error) {
	links, err := s.Reader.Links()
	Describe(s.Root, links)
	return links, err
}

// Watch calls changed after each burst of changes, and once as soon as it hears them,
// until the context is done. It is of the namespace of the calling thread.
func (s System) Watch(ctx context.Context, changed func()) error {
	w, err := OpenWatcher()
	if err != nil {
		return err
	}
	changed()
	return w.Run(ctx, changed)
}

// Primary is the index of the link that leads out of the machine: that of the default
// route with the least metric, IPv4 before IPv6, as most of the world is still found
// by that; 0 where there is none. Of two that are alike the kernel takes the first.
func Primary(routes []Route) int {
	best := -1
	for i, r := range routes {
		if r.To.Bits() != 0 {
			continue
		}
		if best < 0 || r.before(routes[best]) {
			best = i
		}
	}
	if best < 0 {
		return 0
	}
	return routes[best].Link
}

func (r Route) before(o Route) bool {
	if r.To.Addr().Is4() != o.To.Addr().Is4() {
		return r.To.Addr().Is4()
	}
	return r.Metric < o.Metric
}
