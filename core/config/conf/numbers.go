package conf

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// parseNumber reads a value that begins like a number: an integer, a float, a
// timestamp, an address, or a string that merely begins with a digit. element is
// true for an element of a list.
func (p *parser) parseNumber(pos option.Position, element bool) (*option.Value, error) {
	start := p.pos
	negative := p.peek() == '-'
	if negative {
		p.next()
	}
	if p.peek() == '.' {
		p.next()
		return nil, p.fail("Floats must start with a digit")
	}
	if !isDigit(p.peek()) {
		return nil, p.unexpected("Expected a digit but got '%s'.")
	}
	p.skipWhile(isDigit)
	digits := p.text[start:p.pos]

	switch r := p.peek(); {
	case r == '.':
		return p.parseFraction(start, pos)
	case r == '-' && !negative:
		return p.parseTime(start, pos)
	case isScale(r):
		suffixStart := p.pos
		p.next()
		p.skipWhile(isScaleTail)
		factor, known := option.Multiplier(p.text[suffixStart:p.pos])
		if known && endsNumber(p.peek(), element) {
			return p.integer(start, digits, factor, pos)
		}
		return p.parseBare(start, pos)
	case negative, endsNumber(r, element):
		return p.integer(start, digits, 1, pos)
	default:
		p.next() // whatever it is, it belongs to the string
		return p.parseBare(start, pos)
	}
}

// endsNumber reports whether r may follow an integer. A closing bracket may only
// in a list; elsewhere it makes the token a string.
func endsNumber(r rune, element bool) bool {
	switch r {
	case end, ' ', '\t', '\n', '\r', ',', ';', '}':
		return true
	case ']':
		return element
	}
	return false
}

// integer returns digits times factor. The token began at start. A product
// beyond 64 bits wraps: there are files that mean "no limit" by that.
func (p *parser) integer(start int, digits string, factor int64, pos option.Position) (*option.Value, error) {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return nil, p.unrepresentable("integer '%s' is out of the range", start)
	}
	return &option.Value{Kind: option.Int, Pos: pos, Int: n * factor}, nil
}

// parseFraction reads the rest of a float or, if a second point follows, of an
// address.
func (p *parser) parseFraction(start int, pos option.Position) (*option.Value, error) {
	p.next()
	if !isDigit(p.peek()) {
		return nil, p.unexpected("Floats must have a digit after the '.', but got '%s' instead.")
	}
	p.skipWhile(isDigit)
	if p.peek() == '.' {
		p.skipWhile(func(r rune) bool { return isDigit(r) || r == '.' || r == ':' || r == '-' })
		return &option.Value{Kind: option.String, Pos: pos, Text: p.text[start:p.pos]}, nil
	}
	f, err := strconv.ParseFloat(p.text[start:p.pos], 64)
	if err != nil {
		return nil, p.unrepresentable("float '%s' is out of the range", start)
	}
	return &option.Value{Kind: option.Float, Pos: pos, Float: f}, nil
}

// parseTime reads the rest of a timestamp, of which the year was read.
func (p *parser) parseTime(start int, pos option.Position) (*option.Value, error) {
	const form = "0000-00-00T00:00:00Z"
	if p.pos-start != len("0000") {
		p.next()
		return nil, p.fail("All ISO8601 dates must be in full Zulu form.")
	}
	for _, want := range form[len("0000"):] {
		switch r := p.peek(); {
		case want == '0' && !isDigit(r):
			return nil, p.unexpected("Expected digit in ISO8601 datetime, but found '%s' instead.")
		case want != '0' && r != want:
			return nil, p.unexpected("Expected '" + string(want) + "' in ISO8601 datetime, but found '%s' instead.")
		}
		p.next()
	}
	t, err := time.Parse(time.RFC3339, p.text[start:p.pos])
	if err != nil {
		return nil, p.unrepresentable("expected Zulu formatted DateTime, but got '%s'", start)
	}
	return &option.Value{Kind: option.Time, Pos: pos, Time: t}, nil
}

// unrepresentable returns an error about the token that began at start and was
// just read. format has one %s, which the token takes.
func (p *parser) unrepresentable(format string, start int) error {
	return &ValueError{Pos: p.position(), Text: fmt.Sprintf(format, p.text[start:p.pos])}
}

// scales are the letters that suffixes begin with.
const scales = "kmgtpe"

func isScale(r rune) bool     { return strings.ContainsRune(scales, r|0x20) }
func isScaleTail(r rune) bool { return r == 'b' || r == 'B' || r == 'i' || r == 'I' }
