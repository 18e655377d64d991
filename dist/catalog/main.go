// Command catalog prints what is made of the program's own list of findings:
// what journalctl -x says beside them (systemd's "Message Catalog" describes the
// form), or with -man the manual page that lists them.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"attune/internal/finding"
)

func main() {
	manual := flag.Bool("man", false, "print the manual page")
	flag.Parse()
	write := journal
	if *manual {
		write = page
	}
	if err := write(os.Stdout, finding.Catalog()); err != nil {
		log.Fatalf("catalog: %v", err)
	}
}

func journal(to io.Writer, kinds []finding.Kind) error {
	w := bufio.NewWriter(to)
	fmt.Fprint(w, "# What journalctl -x says beside attune's findings.\n")
	for _, k := range kinds {
		// A line that is empty, or begins with "--", would end a message.
		fmt.Fprintf(w, "\n-- %s\nSubject: %s\nDefined-By: attune\nDocumentation: man:attune-findings(7)\n\n%s\n", finding.MessageID(k.ID), k.ID, k.Means)
		if k.Do != "" {
			fmt.Fprintf(w, "\n%s\n", k.Do)
		}
	}
	return w.Flush()
}
