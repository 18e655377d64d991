package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"attune/internal/identity"
	"attune/internal/settings"
	"attune/xconfig"
)

// showConfig prints the settings in force and where each comes from, or all
// there is to say of one.
func showConfig(in *invocation) (int, error) {
	explain := in.flags.String("explain", "", "say of this `setting` who won and who lost; output and touch are the rules")
	m, err := in.start(in.open)
	if err != nil {
		return 0, err
	}
	defer m.Close()
	c, problems := m.config()
	if *explain != "" {
		e, err := c.explain(*explain)
		if err != nil {
			return 0, err
		}
		// What is wrong elsewhere is no answer to this.
		return exitDone, in.printExplained(e)
	}
	status := in.warn(problems)
	if in.common.json {
		return status, in.printJSON(c)
	}
	out := bufio.NewWriter(in.stdout)
	c.print(out)
	return status, out.Flush()
}

// A config is what attune config --json prints.
type config struct {
	Settings []settings.Explanation `json:"settings"`
	Output   []xconfig.OutputRule   `json:"output,omitempty"` // the first that matches decides
	Touch    []xconfig.TouchRule    `json:"touch,omitempty"`
	Files    []settings.File        `json:"files,omitempty"`
	Identity *identity.Identity     `json:"identity,omitempty"` // where a file asked for it
	Warnings []string               `json:"warnings,omitempty"`

	all settings.Settings
}

func (m *machine) config() (config, []error) {
	s, errs := m.Settings()
	c := config{Settings: s.InForce(), Output: s.Preferences.Outputs, Touch: s.Preferences.Touch, Files: s.Files, all: s}
	if len(s.Identity.IDs)+len(s.Identity.Refused) > 0 {
		who := s.Identity.Public()
		c.Identity = &who
	}
	for _, err := range errs {
		c.Warnings = append(c.Warnings, err.Error())
	}
	return c, errs
}

func (c config) print(w io.Writer) {
	for _, e := range c.Settings {
		for i, by := range e.Winner {
			value := e.Value
			if i > 0 {
				value = ""
			}
			fmt.Fprintf(w, "%-28s %-20s %-20s %s\n", e.Key, value, by.Rank, by.Source)
		}
	}
	for _, r := range c.Output {
		fmt.Fprintf(w, "%-28s %-41s %s\n", "output", r.Match, r.Source)
	}
	for _, r := range c.Touch {
		fmt.Fprintf(w, "%-28s %-41s %s\n", "touch", r.Device, r.Source)
	}
	if len(c.Settings)+len(c.Output)+len(c.Touch) == 0 {
		fmt.Fprintln(w, "nobody has asked for anything")
	}
	for _, f := range c.Files {
		if f.State != "read" {
			fmt.Fprintf(w, "%-28s %-20s %-20s %s\n", "file", f.State, f.Rank, f.Path)
		}
	}
}

// An explained is what attune config --explain prints: a setting's, or the
// rules in the order in which they are asked.
type explained struct {
	*settings.Explanation
	Rules []ruleText `json:"rules,omitempty"`
}

type ruleText struct {
	Match  string `json:"match"`
	Source string `json:"source"`
}

func (c config) explain(name string) (explained, error) {
	var rules []ruleText
	switch name {
	case "output":
		for _, r := range c.Output {
			rules = append(rules, ruleText{r.Match.String(), r.Source})
		}
		return explained{Rules: rules}, nil
	case "touch":
		for _, r := range c.Touch {
			rules = append(rules, ruleText{r.Device, r.Source})
		}
		return explained{Rules: rules}, nil
	}
	e, err := c.all.Explain(name)
	return explained{Explanation: &e}, err
}

func (in *invocation) printExplained(e explained) error {
	if in.common.json {
		return in.printJSON(e)
	}
	var b strings.Builder
	if e.Explanation != nil {
		explainText(&b, *e.Explanation)
	}
	for i, r := range e.Rules {
		fmt.Fprintf(&b, "%d. %s, by %s\n", i+1, r.Match, r.Source)
	}
	if e.Explanation == nil && len(e.Rules) == 0 {
		fmt.Fprintln(&b, "there is no such rule")
	}
	_, err := io.WriteString(in.stdout, b.String())
	return err
}

func explainText(w io.Writer, e settings.Explanation) {
	if e.Set {
		fmt.Fprintf(w, "%s = %s\n", e.Key, e.Value)
	} else {
		fmt.Fprintf(w, "%s is not set\n", e.Key)
	}
	fmt.Fprintf(w, "%s; it takes %s\n", e.Doc, e.Want)
	for _, c := range e.Winner {
		fmt.Fprintf(w, "from   %s\n", ranked(c))
		if c.Why != "" {
			fmt.Fprintf(w, "       %s\n", c.Why)
		}
	}
	for _, c := range e.Lost {
		fmt.Fprintf(w, "lost   %s %s: %s\n", ranked(c), or(c.Value, "-"), c.Lost)
	}
	for _, f := range e.Masked {
		fmt.Fprintf(w, "file   %s: %s\n", f.Path, f.State)
	}
}

// ranked is a source with its rank, where it does not say that itself.
func ranked(c settings.Candidate) string {
	if strings.HasPrefix(c.Source, c.Rank.String()) {
		return c.Source
	}
	return c.Source + " (" + c.Rank.String() + ")"
}
