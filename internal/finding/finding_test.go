package finding

import (
	"regexp"
	"testing"
)

// Every kind can be told apart and says what it means and what to do.
func TestCatalog(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+\.[a-z0-9-]+$`)
	seen := map[string]bool{}
	for _, k := range Catalog() {
		if !name.MatchString(k.ID) || seen[k.ID] {
			t.Errorf("%q is no name, or is there twice", k.ID)
		}
		seen[k.ID] = true
		if k.Means == "" || k.Do == "" || k.Level == "" {
			t.Errorf("%s: something is not said: %+v", k.ID, k)
		}
		if id := MessageID(k.ID); seen[id] || len(id) != 32 {
			t.Errorf("%s: message id %q is another's or too short", k.ID, id)
		}
		seen[MessageID(k.ID)] = true
	}
}

func TestNewOfNoKind(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a name the catalog lacks went through")
		}
	}()
	New("no.such", "", "")
}
