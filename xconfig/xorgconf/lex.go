package xorgconf

import "bytes"

// A token is one word of a file as X's lexer cuts it.
type token struct {
	kind byte // one of the kinds below
	text string
	line int
}

const (
	tEOF    = 'e'
	tString = 's'
	tNumber = 'n'
	tWord   = 'w' // a keyword, or rubbish
	tComma  = ','
	tDash   = '-'
	tStale  = '!' // X would go on with bytes of another line here
)

// A lexer cuts a file into tokens as hw/xfree86/parser/scan.c does, comments
// left out. Its oddities are kept, as they are what an attacker would use.
type lexer struct {
	data   []byte // not yet read
	buf    []byte // the line at hand
	pos    int
	lineNo int
}

// chunk is by how much X's line buffer grows.
const chunk = 1024

// next is the next token.
func (l *lexer) next() token {
	for {
		c, ok := l.start()
		if !ok {
			return token{kind: tEOF, line: l.lineNo}
		}
		if c != '#' {
			return l.token(c)
		}
		if !l.skipComment() {
			return token{kind: tStale, line: l.lineNo}
		}
	}
}

// start skips what separates tokens and gives the first byte of the next.
func (l *lexer) start() (byte, bool) {
	for {
		for l.pos < len(l.buf) && l.buf[l.pos] != 0 {
			c := l.buf[l.pos]
			l.pos++
			if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
				return c, true
			}
		}
		if !l.readLine() {
			return 0, false
		}
	}
}

// token cuts the token which begins with c, already read.
func (l *lexer) token(c byte) token {
	t := token{line: l.lineNo}
	switch {
	case (c == ',' || c == '-') && !isAlpha(l.peek()):
		t.kind = c
	case isDigit(c):
		t.kind, t.text = tNumber, l.number(c)
	case c == '"':
		t.kind, t.text = l.str()
	default:
		t.kind, t.text = tWord, l.word()
	}
	return t
}

func (l *lexer) peek() byte {
	if l.pos < len(l.buf) {
		return l.buf[l.pos]
	}
	return 0
}

func (l *lexer) number(c byte) string {
	from := l.pos - 1
	hex := c == '0' && (l.peek() == 'x' || l.peek() == 'X')
	for d := l.peek(); isDigit(d) || d == '.' || d == 'x' || d == 'X' || hex && isHex(d); d = l.peek() {
		l.pos++
	}
	return string(l.buf[from:l.pos])
}

// str reads a string whose first quote has been read. It ends at a quote, LF,
// CR or NUL.
func (l *lexer) str() (byte, string) {
	n := bytes.IndexAny(l.buf[l.pos:], "\"\n\r\x00")
	if n < 0 {
		return tStale, ""
	}
	s := string(l.buf[l.pos : l.pos+n])
	l.pos += n + 1
	return tString, s
}

func (l *lexer) word() string {
	from := l.pos - 1
	for c := l.peek(); c != 0 && bytes.IndexByte([]byte(" \t\n\r#"), c) < 0; c = l.peek() {
		l.pos++
	}
	return string(l.buf[from:l.pos])
}

// skipComment goes behind the LF, CR or NUL that ends a comment. What follows
// a CR is no comment any more.
func (l *lexer) skipComment() bool {
	n := bytes.IndexAny(l.buf[l.pos:], "\n\r\x00")
	if n < 0 {
		return false
	}
	l.pos += n + 1
	return true
}

// readLine reads up to the next LF. X reads with fgets into a buffer that
// grows, and looks for an end of line up to the first NUL: a NUL makes the rest
// of its line vanish and the next line follow at its place, and a CR ends the
// reading of a long line early.
func (l *lexer) readLine() bool {
	size, pos := chunk, 0
	l.buf = l.buf[:0]
	for {
		got := l.fgets(size - pos - 2)
		if len(got) == 0 {
			if pos == 0 {
				return false
			}
			got = []byte("\n")
		}
		l.buf = append(l.buf[:pos], got...)
		end := bytes.IndexAny(l.buf[pos:], "\x00\n\r")
		if end >= 0 && l.buf[pos+end] != 0 {
			break
		}
		if end < 0 {
			end = len(got)
		}
		pos += end
		size += chunk
	}
	l.pos = 0
	l.lineNo++
	return true
}

func (l *lexer) fgets(max int) []byte {
	n := min(max, len(l.data))
	if i := bytes.IndexByte(l.data[:n], '\n'); i >= 0 {
		n = i + 1
	}
	got := l.data[:n]
	l.data = l.data[n:]
	return got
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isHex(c byte) bool   { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
