// Package interfaces has the interface files of attune's objects: those that are
// installed for people who write programs, and that the program itself is held
// against when it puts an object on the bus.
//
// A file is named after its interface. Its documentation is in comments as
// gdbus-codegen(1) reads them, which a test holds to be there for every member.
package interfaces

import (
	"embed"
	"fmt"
	"strings"

	"attune/internal/bus"
)

//go:embed *.xml
var files embed.FS

// Get is an interface by its name, "org.attune1.Machine".
func Get(name string) (*bus.Interface, error) {
	text, err := files.ReadFile(name + ".xml")
	if err != nil {
		return nil, fmt.Errorf("there is no interface file of %s", name)
	}
	in, err := bus.ParseInterface(text)
	if err == nil && in.Name != name {
		err = fmt.Errorf("the interface file of %s describes %s", name, in.Name)
	}
	return in, err
}

// Names are those of all interfaces there are files of, sorted.
func Names() []string {
	entries, _ := files.ReadDir(".")
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".xml")
	}
	return names
}
