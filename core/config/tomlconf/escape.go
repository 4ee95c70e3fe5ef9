package tomlconf

import (
	"strconv"
	"strings"
)

// unescape returns what the inside of a quoted key means. An escape that TOML
// does not have is left as it is; the library refuses it.
func unescape(raw string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(raw, `\`)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		meaning, length := escape(rest)
		b.WriteString(meaning)
		raw = rest[length:]
	}
}

// escape returns what the escape at the start of rest, without its backslash,
// stands for and how long it is.
func escape(rest string) (meaning string, length int) {
	if rest == "" {
		return `\`, 0
	}
	digits := 0
	switch rest[0] {
	case 'b':
		return "\b", 1
	case 't':
		return "\t", 1
	case 'n':
		return "\n", 1
	case 'f':
		return "\f", 1
	case 'r':
		return "\r", 1
	case 'e':
		return "\x1b", 1
	case '"', '\\':
		return rest[:1], 1
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	}
	if digits == 0 || len(rest) <= digits {
		return `\`, 0
	}
	r, err := strconv.ParseUint(rest[1:1+digits], 16, 32)
	if err != nil {
		return `\`, 0
	}
	return string(rune(r)), 1 + digits
}
