package bus

import (
	"encoding/xml"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"weak"

	"github.com/godbus/dbus/v5"
)

// Interfaces that the D-Bus Specification has for every object, "Standard
// Interfaces".
const (
	propertiesIface = "org.freedesktop.DBus.Properties"
	managerIface    = "org.freedesktop.DBus.ObjectManager"
	introspectIface = "org.freedesktop.DBus.Introspectable"
)

// standardText describes them as interface files do.
const standardText = `<interface name="org.freedesktop.DBus.Properties">` +
	`<method name="Get"><arg name="interface" type="s" direction="in"/><arg name="name" type="s" direction="in"/><arg name="value" type="v" direction="out"/></method>` +
	`<method name="GetAll"><arg name="interface" type="s" direction="in"/><arg name="values" type="a{sv}" direction="out"/></method>` +
	`<method name="Set"><arg name="interface" type="s" direction="in"/><arg name="name" type="s" direction="in"/><arg name="value" type="v" direction="in"/></method>` +
	`<signal name="PropertiesChanged"><arg name="interface" type="s"/><arg name="changed" type="a{sv}"/><arg name="invalidated" type="as"/></signal>` +
	`</interface>` +
	`<interface name="org.freedesktop.DBus.Introspectable"><method name="Introspect"><arg name="xml" type="s" direction="out"/></method></interface>` +
	`<interface name="org.freedesktop.DBus.Peer"><method name="Ping"/><method name="GetMachineId"><arg name="id" type="s" direction="out"/></method></interface>`

const managerText = `<interface name="org.freedesktop.DBus.ObjectManager">` +
	`<method name="GetManagedObjects"><arg name="objects" type="a{oa{sa{sv}}}" direction="out"/></method>` +
	`<signal name="InterfacesAdded"><arg name="object" type="o"/><arg name="interfaces" type="a{sa{sv}}"/></signal>` +
	`<signal name="InterfacesRemoved"><arg name="object" type="o"/><arg name="interfaces" type="as"/></signal>` +
	`</interface>`

// standard is a method that every object has. Reading needs no permission.
func standard(name string, f any) *method {
	return &method{name: name, action: Anyone, f: reflect.ValueOf(f), in: inputs(reflect.TypeOf(f))}
}

// methods is a dbus.Interface.
type methods struct {
	object *Object
	name   string
	all    map[string]*method
}

// LookupMethod is what dbus.Interface asks.
func (ms methods) LookupMethod(name string) (dbus.Method, bool) {
	m, ok := ms.all[name]
	if !ok {
		return nil, false
	}
	return target{ms.object, ms.name, m}, true
}

// LookupInterface is what dbus.ServerObject asks. A caller may leave the
// interface out; then it is the first that has such a method, and ours come
// before the standard ones.
func (o *Object) LookupInterface(name string) (dbus.Interface, bool) {
	if name == "" {
		return o.anyInterface(), true
	}
	if ms, ok := o.standard(name); ok {
		return methods{o, name, ms}, true
	}
	if p := o.parts[name]; p != nil {
		return methods{o, name, p.methods}, true
	}
	return nil, false
}

// standard are the methods of a standard interface at this object.
func (o *Object) standard(name string) (map[string]*method, bool) {
	switch {
	case name == propertiesIface:
		return map[string]*method{
			"Get": standard("Get", o.get), "GetAll": standard("GetAll", o.getAll), "Set": standard("Set", o.set),
		}, true
	case name == introspectIface:
		return map[string]*method{"Introspect": standard("Introspect", o.introspect)}, true
	case name == managerIface && o.path == o.server.opt.Root:
		return map[string]*method{"GetManagedObjects": standard("GetManagedObjects", o.managed)}, true
	}
	return nil, false
}

// anyOf is a dbus.Interface of several.
type anyOf []methods

// LookupMethod is what dbus.Interface asks.
func (a anyOf) LookupMethod(name string) (dbus.Method, bool) {
	for _, ms := range a {
		if m, ok := ms.LookupMethod(name); ok {
			return m, true
		}
	}
	return nil, false
}

func (o *Object) anyInterface() anyOf {
	var all anyOf
	for _, name := range slices.Sorted(maps.Keys(o.parts)) {
		all = append(all, methods{o, name, o.parts[name].methods})
	}
	for _, name := range []string{propertiesIface, introspectIface, managerIface} {
		if ms, ok := o.standard(name); ok {
			all = append(all, methods{o, name, ms})
		}
	}
	return all
}

// Names of errors of the standard interfaces.
const (
	errUnknownInterface = "org.freedesktop.DBus.Error.UnknownInterface"
	errUnknownProperty  = "org.freedesktop.DBus.Error.UnknownProperty"
	errReadOnly         = "org.freedesktop.DBus.Error.PropertyReadOnly"
)

func (o *Object) part(iface string) (*part, error) {
	if p := o.parts[iface]; p != nil {
		return p, nil
	}
	return nil, Errorf(errUnknownInterface, "%s has no interface %q", o.path, legible(iface))
}

func (o *Object) get(_ *Call, iface, name string) (dbus.Variant, error) {
	p, err := o.part(iface)
	if err != nil {
		return dbus.Variant{}, err
	}
	o.server.mu.Lock()
	defer o.server.mu.Unlock()
	v, ok := p.variants()[name]
	if !ok {
		return dbus.Variant{}, Errorf(errUnknownProperty, "%s has no property %q", iface, legible(name))
	}
	return v, nil
}

