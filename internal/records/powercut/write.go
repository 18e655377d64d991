package powercut

import (
	"fmt"
	"io"

	"attune/internal/records"
)

// Write does what Script does, without processes of its own: it writes records
// from a number on and says each to be safe, until something fails.
func Write(to io.Writer, s *records.Store, n int) error {
	for {
		n++
		r := records.Record{
			Kind: "keyboard", Scope: records.Machine, Origin: records.ByAdmin,
			Match: records.Match{Machine: map[string]string{"product_name": fmt.Sprintf("cut-%d", n%Kinds)}},
			Value: &records.Keyboard{Options: fmt.Sprintf("seq:%d", n)},
		}
		stored, lost, err := s.Put(r)
		if err == nil && lost != nil {
			err = lost
		}
		if err != nil {
			return fmt.Errorf("writing record %d: %w", n, err)
		}
		if _, err := fmt.Fprintf(to, "%s: %s, kept in %s\n", stored.ID(), stored.Value, stored.Path); err != nil {
			return err
		}
	}
}
