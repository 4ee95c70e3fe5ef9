package conf

import (
	"errors"
	"fmt"

	"github.com/trellismq/trellis/sdk/option"
)

// ErrUndefined is the cause of a ReferenceError for a variable that no enclosing
// map has yet and the environment does not have either.
var ErrUndefined = errors.New("can not be found")

// SyntaxError reports bytes that do not fit the language. Pos is where reading
// stopped, right behind the offending rune.
type SyntaxError struct {
	Pos  option.Position
	Text string
}

// Error names the line only, as tools that parse this text expect.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("Parse error on line %d: '%s'", e.Pos.Line, e.Text)
}

// ValueError reports a number or a time that has the right form and cannot be
// represented.
type ValueError struct {
	Pos  option.Position
	Text string
}

// Error returns the text alone, as tools that parse it expect.
func (e *ValueError) Error() string { return e.Text }

// IncompleteError reports a file that ends behind a key that has no value.
type IncompleteError struct {
	// Pos is the end of the file.
	Pos option.Position
}

// Error names the end of the file.
func (e *IncompleteError) Error() string {
	return fmt.Sprintf("config is invalid (%s)", e.Pos)
}

// IncludeError reports an included file that could not be read or parsed. Err may
// be syntax.ErrIncludeCycle or syntax.ErrIncludeDepth.
type IncludeError struct {
	// Pos is where the directive stands.
	Pos option.Position
	// Path is the path as written.
	Path string
	Err  error
}

// Error names the path as written and the cause.
func (e *IncludeError) Error() string {
	return fmt.Sprintf("error parsing include file '%s', %v", e.Path, e.Err)
}

// Unwrap returns the cause.
func (e *IncludeError) Unwrap() error { return e.Err }

// ReferenceError reports a variable that is not defined (Err is ErrUndefined) or
// whose value in the environment cannot be parsed.
type ReferenceError struct {
	// Pos is where the reference stands.
	Pos  option.Position
	Name string
	Err  error
}

// Error names the variable, the line of the reference and the cause.
func (e *ReferenceError) Error() string {
	text := fmt.Sprintf("variable reference for '%s' on line %d", e.Name, e.Pos.Line)
	if e.Err == ErrUndefined { // itself: a cause may wrap another reference's
		return text + " " + e.Err.Error()
	}
	return text + " could not be parsed: " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *ReferenceError) Unwrap() error { return e.Err }

// CycleError reports an environment variable that refers to itself, directly or
// through others.
type CycleError struct{ Name string }

// Error names the variable.
func (e *CycleError) Error() string {
	return fmt.Sprintf("variable reference cycle for '%s'", e.Name)
}
