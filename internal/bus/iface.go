package bus

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"
)

// Annotations of an interface file.
const (
	// annotationAction names the polkit action that a method or the writing of a
	// property needs, or says Anyone.
	annotationAction = "org.attune1.Action"

	// annotationChanged is the standard one of what PropertiesChanged tells of a
	// property: true, invalidates, const or false. D-Bus Specification,
	// "Introspection Data Format".
	annotationChanged = "org.freedesktop.DBus.Property.EmitsChangedSignal"
)

// Anyone is the action of what nobody has to be asked for.
const Anyone = "none"

// An Interface is what an interface file describes.
type Interface struct {
	Name       string
	Methods    []Method
	Signals    []Signal
	Properties []Property
}

// A Method is one <method> of an interface file.
type Method struct {
	Name    string
	In, Out []Arg
	Action  string // what a caller must be allowed, or Anyone
}

// An Arg is one <arg>. Type is a single complete type of the D-Bus type system.
type Arg struct{ Name, Type string }

// A Signal is one <signal> of an interface file.
type Signal struct {
	Name string
	Args []Arg
}

// A Property is one <property> of an interface file.
type Property struct {
	Name, Type, Access string
	Action             string // of writing it, where Access says that one may
	Changed            string // what PropertiesChanged tells of it
}

// The file, as encoding/xml sees it.
type (
	xmlNode struct {
		XMLName    xml.Name       `xml:"node"`
		Interfaces []xmlInterface `xml:"interface"`
	}
	xmlInterface struct {
		Name       string        `xml:"name,attr"`
		Methods    []xmlMember   `xml:"method"`
		Signals    []xmlMember   `xml:"signal"`
		Properties []xmlProperty `xml:"property"`
	}
	xmlMember struct {
		Name        string          `xml:"name,attr"`
		Args        []xmlArg        `xml:"arg"`
		Annotations []xmlAnnotation `xml:"annotation"`
	}
	xmlArg struct {
		Name      string `xml:"name,attr"`
		Type      string `xml:"type,attr"`
		Direction string `xml:"direction,attr"`
	}
	xmlProperty struct {
		Name        string          `xml:"name,attr"`
		Type        string          `xml:"type,attr"`
		Access      string          `xml:"access,attr"`
		Annotations []xmlAnnotation `xml:"annotation"`
	}
	xmlAnnotation struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
)

// ParseInterface reads an interface file, which describes one interface. What
// may be called without a word about who may is an error.
func ParseInterface(text []byte) (*Interface, error) {
	var n xmlNode
	if err := xml.Unmarshal(text, &n); err != nil {
		return nil, fmt.Errorf("reading an interface file: %w", err)
	}
	if len(n.Interfaces) != 1 {
		return nil, fmt.Errorf("reading an interface file: %d interfaces, not one", len(n.Interfaces))
	}
	x := n.Interfaces[0]
	in := &Interface{Name: x.Name}
	for _, m := range x.Methods {
		method := Method{Name: m.Name, Action: annotation(m.Annotations, annotationAction)}
		if method.Action == "" {
			return nil, fmt.Errorf("reading interface %s: method %s does not say who may call it", x.Name, m.Name)
		}
		for _, a := range m.Args {
			if a.Direction == "out" {
				method.Out = append(method.Out, Arg{a.Name, a.Type})
			} else {
				method.In = append(method.In, Arg{a.Name, a.Type})
			}
		}
		in.Methods = append(in.Methods, method)
	}
	for _, m := range x.Signals {
		s := Signal{Name: m.Name}
		for _, a := range m.Args {
			s.Args = append(s.Args, Arg{a.Name, a.Type})
		}
		in.Signals = append(in.Signals, s)
	}
	for _, p := range x.Properties {
		prop := Property{Name: p.Name, Type: p.Type, Access: p.Access,
			Action: annotation(p.Annotations, annotationAction), Changed: annotation(p.Annotations, annotationChanged)}
		if prop.Access != "read" && prop.Action == "" {
			return nil, fmt.Errorf("reading interface %s: property %s does not say who may set it", x.Name, p.Name)
		}
		if prop.Changed == "" {
			prop.Changed = "true"
		}
		in.Properties = append(in.Properties, prop)
	}
	return in, in.valid()
}

func annotation(all []xmlAnnotation, name string) string {
	for _, a := range all {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// valid holds every type against the D-Bus type system.
func (in *Interface) valid() error {
	check := func(what, sig string) error {
		// What a dictionary maps to is one type. Signature.Single of godbus 5.2.4
		// says the opposite of what it should.
		if _, err := dbus.ParseSignature("a{s" + sig + "}"); err != nil {
			return fmt.Errorf("reading interface %s: %s: %w", in.Name, what, err)
		}
		return nil
	}
	for _, m := range in.Methods {
		for _, a := range append(append([]Arg{}, m.In...), m.Out...) {
			if err := check("method "+m.Name, a.Type); err != nil {
				return err
			}
		}
	}
	for _, s := range in.Signals {
		for _, a := range s.Args {
			if err := check("signal "+s.Name, a.Type); err != nil {
				return err
			}
		}
	}
	for _, p := range in.Properties {
		if err := check("property "+p.Name, p.Type); err != nil {
			return err
		}
	}
	return nil
}

// signature is that of several arguments in a row.
func signature(args []Arg) string {
	var b strings.Builder
	for _, a := range args {
		b.WriteString(a.Type)
	}
	return b.String()
}

// Actions are what calling its methods and writing its properties needs, each
// once.
func (in *Interface) Actions() []string {
	var all []string
	for _, m := range in.Methods {
		all = append(all, m.Action)
	}
	for _, p := range in.Properties {
		if p.Action != "" {
			all = append(all, p.Action)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (in *Interface) property(name string) (Property, bool) {
	for _, p := range in.Properties {
		if p.Name == name {
			return p, true
		}
	}
	return Property{}, false
}

func (in *Interface) signal(name string) (Signal, bool) {
	for _, s := range in.Signals {
		if s.Name == name {
			return s, true
		}
	}
	return Signal{}, false
}
