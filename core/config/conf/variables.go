package conf

import (
	"slices"
	"strings"

	"github.com/trellismq/trellis/core/config/syntax"
	"github.com/trellismq/trellis/sdk/option"
)

// openScope begins a map at pos, inside those being read.
func (p *parser) openScope(pos option.Position) *syntax.Scope {
	s := syntax.NewScope(pos)
	p.scopes = append(p.scopes, s)
	return s
}

// closeScope ends the innermost map.
func (p *parser) closeScope() { p.scopes = p.scopes[:len(p.scopes)-1] }

// innermost returns the innermost map being read.
func (p *parser) innermost() *syntax.Scope { return p.scopes[len(p.scopes)-1] }

// resolve returns the value that a bare token refers to, the token being a
// dollar sign and name: a field of the innermost map that has one by that name,
// else an environment variable. pos becomes its position.
func (p *parser) resolve(name string, pos option.Position) (*option.Value, error) {
	if strings.HasPrefix(name, "2a$") { // a bcrypt hash
		return &option.Value{Kind: option.String, Pos: pos, Text: "$" + name}, nil
	}
	for _, s := range slices.Backward(p.scopes) {
		if value, ok := s.Refer(name); ok {
			here := *value
			here.Pos = pos
			return &here, nil
		}
	}
	value, err := p.world.variable(name, pos)
	if err != nil {
		return nil, &ReferenceError{Pos: p.position(), Name: name, Err: err}
	}
	return value, nil
}

// variable returns the value of an environment variable.
func (w surroundings) variable(name string, pos option.Position) (*option.Value, error) {
	if w.env == nil {
		return nil, ErrUndefined
	}
	text, ok := w.env(name)
	if !ok {
		return nil, ErrUndefined
	}
	if slices.Contains(w.expanding, name) {
		return nil, &CycleError{Name: name}
	}
	w.expanding = append(slices.Clip(w.expanding), name)
	return w.parseVariable(text, pos)
}

// parseVariable parses text as the value of a field of a file of its own, so
// that everything a value may be is understood, and what follows it is not.
// The value takes the position pos throughout, since text has none.
func (w surroundings) parseVariable(text string, pos option.Position) (*option.Value, error) {
	const key = "pk"
	root, err := w.parse("", key+"="+text)
	if err != nil {
		return nil, err
	}
	for _, field := range root.Fields {
		if field.Key == key {
			return relocate(field.Value, pos), nil
		}
	}
	return nil, ErrUndefined
}

// relocate returns a copy of value that stands at pos with everything in it.
func relocate(value *option.Value, pos option.Position) *option.Value {
	moved := *value
	moved.Pos = pos
	moved.List = slices.Clone(value.List)
	for i, element := range moved.List {
		moved.List[i] = relocate(element, pos)
	}
	moved.Fields = slices.Clone(value.Fields)
	for i, field := range moved.Fields {
		moved.Fields[i].Pos = pos
		moved.Fields[i].Value = relocate(field.Value, pos)
	}
	return &moved
}
