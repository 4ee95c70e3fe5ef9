package conf

import (
	"unicode"

	"github.com/trellismq/trellis/core/config/syntax"
	"github.com/trellismq/trellis/sdk/option"
)

// maxDepth bounds how deep maps, lists and groups may nest, so that a hostile
// file cannot exhaust the stack.
const maxDepth = 10_000

// parser reads one file.
type parser struct {
	scanner
	world  surroundings
	scopes []*syntax.Scope // maps being read, outermost first
	depth  int             // maps, lists and groups being read
}

// level is a place that entries stand in. The three differ in how an entry ends
// and in the words of some errors.
type level uint8

const (
	atRoot  level = iota
	inGroup       // between braces at root level; its entries belong to the root map
	inMap
)

// parseRoot reads the whole file.
func (p *parser) parseRoot() (*option.Value, error) {
	root := p.openScope(p.position())
	for {
		p.skipSpace()
		var err error
		switch r := p.peek(); {
		case p.atEnd():
			return root.Value(), nil
		case r == end:
			return nil, p.fail("Unexpected EOF.")
		case r == '{':
			err = p.parseGroup()
		case r == '}': // a closing brace too many is forgiven
			p.next()
		default:
			err = p.parseEntry(atRoot)
		}
		if err != nil {
			return nil, err
		}
	}
}

// parseGroup reads braces at root level. A group may end with the file.
func (p *parser) parseGroup() error {
	if err := p.descend(); err != nil {
		return err
	}
	defer p.ascend()
	p.next()
	for {
		p.skipSpace()
		switch r := p.peek(); {
		case p.atEnd():
			return nil
		case r == end:
			return p.fail("Unexpected EOF.")
		case r == '}':
			p.next()
			return nil
		case r == '{':
			if err := p.parseGroup(); err != nil {
				return err
			}
			if err := p.endInnerGroup(); err != nil {
				return err
			}
		default:
			if err := p.parseEntry(inGroup); err != nil {
				return err
			}
		}
	}
}

// endInnerGroup reads what may follow a group inside another: a comma, a
// semicolon, or the end of the outer group, which is left to its reader.
func (p *parser) endInnerGroup() error {
	p.skipSpace()
	switch p.peek() {
	case ',', ';':
		p.next()
		return nil
	case '}':
		return nil
	}
	return p.unexpected("Expected a block-level to end with a '}', but got '%s' instead.")
}

// parseMap reads a map in braces.
func (p *parser) parseMap(pos option.Position) (*option.Value, error) {
	if err := p.descend(); err != nil {
		return nil, err
	}
	defer p.ascend()
	p.next()
	fields := p.openScope(pos)
	defer p.closeScope()
	for {
		p.skipSpace()
		switch p.peek() {
		case end:
			return nil, p.fail("Unexpected EOF processing map.")
		case ']':
			return nil, p.unexpected("Unexpected array end '%s' processing map.")
		case '}':
			p.next()
			return fields.Value(), nil
		case '/': // alone, since comments are skipped: a separator by tradition
			p.next()
		default:
			if err := p.parseEntry(inMap); err != nil {
				return nil, err
			}
		}
	}
}

// parseEntry reads a key, its value or the file it includes, and what ends it.
func (p *parser) parseEntry(at level) error {
	pos := p.tokenPosition()
	quoted := pos != p.position()
	key, err := p.parseKey(at)
	if err != nil {
		return err
	}
	if !quoted && isInclude(key) && unicode.IsSpace(p.peek()) {
		err = p.include(pos)
	} else {
		err = p.parseField(key, pos, at)
	}
	if err != nil {
		return err
	}
	return p.endEntry(at)
}

