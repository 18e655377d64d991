package bus

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"weak"

	"github.com/godbus/dbus/v5"
)

// A Part is one interface of an object, and what is behind it.
type Part struct {
	Interface *Interface

	// Methods has a function for every method of the interface file:
	// func(*Call, arguments...) (results..., error).
	Methods map[string]any

	// Setters has a function for every property that can be written:
	// func(*Call, value) error. It changes the property itself, with Set.
	Setters map[string]any

	// Properties has the value of every property.
	Properties map[string]any

	// Details, if there is one, tells an authority's rules what a call of a method
	// is about, from its arguments.
	Details func(method string, args []any) map[string]string
}

// An Object is one on the bus.
type Object struct {
	server *Server
	path   dbus.ObjectPath
	turn   chan struct{} // who changes it has it: one at a time
	parts  map[string]*part
}

func newObject(s *Server, path dbus.ObjectPath) *Object {
	return &Object{server: s, path: path, turn: make(chan struct{}, 1), parts: map[string]*part{}}
}

// Path is where it is.
func (o *Object) Path() dbus.ObjectPath { return o.path }

// A part is a Part that has been held against its interface file.
type part struct {
	Part
	methods map[string]*method
	setters map[string]*method
}

// A method is a function and the types of what it takes and gives.
type method struct {
	name    string
	action  string
	writes  bool
	f       reflect.Value
	in      []reflect.Type // without the *Call
	details func(method string, args []any) map[string]string
}

var (
	callType  = reflect.TypeFor[*Call]()
	errorType = reflect.TypeFor[error]()
)

// bind holds what is behind an interface against its file: nothing may be
// missing, nothing be more, and the types must be those of the file.
func bind(p Part) (*part, error) {
	in := p.Interface
	b := &part{Part: p, methods: map[string]*method{}, setters: map[string]*method{}}
	b.Properties = maps.Clone(p.Properties)
	if b.Properties == nil {
		b.Properties = map[string]any{}
	}
	for _, m := range in.Methods {
		f, err := function(p.Methods[m.Name], signature(m.In), signature(m.Out))
		if err != nil {
			return nil, fmt.Errorf("method %s.%s: %w", in.Name, m.Name, err)
		}
		f.name, f.action, f.writes, f.details = m.Name, m.Action, m.Action != Anyone, p.Details
		b.methods[m.Name] = f
	}
	known := map[string]bool{}
	for _, prop := range in.Properties {
		known[prop.Name] = true
		if err := fits(p.Properties[prop.Name], prop.Type); err != nil {
			return nil, fmt.Errorf("property %s.%s: %w", in.Name, prop.Name, err)
		}
		if prop.Access == "read" {
			continue
		}
		f, err := function(p.Setters[prop.Name], prop.Type, "")
		if err != nil {
			return nil, fmt.Errorf("setting property %s.%s: %w", in.Name, prop.Name, err)
		}
		f.name, f.action, f.writes = prop.Name, prop.Action, true
		b.setters[prop.Name] = f
	}
	if name, ok := more(p.Methods, b.methods); ok {
		return nil, fmt.Errorf("method %s.%s is not in the interface file", in.Name, name)
	}
	if name, ok := more(p.Properties, known); ok {
		return nil, fmt.Errorf("property %s.%s is not in the interface file", in.Name, name)
	}
	if name, ok := more(p.Setters, b.setters); ok {
		return nil, fmt.Errorf("property %s.%s cannot be set, says the interface file", in.Name, name)
	}
	return b, nil
}

// more finds a name that has something behind it and should not.
func more[A, B any](got map[string]A, want map[string]B) (string, bool) {
	for name := range got {
		if _, ok := want[name]; !ok {
			return name, true
		}
	}
	return "", false
}

// function looks at the types of one.
func function(f any, in, out string) (*method, error) {
	v := reflect.ValueOf(f)
	if !v.IsValid() || v.Kind() != reflect.Func {
		return nil, errors.New("there is no function for it")
	}
	t := v.Type()
	if t.NumIn() == 0 || t.In(0) != callType || t.NumOut() == 0 || t.Out(t.NumOut()-1) != errorType {
		return nil, fmt.Errorf("its function is a %v, not a func(*Call, ...) (..., error)", t)
	}
	m := &method{f: v, in: inputs(t)}
	var gotIn, gotOut string
	for _, typ := range m.in {
		gotIn += dbus.SignatureOfType(typ).String()
	}
	for i := range t.NumOut() - 1 {
		gotOut += dbus.SignatureOfType(t.Out(i)).String()
	}
	if gotIn != in || gotOut != out {
		return nil, fmt.Errorf("its function takes %q and gives %q, the interface file says %q and %q", gotIn, gotOut, in, out)
	}
	return m, nil
}

// inputs are the types that a function takes after the *Call.
func inputs(f reflect.Type) (all []reflect.Type) {
	for i := 1; i < f.NumIn(); i++ {
		all = append(all, f.In(i))
	}
	return all
}

// fits tells whether a value is of a type of the bus.
func fits(v any, sig string) error {
	if v == nil {
		return errors.New("it has no value")
	}
	if got := dbus.SignatureOf(v).String(); got != sig {
		return fmt.Errorf("its value is of type %q, the interface file says %q", got, sig)
	}
	return nil
}

// Set changes properties of one interface, and tells so in one signal. A value
// that is as before is not told. A property that the interface does not have, or
// not with this type, is a mistake of the caller's that a test finds.
func (o *Object) Set(iface string, values map[string]any) {
	o.server.mu.Lock()
	defer o.server.mu.Unlock()
	p := o.parts[iface]
	changed, invalid := map[string]dbus.Variant{}, []string{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v := values[name]
		prop, ok := p.Interface.property(name)
		if !ok {
			panic(fmt.Sprintf("bus: %s has no property %s", iface, name))
		}
		if err := fits(v, prop.Type); err != nil {
			panic(fmt.Sprintf("bus: property %s.%s: %v", iface, name, err))
		}
		if reflect.DeepEqual(p.Properties[name], v) {
			continue
		}
		p.Properties[name] = v
		o.server.managed = weak.Pointer[managed]{}
		switch prop.Changed {
		case "true":
			changed[name] = dbus.MakeVariant(v)
		case "invalidates":
			invalid = append(invalid, name)
		}
	}
	if len(changed)+len(invalid) > 0 && o.server.objects[o.path] == o {
		o.server.emit(o.path, propertiesIface, "PropertiesChanged", iface, changed, invalid)
	}
}

// Signal emits one of an interface of the object.
func (o *Object) Signal(iface, name string, args ...any) {
	p := o.parts[iface]
	sig, ok := p.Interface.signal(name)
	if !ok || dbus.SignatureOf(args...).String() != signature(sig.Args) {
		panic(fmt.Sprintf("bus: signal %s.%s of %q is not in the interface file", iface, name, dbus.SignatureOf(args...)))
	}
	o.server.mu.Lock()
	defer o.server.mu.Unlock()
	o.server.emit(o.path, iface, name, args...)
}

// properties are all that may be read, by interface. The lock is held.
func (o *Object) properties() map[string]map[string]dbus.Variant {
	all := map[string]map[string]dbus.Variant{}
	for name, p := range o.parts {
		all[name] = p.variants()
	}
	return all
}

func (p *part) variants() map[string]dbus.Variant {
	all := make(map[string]dbus.Variant, len(p.Properties))
	for name, v := range p.Properties {
		if prop, _ := p.Interface.property(name); prop.Access != "write" {
			all[name] = dbus.MakeVariant(v)
		}
	}
	return all
}
