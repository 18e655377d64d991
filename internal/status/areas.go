package status

import (
	"slices"
	"strings"
)

// An Area is a part of a machine and how it is, by the findings about it.
type Area struct {
	Name   string `json:"name"`
	Health Health `json:"health"`
}

// areaNames in the order they are told; a finding's name begins with one.
var areaNames = []string{"boot", "display", "input", "driver", "settings", "state", "records"}

func areas(s Status) []Area {
	of := map[string][]Told{}
	names := slices.Clone(areaNames)
	for _, f := range s.Findings {
		name, _, _ := strings.Cut(f.ID, ".")
		of[name] = append(of[name], f)
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	all := make([]Area, len(names))
	for i, name := range names {
		all[i] = Area{name, healthOf(of[name])}
	}
	return all
}
