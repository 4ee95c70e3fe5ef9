package conf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trellismq/trellis/sdk/option"
)

// find returns the field at a path of keys.
func find(t *testing.T, root *option.Value, path ...string) option.Field {
	t.Helper()
	var found option.Field
	for value := root; len(path) > 0; value, path = found.Value, path[1:] {
		i := 0
		for i < len(value.Fields) && value.Fields[i].Key != path[0] {
			i++
		}
		if i == len(value.Fields) {
			t.Fatalf("there is no field %q", path[0])
		}
		found = value.Fields[i]
	}
	return found
}

// checkPositions compares line:column of fields, named by dotted paths.
func checkPositions(t *testing.T, root *option.Value, want map[string]string) {
	t.Helper()
	for path, position := range want {
		field := find(t, root, strings.Split(path, ".")...)
		if got := fmt.Sprintf("%d:%d", field.Pos.Line, field.Pos.Column); got != position {
			t.Errorf("%s: got %s, want %s", path, got, position)
		}
		if field.Value.Pos != field.Pos {
			t.Errorf("%s: its value is at %s, its key at %s", path, field.Value.Pos, field.Pos)
		}
	}
}
