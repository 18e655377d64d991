package settings

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"attune/detect/kmod"
)

// Boot is what a boot has to know before it loads the first module.
type Boot struct {
	Deny     []Named       // modules never to be loaded
	Load     []Named       // modules or aliases to be loaded whatever the devices are
	Skip     []Named       // buses whose devices are left alone
	Deadline time.Duration // to come to rest in, 0 for the usual
}

// A Named is one name of a list and who put it there.
type Named struct {
	Name   string
	Source string // "/etc/attune/site.toml:3", or the word of the command line
}

// Policy is a policy with the modules asked for here in place of its own,
// which are those of the command line alone.
func (b Boot) Policy(p kmod.Policy) kmod.Policy {
	p.Deny, p.Force = modules(b.Deny), modules(b.Load)
	return p
}

func modules(list []Named) []kmod.Named {
	var all []kmod.Named
	for _, n := range list {
		all = append(all, kmod.Named{Module: n.Name, Source: n.Source})
	}
	return all
}

// names are the names alone.
func names(list []Named) []string {
	all := make([]string, len(list))
	for i, n := range list {
		all[i] = n.Name
	}
	return all
}

// A list adds up over the sources: a quirk that denies one module and a site
// that denies another are both meant. "-NAME" takes a name of a lesser source
// away again.
func addTo(list []Named, add []string, source string) []Named {
	for _, name := range add {
		out, away := strings.CutPrefix(name, "-")
		list = slices.DeleteFunc(list, func(n Named) bool { return n.Name == out })
		if !away {
			list = append(list, Named{name, source})
		}
	}
	return list
}

// named reads a list of names: an array, or text with commas.
func named(v any) ([]string, error) {
	var parts []string
	switch v := v.(type) {
	case string:
		parts = strings.Split(v, ",")
	case bare:
		parts = strings.Split(string(v), ",")
	case []string:
		parts = v
	case []any:
		for _, one := range v {
			s, ok := one.(string)
			if !ok {
				return nil, fmt.Errorf("want names")
			}
			parts = append(parts, s)
		}
	default:
		return nil, fmt.Errorf("want names")
	}
	var list []string
	for _, s := range parts {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if !isName(strings.TrimPrefix(s, "-")) {
			return nil, fmt.Errorf("want names")
		}
		list = append(list, s)
	}
	return list, nil
}

func duration(v any) (time.Duration, error) {
	s, err := text(v)
	if n, whole := v.(int64); whole { // seconds
		s, err = fmt.Sprintf("%ds", n), nil
	}
	var d time.Duration
	if err == nil {
		d, err = time.ParseDuration(s)
	}
	if err != nil || d <= 0 || d > time.Hour {
		return 0, fmt.Errorf("want a time such as 30s")
	}
	return d, nil
}
