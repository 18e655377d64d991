package xorgconf

import (
	"errors"
	"fmt"
	"strconv"
)

// ErrUnsupported is what Parse gives for a section or keyword that X knows and
// nothing here writes.
var ErrUnsupported = errors.New("nothing here writes that")

// Parse reads sections out of a file as Xorg does. Comments are left out. What
// Xorg would refuse is an error.
func Parse(data []byte) ([]Section, error) {
	p := &parser{lex: lexer{data: data}}
	list, err := p.sections()
	if p.stale {
		return nil, fmt.Errorf("reading an X configuration: what X makes of a line this long depends on another: %w", ErrUnsupported)
	}
	return list, err
}

func (p *parser) sections() (list []Section, err error) {
	for {
		t := p.next()
		switch {
		case t.kind == tEOF:
			return list, nil
		case t.kind != tWord || !same(t.text, "Section"):
			return nil, p.errorf(t, "no Section but %.40q", t.text)
		}
		s, err := p.section()
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
}

type parser struct {
	lex    lexer
	pushed *token
	stale  bool
}

func (p *parser) next() token {
	if t := p.pushed; t != nil {
		p.pushed = nil
		return *t
	}
	t := p.lex.next()
	p.stale = p.stale || t.kind == tStale
	return t
}

func (p *parser) push(t token) { p.pushed = &t }

func (p *parser) errorf(t token, format string, args ...any) error {
	return fmt.Errorf("reading an X configuration: line %d: %w", t.line, fmt.Errorf(format, args...))
}

// otherSections are X's that are not written here.
var otherSections = map[string]bool{"files": true, "pointer": true, "videoadaptor": true, "modes": true, "inputdevice": true,
	"module": true, "vendor": true, "dri": true, "extensions": true, "keyboard": true}

func (p *parser) section() (Section, error) {
	t := p.next()
	if t.kind != tString {
		return Section{}, p.errorf(t, "a section without a name")
	}
	s := Section{Kind: t.text}
	g, ok := grammar()[fold(t.text)]
	if !ok {
		if otherSections[fold(t.text)] {
			return s, p.errorf(t, "section %q: %w", t.text, ErrUnsupported)
		}
		return s, p.errorf(t, "there is no section %.40q", t.text)
	}
	var err error
	if s.Entries, err = p.entries(g, "EndSection"); err != nil {
		return s, err
	}
	return s, p.identified(t, s)
}

// identified holds X's rules on Identifier.
func (p *parser) identified(t token, s Section) error {
	n := 0
	for _, e := range s.Entries {
		if same(e.Key, "Identifier") {
			n++
		}
	}
	if n != 1 && !same(s.Kind, "ServerFlags") {
		return p.errorf(t, "section %s has %d Identifier lines", s.Kind, n)
	}
	return nil
}

func (p *parser) entries(g keywords, end string) ([]Entry, error) {
	var list []Entry
	for {
		t := p.next()
		if t.kind == tWord && same(t.text, end) {
			return list, nil
		}
		shape, ok := g[fold(t.text)]
		if t.kind != tWord || !ok {
			return nil, p.errorf(t, "%.40q is no keyword here", t.text)
		}
		e, err := p.entry(t, shape)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
}

func (p *parser) entry(t token, s shape) (Entry, error) {
	e := Entry{Key: t.text}
	form := map[shape]string{oneString: "s", oneBool: "s", aScreen: "s", oneNumber: "n", twoNumbers: "nn", anOption: "s",
		aModeline: "snnnnnnnnn", aRange: "n", subSection: "s"}[s]
	if s == unsupported {
		return e, p.errorf(t, "%s: %w", t.text, ErrUnsupported)
	}
	for i := range len(form) {
		arg := p.next()
		if s == aScreen && arg.kind == tNumber {
			return e, p.errorf(arg, "a numbered screen: %w", ErrUnsupported)
		}
		if arg.kind != form[i] {
			return e, p.errorf(arg, "%.40q cannot follow %s", arg.text, t.text)
		}
		e.Args = append(e.Args, Value{arg.text, arg.kind == tString})
	}
	return e, p.rest(t, &e, s)
}

// rest reads what may follow the words an entry has to have.
func (p *parser) rest(t token, e *Entry, s shape) error {
	switch s {
	case anOption:
		if v := p.next(); v.kind == tString {
			e.Args = append(e.Args, Value{v.text, true})
		} else {
			p.push(v)
		}
	case oneBool:
		if !isBool(e.Args[0].Text) {
			return p.errorf(t, "%.40q is no boolean", e.Args[0].Text)
		}
	case aModeline:
		v := p.next()
		for ; v.kind == tWord && flags[fold(v.text)]; v = p.next() {
			e.Args = append(e.Args, Value{Text: v.text})
		}
		if v.kind == tWord && (same(v.text, "hskew") || same(v.text, "vscan")) {
			return p.errorf(v, "%s: %w", v.text, ErrUnsupported)
		}
		p.push(v)
	case aRange:
		return p.upTo(e)
	case someStrings:
		v := p.next()
		for ; v.kind == tString; v = p.next() {
			e.Args = append(e.Args, Value{v.text, true})
		}
		p.push(v)
	case aScreen:
		return p.adjacent()
	case subSection: // X takes any name for "Display"
		var err error
		e.Sub, err = p.entries(displayGrammar(), "EndSubSection")
		return err
	}
	return nil
}

// upTo reads the upper end of a range. X takes lists of numbers and ranges,
// nothing here writes them.
func (p *parser) upTo(e *Entry) error {
	dash := p.next()
	if dash.kind != tDash {
		return p.errorf(dash, "a list of frequencies: %w", ErrUnsupported)
	}
	hi := p.next()
	if hi.kind != tNumber {
		return p.errorf(hi, "%.40q ends no range", hi.text)
	}
	e.Args = append(e.Args, Value{Text: "-"}, Value{Text: hi.text})
	next := p.next()
	p.push(next)
	if next.kind == tComma || atof(hi.text) < atof(e.Args[0].Text) {
		return p.errorf(hi, "a list of frequencies: %w", ErrUnsupported)
	}
	return nil
}

// atof reads a number as X does: as far as it is one.
func atof(s string) float64 {
	for n := len(s); n > 0; n-- {
		if f, err := strconv.ParseFloat(s[:n], 64); err == nil {
			return f
		}
	}
	return 0
}

// adjacent refuses the many ways to place a screen beside another.
func (p *parser) adjacent() error {
	t := p.next()
	p.push(t)
	switch {
	case t.kind == tEOF:
		return p.errorf(t, "the file ends within a section")
	case t.kind == tString || t.kind == tNumber,
		t.kind == tWord && map[string]bool{"rightof": true, "leftof": true, "above": true, "below": true,
			"relative": true, "absolute": true}[fold(t.text)]:
		return p.errorf(t, "%.40q after a screen: %w", t.text, ErrUnsupported)
	}
	return nil
}
