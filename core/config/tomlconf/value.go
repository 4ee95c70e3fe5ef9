package tomlconf

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// value returns a value that is written at a place in t and that the library
// decoded as raw. pos becomes its position.
func (b *builder) value(t *table, raw any, at place, pos option.Position) (*option.Value, error) {
	switch raw := raw.(type) {
	case string:
		return b.text(t, raw, pos)
	case bool:
		return &option.Value{Kind: option.Bool, Pos: pos, Bool: raw}, nil
	case int64:
		return &option.Value{Kind: option.Int, Pos: pos, Int: raw}, nil
	case float64:
		if math.IsInf(raw, 0) || math.IsNaN(raw) {
			return nil, &Error{Pos: pos, Err: ErrNotFinite}
		}
		return &option.Value{Kind: option.Float, Pos: pos, Float: raw}, nil
	case time.Time:
		return &option.Value{Kind: option.Time, Pos: pos, Time: absolute(raw)}, nil
	case []any:
		return list(b, t, raw, at, pos)
	case []map[string]any:
		return list(b, t, raw, at, pos)
	case map[string]any:
		return b.inlineTable(t, raw, at, pos)
	default:
		return nil, &Error{Pos: pos, Err: fmt.Errorf("a value of type %T is not known here", raw)}
	}
}

// list returns an array, of which the library knows two types.
func list[T any](b *builder, t *table, raw []T, at place, pos option.Position) (*option.Value, error) {
	if len(raw) != len(at.elements) {
		return nil, &Error{Pos: pos, Err: errUnexpected}
	}
	value := &option.Value{Kind: option.List, Pos: pos, List: make([]*option.Value, len(raw))}
	for i, element := range raw {
		place := at.elements[i]
		var err error
		if value.List[i], err = b.value(t, element, place, b.lines.position(place.offset)); err != nil {
			return nil, err
		}
	}
	return value, nil
}

// inlineTable returns an inline table. Its keys can refer to each other.
func (b *builder) inlineTable(t *table, raw map[string]any, at place, pos option.Position) (*option.Value, error) {
	inner := newTable(pos, raw, t, "")
	for _, pair := range at.pairs {
		if err := b.set(inner, pair); err != nil {
			return nil, err
		}
	}
	return inner.scope.Value(), nil
}

// absolute returns a time without a zone as the same reading of a clock in UTC,
// so that it means the same on every machine.
func absolute(t time.Time) time.Time {
	if !strings.HasSuffix(t.Location().String(), "-local") {
		return t
	}
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	return time.Date(year, month, day, hour, minute, second, t.Nanosecond(), time.UTC)
}
