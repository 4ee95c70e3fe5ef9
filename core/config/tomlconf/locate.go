package tomlconf

import (
	"errors"
	"strings"
)

// maxDepth bounds how deep a document may nest: parts of a key, lists and inline
// tables. The library that reads the values has no bound of its own.
const maxDepth = 1000

// Reasons for which a document cannot be located.
var (
	errDepth      = errors.New("tables and arrays are nested too deeply")
	errUnexpected = errors.New("this is not TOML")
)

// key is one part of a dotted key, and the offset of its first character, which
// for a quoted key lies inside the quotes.
type key struct {
	name   string
	offset int
}

// statement is a table header or a key with its value.
type statement struct {
	kind  statementKind
	path  []key // never empty
	value place // of a pair
}

type statementKind uint8

const (
	pair        statementKind = iota // path = value
	tableHeader                      // [path]
	arrayHeader                      // [[path]]
)

// place says where a value stands and where its parts stand.
type place struct {
	offset   int
	elements []place     // of an array
	pairs    []statement // of an inline table
}

// locator walks over a document. It takes much for granted that the library
// checks; it must not be relied on to refuse anything.
type locator struct {
	text  string
	pos   int
	depth int
}

// locate returns the statements of a document in the order written. The error is
// errDepth or errUnexpected; the latter cannot happen for what is valid TOML.
func locate(text string) ([]statement, error) {
	l := locator{text: text}
	var statements []statement
	for {
		l.skipSpace()
		if l.pos == len(l.text) {
			return statements, nil
		}
		s, err := l.statement()
		if err != nil {
			return nil, err
		}
		statements = append(statements, s)
	}
}

// statement reads a header or a pair.
func (l *locator) statement() (statement, error) {
	kind, closing := pair, ""
	switch {
	case l.take("[["):
		kind, closing = arrayHeader, "]]"
	case l.take("["):
		kind, closing = tableHeader, "]"
	default:
		return l.pair()
	}
	l.skipBlanks()
	path, err := l.path()
	if err == nil && !l.take(closing) {
		err = errUnexpected
	}
	return statement{kind: kind, path: path}, err
}

// pair reads a key, the equals sign and the value.
func (l *locator) pair() (statement, error) {
	path, err := l.path()
	if err != nil {
		return statement{}, err
	}
	if !l.take("=") {
		return statement{}, errUnexpected
	}
	l.skipBlanks()
	value, err := l.value()
	return statement{kind: pair, path: path, value: value}, err
}

// path reads a dotted key and the blanks behind it.
func (l *locator) path() ([]key, error) {
	var path []key
	for {
		k, err := l.key()
		if err != nil {
			return nil, err
		}
		if path = append(path, k); len(path) > maxDepth {
			return nil, errDepth
		}
		l.skipBlanks()
		if !l.take(".") {
			return path, nil
		}
		l.skipBlanks()
	}
}

// key reads one part of a key.
func (l *locator) key() (key, error) {
	switch start := l.pos; {
	case l.take(`"`):
		raw, err := l.quoted(`"`)
		return key{unescape(raw), start + 1}, err
	case l.take(`'`):
		name, err := l.quoted(`'`)
		return key{name, start + 1}, err
	default:
		l.skip(bareKey)
		if l.pos == start {
			return key{}, errUnexpected
		}
		return key{l.text[start:l.pos], start}, nil
	}
}

// value reads any value.
func (l *locator) value() (place, error) {
	start := l.pos
	for _, quote := range []string{`"""`, `'''`, `"`, `'`} {
		if l.take(quote) {
			_, err := l.quoted(quote)
			return place{offset: start + len(quote)}, err
		}
	}
	switch {
	case l.take("["):
		return l.nested(start, (*locator).array)
	case l.take("{"):
		return l.nested(start, (*locator).inlineTable)
	}
	l.skipUntil(",]}#\r\n")
	if l.pos == start {
		return place{}, errUnexpected
	}
	return place{offset: start}, nil
}

// nested reads the rest of a value that contains others.
func (l *locator) nested(start int, read func(*locator, *place) error) (place, error) {
	if l.depth++; l.depth > maxDepth {
		return place{}, errDepth
	}
	p := place{offset: start}
	err := read(l, &p)
	l.depth--
	return p, err
}

// array reads an array behind its opening bracket.
func (l *locator) array(p *place) error {
	for {
		l.skipSpace()
		if l.take("]") {
			return nil
		}
		element, err := l.value()
		if err != nil {
			return err
		}
		p.elements = append(p.elements, element)
		l.skipSpace()
		if !l.take(",") && !l.sees("]") {
			return errUnexpected
		}
	}
}

// inlineTable reads an inline table behind its opening brace.
func (l *locator) inlineTable(p *place) error {
	for {
		l.skipSpace()
		if l.take("}") {
			return nil
		}
		entry, err := l.pair()
		if err != nil {
			return err
		}
		p.pairs = append(p.pairs, entry)
		l.skipSpace()
		if !l.take(",") && !l.sees("}") {
			return errUnexpected
		}
	}
}

// quoted reads the rest of a string, of which the opening quote was read, and
// returns it as written.
func (l *locator) quoted(quote string) (string, error) {
	start := l.pos
	for l.pos < len(l.text) {
		switch {
		case l.text[l.pos] == '\\' && quote[0] == '"':
			l.pos = min(l.pos+2, len(l.text))
		case l.take(quote):
			// Up to two quotes may stand before the closing three.
			for range len(quote) - 1 {
				l.take(quote[:1])
			}
			return l.text[start : l.pos-len(quote)], nil
		default:
			l.pos++
		}
	}
	return "", errUnexpected
}

const (
	blanks  = " \t"
	space   = " \t\r\n"
	bareKey = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
)

// skipBlanks reads spaces and tabs.
func (l *locator) skipBlanks() { l.skip(blanks) }

// skipSpace reads blanks, newlines and comments.
func (l *locator) skipSpace() {
	for l.skip(space); l.sees("#"); l.skip(space) {
		l.skipUntil("\n")
	}
}

// skip reads characters that are in set.
func (l *locator) skip(set string) {
	for l.pos < len(l.text) && strings.IndexByte(set, l.text[l.pos]) >= 0 {
		l.pos++
	}
}

// skipUntil reads up to a character that is in set, or to the end.
func (l *locator) skipUntil(set string) {
	if i := strings.IndexAny(l.text[l.pos:], set); i >= 0 {
		l.pos += i
		return
	}
	l.pos = len(l.text)
}

// sees reports whether token comes next.
func (l *locator) sees(token string) bool { return strings.HasPrefix(l.text[l.pos:], token) }

// take reads token if it comes next.
func (l *locator) take(token string) bool {
	if !l.sees(token) {
		return false
	}
	l.pos += len(token)
	return true
}
