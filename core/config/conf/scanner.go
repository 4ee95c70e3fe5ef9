package conf

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/trellismq/trellis/sdk/option"
)

// end is the rune read at the end of the text. A NUL byte reads the same, which
// is how it ends a token.
const end rune = 0

// scanner walks over the runes of one file and knows where it is.
type scanner struct {
	file string
	text string
	pos  int // offset of the next rune
	line int // line of the next rune, from 1
	// lineStart is the offset that columns of this line are counted from: 0 on
	// the first line and the newline before the line on later ones. So columns
	// begin with 0 on line 1 and with 1 elsewhere.
	lineStart int
}

// atEnd reports whether the whole text was read.
func (s *scanner) atEnd() bool { return s.pos >= len(s.text) }

// peek returns the next rune without reading it.
func (s *scanner) peek() rune {
	r, _ := s.decode()
	return r
}

// next reads a rune.
func (s *scanner) next() rune {
	r, width := s.decode()
	if r == '\n' {
		s.line++
		s.lineStart = s.pos
	}
	s.pos += width
	return r
}

func (s *scanner) decode() (r rune, width int) {
	if s.atEnd() {
		return end, 0
	}
	if c := s.text[s.pos]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s.text[s.pos:])
}

// skipTo reads everything up to offset.
func (s *scanner) skipTo(offset int) {
	skipped := s.text[s.pos:offset]
	if n := strings.Count(skipped, "\n"); n > 0 {
		s.line += n
		s.lineStart = s.pos + strings.LastIndexByte(skipped, '\n')
	}
	s.pos = offset
}

// skipWhile reads runes as long as they are in the class.
func (s *scanner) skipWhile(class func(rune) bool) {
	for !s.atEnd() && class(s.peek()) {
		s.next()
	}
}

// skipBlanks reads spaces and tabs.
func (s *scanner) skipBlanks() { s.skipWhile(isBlank) }

// skipSpace reads everything that may stand before a key or an element: space
// of any kind, newlines and comments.
func (s *scanner) skipSpace() {
	s.skipWhile(unicode.IsSpace)
	for s.skipComment() {
		s.skipWhile(unicode.IsSpace)
	}
}

// skipComment reads a comment up to the end of its line and reports whether
// there was one.
func (s *scanner) skipComment() bool {
	rest := s.text[s.pos:]
	if !strings.HasPrefix(rest, "#") && !strings.HasPrefix(rest, "//") {
		return false
	}
	if i := strings.IndexAny(rest, "\r\n"); i >= 0 {
		rest = rest[:i]
	}
	s.pos += len(rest)
	return true
}

// position returns where the next rune stands.
func (s *scanner) position() option.Position {
	return option.Position{File: s.file, Line: s.line, Column: s.pos - s.lineStart}
}

// tokenPosition is position, except that a quoted token begins inside its
// quotes.
func (s *scanner) tokenPosition() option.Position {
	pos := s.position()
	if r := s.peek(); r == '"' || r == '\'' {
		pos.Column++
	}
	return pos
}

// fail returns a syntax error at the current position.
func (s *scanner) fail(text string) error {
	return &SyntaxError{Pos: s.position(), Text: text}
}

// unexpected reads the next rune and returns a syntax error about it. format has
// one %s, which the rune takes.
func (s *scanner) unexpected(format string) error {
	r := s.next()
	shown := string(r)
	if r == '\n' {
		shown = `\n`
	}
	return s.fail(fmt.Sprintf(format, shown))
}

func isBlank(r rune) bool   { return r == ' ' || r == '\t' }
func isNewline(r rune) bool { return r == '\n' || r == '\r' }
func isDigit(r rune) bool   { return '0' <= r && r <= '9' }
