package tomlconf

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trellismq/trellis/core/config/conf"
	"github.com/trellismq/trellis/sdk/option"
)

// text returns the value of a string that is written in t: what it refers to, if
// it is a reference, else the string with an escaped dollar sign unescaped.
func (b *builder) text(t *table, s string, pos option.Position) (*option.Value, error) {
	name := strings.TrimLeft(s, "$")
	switch dollars := len(s) - len(name); {
	case dollars == 0, !isName(name):
	case dollars == 1:
		return b.resolve(t, name, pos)
	default:
		s = s[1:]
	}
	return &option.Value{Kind: option.String, Pos: pos, Text: s}, nil
}

// isName reports whether a dollar sign and s are a reference. Subjects such as
// $JS.API.INFO, bcrypt hashes and the $1 of a mapping are not.
func isName(s string) bool {
	if s == "" || strings.IndexByte(bareKey, s[0]) < 0 || s[0] == '-' || '0' <= s[0] && s[0] <= '9' {
		return false
	}
	return strings.Trim(s, bareKey) == ""
}

// resolve returns what name refers to in t: a key written earlier, in t or in a
// table around it, or else an environment variable. A table does not see itself,
// as it is not complete.
func (b *builder) resolve(t *table, name string, pos option.Position) (*option.Value, error) {
	from := ""
	for ; t != nil; t = t.parent {
		if name != from {
			if value, ok := t.scope.Refer(name); ok {
				return snapshot(value, pos), nil
			}
		}
		from = t.key
	}
	if b.world.env != nil {
		if text, ok := b.world.env(name); ok {
			value, err := conf.ParseValue(name, text, b.world.env, pos)
			if err != nil {
				err = &Error{Pos: pos, Err: fmt.Errorf("variable %s of the environment: %w", name, err)}
			}
			return value, err
		}
	}
	return nil, &Error{Pos: pos, Err: fmt.Errorf("$%s %w (write \"$$%s\" for the text itself)", name, ErrUndefined, name)}
}

// snapshot returns a copy of value as it is now, since keys may be added to a
// table later. The copy stands at pos, what it contains where it was written.
func snapshot(value *option.Value, pos option.Position) *option.Value {
	taken := *value
	taken.Pos = pos
	taken.List = slices.Clone(value.List)
	for i, element := range taken.List {
		taken.List[i] = snapshot(element, element.Pos)
	}
	taken.Fields = slices.Clone(value.Fields)
	for i, field := range taken.Fields {
		taken.Fields[i].Value = snapshot(field.Value, field.Value.Pos)
	}
	return &taken
}
