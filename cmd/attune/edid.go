package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"attune/detect/edid"
)

// A shownEDID is one EDID with what follows from it.
type shownEDID struct {
	File string `json:"file"`         // where it was read, with the output's name where the file has several
	ID   string `json:"id,omitempty"` // as in settings
	*edid.EDID
	Modes []edid.Mode `json:"modes"` // as Linux lists them, the preferred first
}

// showEDID decodes displays' EDIDs. What is no EDID costs that file alone.
func showEDID(in *invocation) (int, error) {
	if err := in.parse(); err != nil {
		return 0, err
	}
	if len(in.args) == 0 {
		in.flags.Usage()
		return exitUsage, nil
	}
	shown, errs := in.readEDIDs(in.args)
	if err := in.printEDIDs(shown); err != nil {
		return 0, err
	}
	for _, err := range errs {
		fmt.Fprintf(in.stderr, "attune edid: %v\n", err)
	}
	if len(errs) > 0 {
		return exitFailed, nil
	}
	for _, s := range shown {
		if len(s.Problems) > 0 {
			return exitWarnings, nil
		}
	}
	return exitDone, nil
}

func (in *invocation) printEDIDs(shown []shownEDID) error {
	if in.common.json {
		return in.printJSON(shown)
	}
	out := bufio.NewWriter(in.stdout)
	for i, s := range shown {
		if i > 0 {
			fmt.Fprintln(out)
		}
		printEDID(out, s)
	}
	return out.Flush()
}

// readEDIDs decodes every EDID of every file.
func (in *invocation) readEDIDs(files []string) (shown []shownEDID, errs []error) {
	shown = []shownEDID{}
	for _, name := range files {
		data, err := in.readInput(name)
		if err != nil {
			errs = append(errs, fmt.Errorf("reading %s: %w", shownName(name), err))
			continue
		}
		for _, found := range findEDIDs(data) {
			where := shownName(name)
			if found.output != "" {
				where += ", " + found.output
			}
			e, err := edid.Parse(found.data)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", where, err))
				continue
			}
			shown = append(shown, shownEDID{where, e.ID(), e, e.Modes()})
		}
	}
	return shown, errs
}

// maxInput is more than any dump of all EDIDs of a machine has.
const maxInput = 16 << 20

func (in *invocation) readInput(name string) ([]byte, error) {
	from := in.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		from = f
	}
	data, err := io.ReadAll(io.LimitReader(from, maxInput+1))
	if err == nil && len(data) > maxInput {
		err = fmt.Errorf("more than %d MB", maxInput>>20)
	}
	return data, err
}

func shownName(name string) string {
	if name == "-" {
		return "standard input"
	}
	return strings.TrimPrefix(name, "./")
}
