package xorgconf

import (
	"errors"
	"strings"
	"testing"
)

// The oddities of X's lexer; TestLikeX holds the same against the real one.
var odd = []struct {
	name, text string
	sections   int // -1: refused
}{
	{"empty", "", 0},
	{"comments only", "# a\n#b", 0},
	{"no end of line at the end", "Section \"Monitor\"\nIdentifier \"x\"\nEndSection", 1},
	{"case, underscores and blanks in names", "SECTION \"_Mon itor\"\niden_tifier \"x\"\nEnd_Section\n", 1},
	{"a string that ends with its line", "Section \"Monitor\nIdentifier \"x\nEndSection\n", 1},
	{"CR ends a string, the rest is read on", "Section \"Monitor\"\nIdentifier \"x\r Option \"Enable\" \"false\"\nEndSection\n", 1},
	{"CR ends a comment", "Section \"Monitor\"\nIdentifier \"x\" # c\r Option \"Enable\"\nEndSection\n", 1},
	{"NUL hides the rest of its line and joins the next", "Section \"Monitor\"\nIdentifier \"x\x00\" rubbish\n\"\nEndSection\n", 1},
	{"NUL between lines", "Section \"Monitor\"\nIdentifier \"x\"\n\x00\nEndSection\n", 1},
	{"# within a string", "Section \"Monitor\"\nIdentifier \"x#y\"\nEndSection\n", 1},
	{"# ends a word", "Section \"Monitor\"\nIdentifier \"x\"\nEndSection#\n", 1},
	{"a quote does not end a word", "Section \"Monitor\"\nIdentifier\"x\"\nEndSection\n", -1},
	{"two Identifiers", "Section \"Monitor\"\nIdentifier \"x\"\nIdentifier \"y\"\nEndSection\n", -1},
	{"no Identifier", "Section \"Monitor\"\nEndSection\n", -1},
	{"an option without a name", "Section \"Monitor\"\nIdentifier \"x\"\nOption\nEndSection\n", -1},
	{"an option without a value", "Section \"Monitor\"\nIdentifier \"x\"\nOption \"a\"\nEndSection\n", 1},
	{"an option's value on the next line", "Section \"Monitor\"\nIdentifier \"x\"\nOption \"a\"\n\"b\"\nEndSection\n", 1},
	{"a number with more in it", "Section \"Monitor\"\nIdentifier \"x\"\nDisplaySize 0x1f.2x3 1.2.3\nEndSection\n", 1},
	{"a negative number", "Section \"Monitor\"\nIdentifier \"x\"\nDisplaySize -1 2\nEndSection\n", -1},
	{"not ended", "Section \"Monitor\"\nIdentifier \"x\"\n", -1},
	{"no such section", "Section \"Wat\"\nEndSection\n", -1},
	{"a bad boolean", "Section \"InputClass\"\nIdentifier \"x\"\nMatchIsPointer \"wat\"\nEndSection\n", -1},
	{"an empty boolean", "Section \"InputClass\"\nIdentifier \"x\"\nMatchIsPointer \"\"\nEndSection\n", 1},
	{"bytes beyond ASCII", "Section \"Monitor\"\nIdentifier \"\xff\x80\xc3\xa4\"\nEndSection\n", 1},
	{"a long string", "Section \"Monitor\"\nIdentifier \"" + strings.Repeat("x", 100_000) + "\"\nEndSection\n", 1},
	{"CR in a long line", "Section \"Monitor\"\nIdentifier \"x\r" + strings.Repeat(" ", 3000) + "Option \"a\"\nEndSection\n", 1},
	{"a modeline", "Section \"Monitor\"\nIdentifier \"x\"\nModeline \"m\" 1 2 3 4 5 6 7 8 9 -hsync +VSync Interlace\nEndSection\n", 1},
	{"a range", "Section \"Monitor\"\nIdentifier \"x\"\nHorizSync 30-40\nVertRefresh 50 - 60\nEndSection\n", 1},
	{"a range without an end", "Section \"Monitor\"\nIdentifier \"x\"\nHorizSync 30-\nEndSection\n", -1},
	{"a modeline with a number too few", "Section \"Monitor\"\nIdentifier \"x\"\nModeline \"m\" 1 2 3 4 5 6 7 8 -hsync\nEndSection\n", -1},
}

func TestOdd(t *testing.T) {
	for _, test := range odd {
		got, err := Parse([]byte(test.text))
		if (err != nil) != (test.sections < 0) || err == nil && len(got) != test.sections {
			t.Errorf("%s: %d sections, %v", test.name, len(got), err)
		}
	}
}

func TestUnsupported(t *testing.T) {
	for _, text := range []string{"Section \"Files\"\nEndSection\n", "Section \"Monitor\"\nIdentifier \"x\"\nHorizSync 30\nEndSection\n",
		"Section \"Monitor\"\nIdentifier \"x\"\nHorizSync 30-40, 50\nEndSection\n",
		"Section \"ServerLayout\"\nIdentifier \"x\"\nScreen 0 \"y\"\nEndSection\n"} {
		if _, err := Parse([]byte(text)); !errors.Is(err, ErrUnsupported) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, test := range odd {
		f.Add([]byte(test.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		sections, err := Parse(data)
		if err != nil {
			return
		}
		for _, s := range sections { // what was read and can be written reads the same again
			text, err := Text(s)
			if err != nil {
				continue
			}
			if again, err := Parse([]byte(text)); err != nil || len(again) != 1 || again[0].Kind != s.Kind || len(again[0].Entries) != len(s.Entries) {
				t.Errorf("%v\nread %v\nthen %v", err, s, again)
			}
		}
	})
}
