package conf

import (
	"github.com/trellismq/trellis/sdk/option"
)

// include reads the path that follows the word include at pos, and adds the
// fields of the file there to the innermost map.
func (p *parser) include(pos option.Position) error {
	path, err := p.parsePath()
	if err != nil {
		return err
	}
	root, err := p.world.include(path)
	if err != nil {
		return &IncludeError{Pos: pos, Path: path, Err: err}
	}
	for _, field := range root.Fields {
		p.innermost().Set(field)
	}
	return nil
}

// parsePath reads the path of an include: quoted, or up to a blank, a newline, a
// semicolon or a closing brace.
func (p *parser) parsePath() (string, error) {
	p.skipBlanks()
	switch r := p.peek(); {
	case r == '"':
		return p.verbatim("Unexpected EOF in double quoted include")
	case r == '\'':
		return p.verbatim("Unexpected EOF in quoted include")
	case isNewline(r):
		return "", p.refusePath("found new line")
	case r == '[':
		return "", p.refusePath("found start of an array")
	case r == '{':
		return "", p.refusePath("found start of a map")
	case r == '(':
		return "", p.refusePath("found start of a block")
	case r == '-', isDigit(r):
		return "", p.refusePath("found start of a number")
	case r == '\\':
		return "", p.refusePath("found escape sequence")
	}
	start := p.pos
	p.skipWhile(func(r rune) bool { return !isBlank(r) && !isNewline(r) && r != ';' && r != '}' && r != end })
	return p.text[start:p.pos], nil
}

// refusePath reads the rune that cannot begin a path and returns the error.
func (p *parser) refusePath(found string) error {
	p.next()
	return p.fail("Expected include value but " + found)
}

// include reads and parses the file that the one being read includes by path.
func (w surroundings) include(path string) (*option.Value, error) {
	files, data, err := w.files.Include(path)
	if err != nil {
		return nil, err
	}
	w.files = files
	return w.parse(files.Name(), string(data))
}
