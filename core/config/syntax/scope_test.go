package syntax

import (
	"testing"

	"github.com/trellismq/trellis/sdk/option"
)

func TestScope(t *testing.T) {
	text := func(s string) *option.Value { return &option.Value{Kind: option.String, Text: s} }
	s := NewScope(option.Position{File: "f", Line: 3})
	value := s.Value()
	if value.Kind != option.Map || value.Pos.Line != 3 {
		t.Fatalf("a new scope is %+v", value)
	}
	if _, ok := s.Refer("a"); ok {
		t.Error("a field can be referred to before it is set")
	}

	s.Set(option.Field{Key: "a", Value: text("1")})
	s.Set(option.Field{Key: "b", Value: text("2")})
	if got, ok := s.Refer("a"); !ok || got.Text != "1" {
		t.Errorf("a: got %v %v", got, ok)
	}
	if !value.Fields[0].Referenced || value.Fields[1].Referenced {
		t.Error("the field that was referred to, and no other, is to be marked")
	}

	s.Set(option.Field{Key: "a", Value: text("3"), Pos: option.Position{Line: 9}})
	if len(value.Fields) != 2 {
		t.Fatalf("got %d fields, want 2", len(value.Fields))
	}
	if f := value.Fields[0]; f.Key != "a" || f.Value.Text != "3" || f.Pos.Line != 9 || f.Referenced {
		t.Errorf("a field written again is %+v", f)
	}
}
