package settings

import (
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// lines says on which line of a file each key stands: "keyboard.layout", for
// the second [[output]] "output.1.mode", within a quirk "quirk.0.output.1.mode".
type lines map[string]int

// A placer finds the lines of a text that is known to be TOML; what it cannot
// place has line 0.
type placer struct {
	unstable.Parser
	at    lines
	count map[string]int // of arrays of tables, by place
}

func linesOf(data []byte) lines {
	p := placer{at: lines{}, count: map[string]int{}}
	p.Reset(data)
	prefix := ""
	for p.NextExpression() {
		e := p.Expression()
		parts, line := p.key(e)
		switch e.Kind {
		case unstable.Table:
			table := p.place(parts)
			p.note(table, line)
			prefix = table + "."
		case unstable.ArrayTable:
			last := len(parts) - 1
			array := strings.TrimPrefix(p.place(parts[:last])+"."+parts[last], ".")
			place := array + "." + strconv.Itoa(p.count[array])
			p.count[array]++
			p.note(place, line)
			prefix = place + "."
		case unstable.KeyValue:
			p.add(prefix+strings.Join(parts, "."), line, e.Value())
		}
	}
	return p.at
}

// place names a table, each array of tables on the way by its latest one.
func (p *placer) place(parts []string) string {
	name := ""
	for _, part := range parts {
		name = strings.TrimPrefix(name+"."+part, ".")
		if n := p.count[name]; n > 0 {
			name += "." + strconv.Itoa(n-1)
		}
	}
	return name
}

// note gives a key its line, and the tables it is in where they have none yet.
func (p *placer) note(name string, line int) {
	p.at[name] = line
	for i := strings.LastIndexByte(name, '.'); i > 0; i = strings.LastIndexByte(name[:i], '.') {
		if _, ok := p.at[name[:i]]; ok {
			break
		}
		p.at[name[:i]] = line
	}
}

// add notes a key, and those of an inline table or array below it.
func (p *placer) add(name string, line int, value *unstable.Node) {
	p.note(name, line)
	switch value.Kind {
	case unstable.InlineTable:
		for it := value.Children(); it.Next(); {
			sub := it.Node()
			parts, line := p.key(sub)
			p.add(name+"."+strings.Join(parts, "."), line, sub.Value())
		}
	case unstable.Array:
		i := 0
		for it := value.Children(); it.Next(); i++ {
			p.add(name+"."+strconv.Itoa(i), line, it.Node())
		}
	}
}

func (p *placer) key(e *unstable.Node) (parts []string, line int) {
	for it := e.Key(); it.Next(); {
		n := it.Node()
		parts = append(parts, string(n.Data))
		if line == 0 && n.Raw.Length > 0 {
			line = p.Shape(n.Raw).Start.Line
		}
	}
	return parts, line
}