// parseField reads the separator and the value that follow a key and adds the
// field to the innermost map.
func (p *parser) parseField(key string, pos option.Position, at level) error {
	p.skipWhile(unicode.IsSpace)
	if p.peek() == end && at != inMap {
		return &IncompleteError{Pos: p.position()}
	}
	if r := p.peek(); r == '=' || r == ':' {
		p.next()
		if err := p.skipToValue(at); err != nil {
			return err
		}
	}
	if r := p.peek(); at == inMap && (r == ',' || r == '}') {
		return p.unexpected(`Unexpected map value terminator "%s".`)
	}
	value, err := p.parseValue(pos, false)
	if err != nil {
		return err
	}
	p.innermost().Set(option.Field{Key: key, Pos: pos, Value: value})
	return nil
}

// skipToValue reads the space behind an explicit separator. Only inside a map
// may the value stand on a later line.
func (p *parser) skipToValue(at level) error {
	if at == inMap {
		p.skipWhile(unicode.IsSpace)
		return nil
	}
	p.skipBlanks()
	if isNewline(p.peek()) {
		p.next()
		return p.fail("Expected value but found new line")
	}
	return nil
}

// endEntry reads what ends an entry. The brace that closes a map or a group is
// left to its reader.
func (p *parser) endEntry(at level) error {
	p.skipBlanks()
	if p.skipComment() {
		return nil
	}
	if p.peek() == '/' { // no comment: a separator in maps, else nothing, by tradition
		p.next()
		if at == inMap {
			return nil
		}
		p.skipBlanks()
	}
	switch r := p.peek(); {
	case isNewline(r), r == ',', r == ';', r == end && at == atRoot:
		p.next()
		return nil
	case r == '}':
		return nil
	}
	switch at {
	case inMap:
		return p.unexpected(`Expected a map value terminator "," or a map terminator "}", but got '%s' instead.`)
	case inGroup:
		return p.unexpected("Expected a block-level value to end with a new line, comment or EOF, but got '%s' instead.")
	default:
		return p.unexpected("Expected a top-level value to end with a new line, comment or EOF, but got '%s' instead.")
	}
}

// parseValue reads any value. pos becomes its position; element is true for an
// element of a list.
func (p *parser) parseValue(pos option.Position, element bool) (*option.Value, error) {
	switch r := p.peek(); {
	case r == '{':
		return p.parseMap(pos)
	case r == '[':
		return p.parseList(pos)
	case r == '(':
		return p.parseBlock(pos)
	case r == '"', r == '\'':
		return p.parseQuoted(pos)
	case r == '-', r == '.', isDigit(r):
		return p.parseNumber(pos, element)
	default:
		return p.parseBare(p.pos, pos)
	}
}

// parseList reads a list in brackets.
func (p *parser) parseList(pos option.Position) (*option.Value, error) {
	if err := p.descend(); err != nil {
		return nil, err
	}
	defer p.ascend()
	p.next()
	list := &option.Value{Kind: option.List, Pos: pos}
	for {
		p.skipSpace()
		switch p.peek() {
		case ']':
			p.next()
			return list, nil
		case ',':
			return nil, p.unexpected("Unexpected array value terminator '%s'.")
		}
		element, err := p.parseValue(p.tokenPosition(), true)
		if err != nil {
			return nil, err
		}
		list.List = append(list.List, element)
		if err := p.endElement(); err != nil {
			return nil, err
		}
	}
}

// endElement reads what ends an element. The bracket that closes the list is
// left to its reader.
func (p *parser) endElement() error {
	p.skipBlanks()
	if p.skipComment() {
		return nil
	}
	switch r := p.peek(); {
	case isNewline(r), r == ',', r == '/':
		p.next()
		return nil
	case r == ']':
		return nil
	}
	return p.unexpected(`Expected an array value terminator "," or an array terminator "]", but got '%s' instead.`)
}

// descend counts one more nested map, list or group.
func (p *parser) descend() error {
	if p.depth++; p.depth > maxDepth {
		return p.fail("Maps and arrays are nested too deeply")
	}
	return nil
}

func (p *parser) ascend() { p.depth-- }
