package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"attune/internal/finding"
)

const pageHead = `.\" Made from the program's list of findings.
.Dd November 23, 2026
.Dt ATTUNE-FINDINGS 7
.Os
.Sh NAME
.Nm attune-findings
.Nd what attune tells of a machine, and what to do
.Sh DESCRIPTION
What
.Xr attune 1
tells of a machine in
.Ql attune status ,
in the journal and in a report has a name that stays from release to release.
.Pa /usr/share/doc/attune/findings.md
says more of each, and what else stands in the journal.
Something
.Em failed
does not work;
.Em limited
is what works with less than the machine could;
a
.Em note
is for who wants to know.
`

const pageTail = `.Sh EXAMPLES
All of one kind since the machine was switched on, with what is said here:
.Dl $ journalctl -b -x ATTUNE_FINDING=driver.failed
.Sh SEE ALSO
.Xr attune 1 ,
.Xr journalctl 1 ,
.Xr attune.toml 5 ,
.Xr attune-boot.service 8
`

// page is attune-findings(7), in mdoc.
func page(to io.Writer, kinds []finding.Kind) error {
	w := bufio.NewWriter(to)
	fmt.Fprint(w, pageHead)
	area := ""
	for i, k := range kinds {
		if of, _, _ := strings.Cut(k.ID, "."); of != area {
			if i > 0 {
				fmt.Fprint(w, ".El\n")
			}
			area = of
			fmt.Fprintf(w, ".Sh %s\n.Bl -tag -width Ds\n", strings.ToUpper(area))
		}
		fmt.Fprintf(w, ".It Cm %s Pq %s\n%s\n", k.ID, k.Level, roff(k.Means))
		if k.Do != "" {
			fmt.Fprintf(w, ".Pp\n%s\n", roff(k.Do))
		}
	}
	fmt.Fprint(w, ".El\n", pageTail)
	return w.Flush()
}

// roff is text with each sentence on a line of its own, that begins no request
// and has no escape.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "`", "\"", ". ", ".\n").Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
