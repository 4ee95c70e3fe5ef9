package conf

import (
	"strings"
	"unicode"
)

// parseKey reads a key, quoted or bare, and stops right behind it.
func (p *parser) parseKey(at level) (string, error) {
	switch p.peek() {
	case '"':
		return p.quotedKey(at, "Unexpected EOF processing double quoted map key.")
	case '\'':
		return p.quotedKey(at, "Unexpected EOF processing quoted map key.")
	case '=', ':':
		if at == inMap {
			return "", p.unexpected("Unexpected key separator '%s'.")
		}
		return "", p.unexpected("Unexpected key separator '%s'")
	}
	start := p.pos
	p.skipWhile(func(r rune) bool { return r != '=' && r != ':' && r != end && !unicode.IsSpace(r) })
	if p.peek() == end {
		if at == inMap {
			return "", p.fail("Unexpected EOF processing map key.")
		}
		return "", &IncompleteError{Pos: p.position()}
	}
	return p.text[start:p.pos], nil
}

// quotedKey reads a key in quotes, in which nothing is escaped.
func (p *parser) quotedKey(at level, unterminated string) (string, error) {
	if at != inMap {
		unterminated = "Unexpected EOF."
	}
	return p.verbatim(unterminated)
}

// isInclude reports whether a bare key is the word that includes a file.
func isInclude(key string) bool { return strings.EqualFold(key, "include") }
