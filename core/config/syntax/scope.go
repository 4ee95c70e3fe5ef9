package syntax

import "github.com/trellismq/trellis/sdk/option"

// Scope is a map that is being read, whose fields so far can be referred to. It
// is not safe for concurrent use.
type Scope struct {
	value *option.Value
	index map[string]int // of the map's fields, by key
}

// NewScope returns an empty map that stands at pos.
func NewScope(pos option.Position) *Scope {
	return &Scope{
		value: &option.Value{Kind: option.Map, Pos: pos},
		index: make(map[string]int),
	}
}

// Set adds a field, or puts it in the place of the one with its key.
func (s *Scope) Set(field option.Field) {
	if i, ok := s.index[field.Key]; ok {
		s.value.Fields[i] = field
		return
	}
	s.index[field.Key] = len(s.value.Fields)
	s.value.Fields = append(s.value.Fields, field)
}

// Refer returns the value of the field with key, if there is one yet, and marks
// the field as used by a reference.
func (s *Scope) Refer(key string) (value *option.Value, ok bool) {
	i, ok := s.index[key]
	if !ok {
		return nil, false
	}
	field := &s.value.Fields[i]
	field.Referenced = true
	return field.Value, true
}

// Value returns the map. Fields that are set later appear in it.
func (s *Scope) Value() *option.Value { return s.value }
