package option

import (
	"fmt"
	"strings"
	"time"
)

// Settings is a block that has been checked against its [Table]: typed values
// with defaults filled in. It is immutable and safe for concurrent use.
//
// The getters take the option's name. Asking for an option that the table does
// not hold, or for another type than it has, is a mistake in the program and
// panics.
type Settings struct {
	table   *Table
	pos     Position
	entries map[string]entry
}

type entry struct {
	value any
	pos   Position
	set   bool
	// bad: an error was reported, value is the default.
	bad bool
}

func newSettings(t *Table, pos Position) *Settings {
	s := &Settings{table: t, pos: pos, entries: make(map[string]entry, len(t.options))}
	for _, o := range t.options {
		s.entries[o.Name] = entry{value: o.Default}
	}
	return s
}

// Table returns the description the settings were checked against.
func (s *Settings) Table() *Table { return s.table }

// Pos returns where the block was written.
func (s *Settings) Pos() Position { return s.pos }

// Has reports whether the option was written.
func (s *Settings) Has(name string) bool { return s.entry(name).set }

// PosOf returns where the option was written, or the block's position.
func (s *Settings) PosOf(name string) Position {
	if e := s.entry(name); e.set {
		return e.pos
	}
	return s.pos
}

// String returns the value of a string option.
func (s *Settings) String(name string) string { return get[string](s, name) }

// Bool returns the value of a boolean option.
func (s *Settings) Bool(name string) bool { return get[bool](s, name) }

// Int returns the value of an integer or size option.
func (s *Settings) Int(name string) int64 { return get[int64](s, name) }

// Duration returns the value of a duration option, in whichever of the three
// duration types it was described.
func (s *Settings) Duration(name string) time.Duration { return get[time.Duration](s, name) }

// Strings returns the value of an option that holds strings. The slice must not
// be changed.
func (s *Settings) Strings(name string) []string { return get[[]string](s, name) }

// StringMap returns the value of a map of strings. The map must not be changed.
func (s *Settings) StringMap(name string) map[string]string { return get[map[string]string](s, name) }

// Address returns the value of an address option.
func (s *Settings) Address(name string) Address { return get[Address](s, name) }

// Block returns a nested block, nil when it was not written.
func (s *Settings) Block(name string) *Settings { return get[*Settings](s, name) }

// Blocks returns the blocks of a list. The slice must not be changed.
func (s *Settings) Blocks(name string) []*Settings { return get[[]*Settings](s, name) }

// Value returns the value in the Go type of its option, nil when there is none.
func (s *Settings) Value(name string) any { return s.entry(name).value }

func (s *Settings) entry(name string) entry {
	e, ok := s.entries[name]
	if !ok {
		panic("option: the table has no option " + name)
	}
	return e
}

func get[V any](s *Settings, name string) V {
	e := s.entry(name)
	if e.value == nil {
		var zero V
		return zero
	}
	v, ok := e.value.(V)
	if !ok {
		panic(fmt.Sprintf("option: %s holds %T, not %T", name, e.value, v))
	}
	return v
}

// Format prints the settings with secrets blanked, whatever the verb.
func (s *Settings) Format(f fmt.State, _ rune) {
	fmt.Fprint(f, s.text())
}

func (s *Settings) text() string {
	var parts []string
	for _, o := range s.table.options {
		e := s.entries[o.Name]
		if e.value == nil || isZero(e.value) {
			continue
		}
		parts = append(parts, o.Name+": "+o.Show(e.value))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// Redacted stands in for a secret wherever values are printed.
const Redacted = "[REDACTED]"

// Show renders a value of the option for logs and messages; a secret is not
// shown.
func (o *Option) Show(value any) string {
	switch {
	case o.show != nil:
		return o.show(value)
	case o.Secret && !isZero(value):
		return Redacted
	}
	return fmt.Sprint(value)
}
