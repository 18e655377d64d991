// Command catalog prints what journalctl -x says beside attune's findings, out
// of the program's own list of them. systemd's "Message Catalog" describes the
// form.
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"os"

	"attune/internal/finding"
)

func main() {
	if err := write(os.Stdout, finding.Catalog()); err != nil {
		log.Fatalf("catalog: %v", err)
	}
}

func write(to io.Writer, kinds []finding.Kind) error {
	w := bufio.NewWriter(to)
	fmt.Fprint(w, "# What journalctl -x says beside attune's findings.\n")
	for _, k := range kinds {
		// A line that is empty, or begins with "--", would end a message.
		fmt.Fprintf(w, "\n-- %s\nSubject: %s\nDefined-By: attune\nDocumentation: man:attune(1)\n\n%s\n", finding.MessageID(k.ID), k.ID, k.Means)
		if k.Do != "" {
			fmt.Fprintf(w, "\n%s\n", k.Do)
		}
	}
	return w.Flush()
}
