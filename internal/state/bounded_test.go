package state

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"
)

// gone is a machine whose state directory never answers.
type gone struct{ fstest.MapFS }

func (g gone) Open(name string) (fs.File, error) {
	if len(name) >= len(Dir)-1 && name[:len(Dir)-1] == Dir[1:] {
		time.Sleep(time.Hour)
	}
	return g.MapFS.Open(name)
}

// All who read what hangs wait once together; the rest of the machine is as
// quick as ever.
func TestBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		root := Bounded(gone{fstest.MapFS{"etc/a": {Data: []byte("x")}, "var/lib/attuned": {Data: []byte("y")}}}, time.Second)
		begin := time.Now()
		for range 5 {
			for _, name := range []string{"var/lib/attune", "var/lib/attune/records/x"} {
				_, err := root.Open(name)
				_, rerr := fs.ReadFile(root, name)
				if !errors.Is(err, ErrLate) || !errors.Is(rerr, ErrLate) {
					t.Fatal(err, rerr)
				}
			}
			for name, want := range map[string]string{"etc/a": "x", "var/lib/attuned": "y"} {
				if data, err := fs.ReadFile(root, name); string(data) != want || err != nil {
					t.Errorf("%s: %q %v", name, data, err)
				}
			}
		}
		if took := time.Since(begin); took != time.Second {
			t.Errorf("it took %v", took)
		}
		time.Sleep(time.Hour) // what hung comes back in the end
	})
}
