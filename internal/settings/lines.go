package settings

import (
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// lines says on which line of a file each key stands: "keyboard.layout", and
// for the second [[output]] "output.1.mode".
type lines map[string]int

// linesOf is for a text that is known to be TOML; what it cannot place has
// line 0.
func linesOf(data []byte) lines {
	at, count := lines{}, map[string]int{}
	var p unstable.Parser
	p.Reset(data)
	prefix := ""
	for p.NextExpression() {
		e := p.Expression()
		path, line := keyOf(&p, e)
		switch e.Kind {
		case unstable.Table:
			prefix = path + "."
		case unstable.ArrayTable:
			prefix = path + "." + strconv.Itoa(count[path]) + "."
			count[path]++
			at[strings.TrimSuffix(prefix, ".")] = line
		case unstable.KeyValue:
			at.add(&p, prefix+path, line, e.Value())
		}
	}
	return at
}

// add notes a key, and those of an inline table below it.
func (at lines) add(p *unstable.Parser, name string, line int, value *unstable.Node) {
	at[name] = line
	switch value.Kind {
	case unstable.InlineTable:
		for it := value.Children(); it.Next(); {
			sub := it.Node()
			path, line := keyOf(p, sub)
			at.add(p, name+"."+path, line, sub.Value())
		}
	case unstable.Array:
		i := 0
		for it := value.Children(); it.Next(); i++ {
			at.add(p, name+"."+strconv.Itoa(i), line, it.Node())
		}
	}
}

func keyOf(p *unstable.Parser, e *unstable.Node) (path string, line int) {
	var parts []string
	for it := e.Key(); it.Next(); {
		n := it.Node()
		parts = append(parts, string(n.Data))
		if line == 0 && n.Raw.Length > 0 {
			line = p.Shape(n.Raw).Start.Line
		}
	}
	return strings.Join(parts, "."), line
}
