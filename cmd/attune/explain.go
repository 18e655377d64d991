package main

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"attune/detect"
	"attune/detect/names"
	"attune/internal/explain"
	"attune/internal/inspect"
)

// explainDevices says of each device, or of those named, what became of it.
// The word "display" asks for the whole way to a picture instead.
func explainDevices(in *invocation) (int, error) {
	all := in.flags.Bool("all", false, "every device the kernel knows, not only those a person would name")
	if err := in.parse(); err != nil {
		return 0, err
	}
	if slices.Equal(in.args, []string{"display"}) {
		return explainDisplay(in)
	}
	m, err := in.openToPlan()
	if err != nil {
		return 0, err
	}
	defer m.Close()
	inv, err := m.Scan()
	if err != nil {
		return 0, err
	}
	facts, problems := m.ExplainFacts(inv)
	status := in.warn(problems)
	rows, err := pick(inv, explain.Explain(inv, facts), in.args, *all || in.common.json)
	if err != nil {
		return 0, err
	}
	if in.common.json {
		return status, in.printJSON(verdictsOf(rows))
	}
	out := bufio.NewWriter(in.stdout)
	printVerdicts(out, rows, m.Names(), len(in.args) > 0)
	return status, out.Flush()
}

// A verdictRow is a verdict and its device.
type verdictRow struct {
	explain.Verdict
	device detect.Device
}

// pick keeps the devices asked for, by path, last part of the path or
// interface name; without any, those a person would name and those in trouble.
func pick(inv detect.Inventory, verdicts []explain.Verdict, asked []string, all bool) ([]verdictRow, error) {
	var rows []verdictRow
	for i, v := range verdicts {
		d := inv.Devices[i]
		if len(asked) == 0 && (all || inspect.WorthNaming(d) || !v.Outcome.Works()) || matchesAny(d, asked) {
			rows = append(rows, verdictRow{v, d})
		}
	}
	for _, a := range asked {
		if !slices.ContainsFunc(rows, func(r verdictRow) bool { return matchesAny(r.device, []string{a}) }) {
			return nil, fmt.Errorf("there is no device %q; attune scan --all lists them", a)
		}
	}
	return rows, nil
}

func matchesAny(d detect.Device, asked []string) bool {
	for _, a := range asked {
		a = strings.TrimPrefix(strings.Trim(a, "/"), "sys/")
		if a == d.Path || a == path.Base(d.Path) || d.Ifname != "" && a == d.Ifname || "0000:"+a == path.Base(d.Path) {
			return true
		}
	}
	return false
}

func verdictsOf(rows []verdictRow) []explain.Verdict {
	list := make([]explain.Verdict, 0, len(rows))
	for _, r := range rows {
		list = append(list, r.Verdict)
	}
	return list
}

func printVerdicts(w io.Writer, rows []verdictRow, db *names.DB, full bool) {
	for _, r := range rows {
		fmt.Fprintf(w, "%-16s %-24s %s\n", r.Outcome, deviceID(r.device), db.Text(r.device))
		fmt.Fprintf(w, "%-16s %s\n", "", r.Why)
		if r.Hint != "" {
			fmt.Fprintf(w, "%-16s %s\n", "", r.Hint)
		}
		if full {
			fmt.Fprintf(w, "%-16s /sys/%s\n", "", r.device.Path)
			for _, alias := range r.device.Modalias {
				fmt.Fprintf(w, "%-16s %s\n", "", short(alias))
			}
		}
	}
}
