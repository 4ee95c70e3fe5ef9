package option

import (
	"fmt"
	"time"
)

// Position says where in a configuration file something was written.
// Line counts from 1. Column counts bytes from 0 on line 1 and from 1 on later
// lines, as users of nats-server know it. The zero Position means
// "not from a file" (a flag, the environment, a program).
type Position struct {
	File   string
	Line   int
	Column int
}

// IsZero reports whether p points nowhere.
func (p Position) IsZero() bool { return p.File == "" && p.Line == 0 }

// String renders p as file:line:column.
func (p Position) String() string {
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Kind is the type of a configuration value.
type Kind uint8

// The kinds a Value can have. Durations and sizes are written as strings or
// integers; the option that reads them gives them their meaning.
const (
	Invalid Kind = iota
	String
	Bool
	Int
	Float
	Time
	List
	Map
)

// Value is one node of a configuration tree. Exactly the member that Kind names
// is meaningful. A Value is immutable once its parser has returned it, and may
// be shared: a variable that is referenced twice yields the same Value twice.
type Value struct {
	Kind Kind
	// Pos is where the value was written: for the value of a field the position
	// of its key, for a list element the position of the element.
	Pos Position

	Text  string
	Bool  bool
	Int   int64
	Float float64
	Time  time.Time
	List  []*Value
	// Fields holds the entries of a Map in the order written. Keys are unique
	// (a later entry replaces an earlier one, keeping the later position) and
	// keep the case they were written in.
	Fields []Field
}

// Field is one entry of a Map.
type Field struct {
	Key string
	Pos Position
	// Referenced is true when the key was used as a variable somewhere, which
	// exempts it from being reported as an unknown field.
	Referenced bool
	Value      *Value
}