func (o *Object) getAll(_ *Call, iface string) (map[string]dbus.Variant, error) {
	if _, ok := o.standard(iface); ok {
		return map[string]dbus.Variant{}, nil
	}
	p, err := o.part(iface)
	if err != nil {
		return nil, err
	}
	o.server.mu.Lock()
	defer o.server.mu.Unlock()
	return p.variants(), nil
}

// set has the property's own function do it, for whoever may, as a method is
// called.
func (o *Object) set(c *Call, iface, name string, value dbus.Variant) error {
	p, err := o.part(iface)
	if err != nil {
		return err
	}
	prop, ok := p.Interface.property(name)
	if !ok {
		return Errorf(errUnknownProperty, "%s has no property %q", iface, legible(name))
	}
	m := p.setters[name]
	if m == nil {
		return Errorf(errReadOnly, "%s.%s cannot be set", iface, name)
	}
	if got := value.Signature().String(); got != prop.Type {
		return Errorf(ErrInvalidArgs, "%s.%s is of type %q, not %q", iface, name, prop.Type, got)
	}
	t := target{o, iface, m}
	in, err := t.arguments([]any{value.Value()})
	if err != nil {
		return err
	}
	c.Interface, c.Member = iface, name
	if err := o.server.may(c, m.action, nil); err != nil {
		return err
	}
	_, err = t.changing(c, in)
	return err
}

// managed is what GetManagedObjects answers: all objects below the root, with all
// their properties.
type managed map[dbus.ObjectPath]map[string]map[string]dbus.Variant

// managed is shared by calls that come while it is still true: a hundred callers
// at once would otherwise have a hundred of them made, and in memory until the
// bus has taken them.
func (o *Object) managed(*Call) (*managed, error) {
	s := o.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.managed.Value(); now != nil {
		return now, nil
	}
	all := make(managed, len(s.objects))
	for path, object := range s.objects {
		if path != o.path {
			all[path] = object.properties()
		}
	}
	s.managed = weak.Make(&all)
	return &all, nil // which the bus has as the value
}

// branch is a path that has nothing but objects below it.
type branch struct {
	server *Server
	path   dbus.ObjectPath
}

// LookupInterface is what dbus.ServerObject asks: such a path can only be looked
// at.
func (b branch) LookupInterface(name string) (dbus.Interface, bool) {
	o := &Object{server: b.server, path: b.path}
	if name == introspectIface || name == "" {
		return methods{o, introspectIface, map[string]*method{"Introspect": standard("Introspect", o.introspect)}}, true
	}
	return nil, false
}

// above tells whether there are objects below a path. The lock is held.
func (s *Server) above(path dbus.ObjectPath) bool {
	prefix := strings.TrimSuffix(string(path), "/") + "/"
	for p := range s.objects {
		if strings.HasPrefix(string(p), prefix) && string(p) != prefix {
			return true
		}
	}
	return false
}

// below are the names of what is right below a path. The lock is held.
func (s *Server) below(parent dbus.ObjectPath) []string {
	prefix := strings.TrimSuffix(string(parent), "/") + "/"
	names := map[string]bool{}
	for p := range s.objects {
		if rest, ok := strings.CutPrefix(string(p), prefix); ok && rest != "" {
			first, _, _ := strings.Cut(rest, "/")
			names[first] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// introspect describes an object. D-Bus Specification, "Introspection Data
// Format".
func (o *Object) introspect(*Call) (string, error) {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">` + "\n<node>")
	if o.parts != nil {
		b.WriteString(standardText)
	}
	if o.path == o.server.opt.Root {
		b.WriteString(managerText)
	}
	for _, name := range slices.Sorted(maps.Keys(o.parts)) {
		o.parts[name].Interface.print(&b)
	}
	o.server.mu.Lock()
	defer o.server.mu.Unlock()
	for _, name := range o.server.below(o.path) {
		b.WriteString(`<node name="` + path.Base(name) + `"/>`)
	}
	b.WriteString("</node>")
	return b.String(), nil
}

// print writes an interface without its documentation.
func (in *Interface) print(b *strings.Builder) {
	element := func(name string, attrs ...string) {
		b.WriteString("<" + name)
		for i := 0; i < len(attrs); i += 2 {
			b.WriteString(" " + attrs[i] + `="`)
			_ = xml.EscapeText(b, []byte(attrs[i+1]))
			b.WriteString(`"`)
		}
		b.WriteString(">")
	}
	args := func(all []Arg, direction ...string) {
		for _, a := range all {
			element("arg", append([]string{"name", a.Name, "type", a.Type}, direction...)...)
			b.WriteString("</arg>")
		}
	}
	action := func(a string) {
		if a != "" && a != Anyone {
			element("annotation", "name", annotationAction, "value", a)
			b.WriteString("</annotation>")
		}
	}
	element("interface", "name", in.Name)
	for _, m := range in.Methods {
		element("method", "name", m.Name)
		args(m.In, "direction", "in")
		args(m.Out, "direction", "out")
		action(m.Action)
		b.WriteString("</method>")
	}
	for _, s := range in.Signals {
		element("signal", "name", s.Name)
		args(s.Args)
		b.WriteString("</signal>")
	}
	for _, p := range in.Properties {
		element("property", "name", p.Name, "type", p.Type, "access", p.Access)
		action(p.Action)
		if p.Changed != "true" {
			element("annotation", "name", annotationChanged, "value", p.Changed)
			b.WriteString("</annotation>")
		}
		b.WriteString("</property>")
	}
	b.WriteString("</interface>")
}
