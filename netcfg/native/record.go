package native

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"slices"

	"attune/netcfg"
	"attune/netcfg/kernel"
)

// Files are those of one directory, /run/attune/network. Each is whole or not there.
type Files interface {
	Read(name string) ([]byte, error) // fs.ErrNotExist when it is not there
	Write(name string, data []byte, perm fs.FileMode) error
	Remove(name string) error // nil when it is not there
}

// recordsFile is where the records are.
const recordsFile = "native/links.json"

// A record is what was asked for one link, and what there was before. The file that
// it is in is all that the engine knows: a daemon that is started again goes on from
// there.
type record struct {
	Index   int            `json:"index"`
	Name    string         `json:"name"`
	MAC     string         `json:"mac"`
	Down    bool           `json:"down,omitempty"`
	Profile netcfg.Profile `json:"profile,omitzero"`
	Guard   netcfg.Guard   `json:"guard,omitzero"`
	Added   []netip.Prefix `json:"added,omitempty"` // addresses that were not there before
	Before  facts          `json:"before"`
}

// keep is the record of a link; of one that nothing was asked for so far it is how
// the link is.
func (e *Engine) keep(l look) record {
	if r, ok := e.get(l.Index); ok {
		return r
	}
	r := record{Index: l.Index, Name: l.Name, MAC: hardware(l.Link), Before: l.set}
	r.Before.Routes = slices.DeleteFunc(slices.Clone(l.set.Routes), func(r route) bool { return r.Protocol == protocol })
	return r
}

// adopt finds the links of records whose own are gone: an adapter that was pulled
// out and put in again is another link, with the same hardware.
func (e *Engine) adopt(links []kernel.Link) {
	e.mu.Lock()
	defer e.mu.Unlock()
	there := map[int]bool{}
	for _, l := range links {
		there[l.Index] = true
	}
	for _, old := range slices.Sorted(maps.Keys(e.records)) {
		r := e.records[old]
		if there[old] {
			continue
		}
		i := slices.IndexFunc(links, func(l kernel.Link) bool { return e.records[l.Index] == nil && hardware(l) == r.MAC && !l.Loopback })
		if i < 0 {
			continue
		}
		moved := *r
		moved.Index, moved.Name = links[i].Index, links[i].Name
		delete(e.records, old)
		delete(e.was, old)
		e.records[moved.Index] = &moved
		e.was[moved.Index] = &history{again: true}
		e.save() // else it is found again the next time
	}
}

// hardware is the address that a link keeps when it is made again.
func hardware(l kernel.Link) string {
	if len(l.PermanentMAC) > 0 {
		return l.PermanentMAC.String()
	}
	return l.MAC.String()
}

// load reads the records. A file that is no longer whole is as none: what it was
// about still carries our number, and Forget takes it away.
func (e *Engine) load() error {
	e.records = map[int]*record{}
	data, err := e.o.Files.Read(recordsFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("reading what was asked for of links: %w", err)
	}
	var all []*record
	if err := json.Unmarshal(data, &all); err != nil {
		return nil
	}
	for _, r := range all {
		if r != nil {
			e.records[r.Index] = r
		}
	}
	return nil
}

// save writes them. The last one's going takes the file with it.
func (e *Engine) save() error {
	if len(e.records) == 0 {
		return e.o.Files.Remove(recordsFile)
	}
	var all []*record
	for _, index := range slices.Sorted(maps.Keys(e.records)) {
		all = append(all, e.records[index])
	}
	data, err := json.MarshalIndent(all, "", "\t")
	if err == nil {
		err = e.o.Files.Write(recordsFile, data, 0o600)
	}
	if err != nil {
		return fmt.Errorf("writing down what is asked for of links: %w", err)
	}
	return nil
}

// put changes the record of a link, or takes it away.
func (e *Engine) put(index int, r *record) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r == nil {
		delete(e.records, index)
	} else {
		e.records[index] = r
	}
	return e.save()
}

// get is the record of a link, a copy.
func (e *Engine) get(index int) (record, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r, ok := e.records[index]; ok {
		return *r, true
	}
	return record{}, false
}
