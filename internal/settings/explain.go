package settings

import (
	"fmt"
	"slices"
	"strings"
)

// A Candidate is a value somebody gave a setting.
type Candidate struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Source string `json:"source"` // "/etc/attune/site.toml:3"
	Rank   Rank   `json:"rank"`
	Why    string `json:"why,omitempty"`  // what the source says of it: a quirk's comment and link
	Lost   string `json:"lost,omitempty"` // why it does not count: "lower rank", "masked by ...", "wrong: ..."

	part int
}

// An Explanation is who gave a setting its value, and who lost.
type Explanation struct {
	Key    string      `json:"key"`
	Want   string      `json:"want"` // what its value is
	Doc    string      `json:"doc"`  // what it does
	Set    bool        `json:"set"`
	Value  string      `json:"value,omitempty"`
	Winner []Candidate `json:"winner,omitempty"` // one; of a list all who added to it
	Lost   []Candidate `json:"lost,omitempty"`   // the strongest first
	Masked []File      `json:"masked,omitempty"` // files that are not read at all
}

// take gives a setting the value, unless there is a reason against it, and
// notes who lost by that.
func (s *Settings) take(key Key, e entry, c Candidate) {
	if c.Lost == "" {
		if !key.list {
			s.lose(key.Name, c)
		}
		if key.Name == "keyboard.layout" && c.Value != s.Preferences.Keyboard.Layout {
			s.dropVariant(c)
		}
		_ = key.set(s, e) // was tried by add
		s.Preferences.Sources[key.Name] = c.Source
	}
	s.candidates = append(s.candidates, c)
}

// lose marks who had the setting before.
func (s *Settings) lose(key string, to Candidate) {
	for i, c := range s.candidates {
		if c.Key != key || c.Lost != "" {
			continue
		}
		if s.candidates[i].Lost = "read earlier than " + to.Source; c.Rank != to.Rank {
			s.candidates[i].Lost = "lower rank than " + to.Source
		}
	}
}

// dropVariant: a variant belongs to the layout it was given with. Whoever gives
// another layout does not mean it.
func (s *Settings) dropVariant(layout Candidate) {
	const variant = "keyboard.variant"
	for i, c := range s.candidates {
		if c.Key == variant && c.Lost == "" && c.part != layout.part {
			s.candidates[i].Lost = "belongs to the layout before that of " + layout.Source
			s.Preferences.Keyboard.Variant = ""
			delete(s.Preferences.Sources, variant)
		}
	}
}

// InForce lists every setting somebody has given a value, sorted by name.
func (s Settings) InForce() []Explanation {
	list := []Explanation{}
	for _, k := range keys {
		if e := s.explain(k); e.Set {
			list = append(list, e)
		}
	}
	return list
}

// Explain says who gave a setting its value and who lost. It fails when there
// is no such setting.
func (s Settings) Explain(name string) (Explanation, error) {
	key, ok := find(name)
	if !ok {
		return Explanation{}, fmt.Errorf("explaining a setting: %s", unknown("setting", name, Names()))
	}
	e := s.explain(key)
	for _, f := range s.Files {
		if strings.HasPrefix(f.State, "masked") {
			e.Masked = append(e.Masked, f)
		}
	}
	return e, nil
}

func (s Settings) explain(key Key) Explanation {
	e := Explanation{Key: key.Name, Want: key.Want, Doc: key.Doc}
	for _, c := range slices.Backward(s.candidates) {
		switch {
		case c.Key != key.Name:
		case c.Lost != "":
			e.Lost = append(e.Lost, c)
		default:
			e.Winner = append(e.Winner, c)
			e.Set = true
		}
	}
	if e.Set {
		e.Value = e.Winner[0].Value
		if key.list {
			e.Value = key.text(&s)
		}
	}
	return e
}
