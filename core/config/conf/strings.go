package conf

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/trellismq/trellis/sdk/option"
)

// parseQuoted reads a string in double or single quotes.
func (p *parser) parseQuoted(pos option.Position) (*option.Value, error) {
	const unterminated = "Unexpected EOF."
	var text string
	var err error
	if p.peek() == '\'' {
		text, err = p.verbatim(unterminated)
	} else {
		text, err = p.doubleQuoted(unterminated)
	}
	if err != nil {
		return nil, err
	}
	return &option.Value{Kind: option.String, Pos: pos, Text: text}, nil
}

// verbatim reads a string up to the quote that it begins with.
func (p *parser) verbatim(unterminated string) (string, error) {
	quote := p.next()
	start := p.pos
	p.skipWhile(func(r rune) bool { return r != quote && r != end })
	if p.peek() == end {
		return "", p.fail(unterminated)
	}
	text := p.text[start:p.pos]
	p.next()
	return text, nil
}

// doubleQuoted reads a string in double quotes.
func (p *parser) doubleQuoted(unterminated string) (string, error) {
	p.next()
	text, _, err := p.escaped(p.pos, func(r rune) bool { return r == '"' || r == end })
	if err != nil {
		return "", err
	}
	if p.peek() == end {
		return "", p.fail(unterminated)
	}
	p.next()
	return text, nil
}

// parseBare reads a string without quotes, which may also be a boolean or a
// reference. start is where its token began, up to the current offset it is
// taken as it is.
func (p *parser) parseBare(start int, pos option.Position) (*option.Value, error) {
	text, escaped, err := p.escaped(start, endsBare)
	if err != nil {
		return nil, err
	}
	quoted := p.peek() == '\''
	if quoted { // at the end only: it is dropped, by tradition
		p.next()
	}
	if escaped || quoted {
		return &option.Value{Kind: option.String, Pos: pos, Text: text}, nil
	}
	if name, ok := strings.CutPrefix(text, "$"); ok {
		return p.resolve(name, pos)
	}
	switch strings.ToLower(text) {
	case "true", "yes", "on":
		return &option.Value{Kind: option.Bool, Pos: pos, Bool: true}, nil
	case "false", "no", "off":
		return &option.Value{Kind: option.Bool, Pos: pos}, nil
	}
	return &option.Value{Kind: option.String, Pos: pos, Text: text}, nil
}

func endsBare(r rune) bool {
	switch r {
	case end, ' ', '\t', '\n', '\r', ',', ';', ']', '}', '\'':
		return true
	}
	return false
}

// escaped reads a string with escapes up to a rune that ends it, which stays
// unread. The string begins at start; whatever was read of it already is taken
// as it is. hadEscapes reports whether the text differs from what is written.
func (p *parser) escaped(start int, ends func(rune) bool) (text string, hadEscapes bool, err error) {
	var done []byte // the text so far, without what follows the last escape
	for {
		switch r := p.peek(); {
		case ends(r):
			if !hadEscapes {
				return p.text[start:p.pos], false, nil
			}
			return string(append(done, p.text[start:p.pos]...)), true, nil
		case r == '\\':
			done = append(done, p.text[start:p.pos]...)
			c, err := p.escape()
			if err != nil {
				return "", false, err
			}
			done, start, hadEscapes = append(done, c), p.pos, true
		default:
			p.next()
		}
	}
}

// escape reads a backslash and what it escapes, and returns the byte meant.
func (p *parser) escape() (byte, error) {
	p.next()
	switch p.peek() {
	case 't':
		p.next()
		return '\t', nil
	case 'n':
		p.next()
		return '\n', nil
	case 'r':
		p.next()
		return '\r', nil
	case '"', '\\':
		return byte(p.next()), nil
	case 'x':
		p.next()
		return p.hexByte()
	}
	return 0, p.unexpected(`Invalid escape character '%s'. Only the following escape characters are allowed: \xXX, \t, \n, \r, \", \\.`)
}

// hexByte reads the two hexadecimal digits of a byte.
func (p *parser) hexByte() (byte, error) {
	behind := min(p.pos+2, len(p.text))
	digits := p.text[behind-2 : behind] // at the end of the file, its last two bytes
	p.skipTo(behind)
	if strings.ContainsAny(digits, "\r\n") {
		return 0, p.fail(`Expected two hexadecimal digits after '\x', but hit end of line`)
	}
	c, err := strconv.ParseUint(digits, 16, 8)
	if err != nil {
		return 0, p.fail(fmt.Sprintf(`Expected two hexadecimal digits after '\x', but got '%s'`, digits))
	}
	return byte(c), nil
}

// parseBlock reads a block string: from an opening parenthesis to a line that is
// nothing but a closing one. Its value has the newlines at both ends; when the
// file ends right behind the closing parenthesis, it has that as well.
func (p *parser) parseBlock(pos option.Position) (*option.Value, error) {
	p.next()
	start := p.pos
	for from := start; ; {
		i := strings.Index(p.text[from:], "\n)")
		if i < 0 {
			break
		}
		from += i + 1 // the closing parenthesis
		behind := from + 1
		stop := from
		switch {
		case behind == len(p.text):
			stop = behind
		case p.text[behind] != '\n':
			continue
		}
		text := p.text[start:stop]
		if strings.IndexByte(text, 0) >= 0 {
			break
		}
		p.skipTo(behind)
		return &option.Value{Kind: option.String, Pos: pos, Text: text}, nil
	}
	p.skipTo(len(p.text))
	return nil, p.fail("Unexpected EOF processing block.")
}
