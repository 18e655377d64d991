package kernel

import (
	"context"
	"net/netip"
	"os"
	"testing"
	"time"

	"attune/internal/nettest"
)

func TestPrimary(t *testing.T) {
	four, six := netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")
	for name, row := range map[string]struct {
		routes []Route
		want   int
	}{
		"no routes":              {nil, 0},
		"none that leads out":    {[]Route{{To: netip.MustParsePrefix("10.0.0.0/8"), Link: 2}}, 0},
		"the least metric":       {[]Route{{To: four, Link: 2, Metric: 600}, {To: four, Link: 3, Metric: 100}, {To: four, Link: 4, Metric: 700}}, 3},
		"IPv4 before IPv6":       {[]Route{{To: six, Link: 2, Metric: 1}, {To: four, Link: 3, Metric: 1000}}, 3},
		"IPv6 alone":             {[]Route{{To: six, Link: 2, Metric: 1024}, {To: six, Link: 3, Metric: 100}}, 3},
		"of two alike the first": {[]Route{{To: four, Link: 5}, {To: four, Link: 4}}, 5},
	} {
		if got := Primary(row.routes); got != row.want {
			t.Errorf("%s: %d, want %d", name, got, row.want)
		}
	}
}

// Changes are told from the time on that the first call says so.
func TestSystemWatch(t *testing.T) {
	manyLinks(t, 1)
	r, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	s := System{r, os.DirFS("/")}
	ctx, cancel := context.WithCancel(t.Context())
	told, done := make(chan bool, 9), make(chan error)
	go func() { done <- s.Watch(ctx, func() { told <- true }) }()
	for _, change := range []string{"", "addr add 10.99.0.1/32 dev ma0"} {
		if change != "" {
			nettest.IP(t, change)
		}
		select {
		case <-told:
		case <-time.After(10 * time.Second):
			t.Fatalf("%q was not told", change)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	links, err := s.Links()
	if err != nil || len(links) < 3 {
		t.Fatalf("%v %v", links, err)
	}
	for _, l := range links {
		if l.Name == "ma0" && l.Speed != 10_000 { // what the driver says of a pair
			t.Errorf("%+v", l)
		}
	}
}
