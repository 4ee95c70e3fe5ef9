package tomlconf

import (
	"errors"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/trellismq/trellis/sdk/option"
)

// Causes that an Error can have, besides those of package syntax.
var (
	// ErrUndefined: nothing above has the variable's name, nor has the environment.
	ErrUndefined = errors.New("is not written above and not in the environment")
	// ErrNotFinite: the value is an infinity or not a number.
	ErrNotFinite = errors.New("a float must be finite")
	// ErrInclude: include is neither a string nor a list of strings.
	ErrInclude = errors.New("include must be the name of a file or a list of names")
)

// Error reports what is wrong with a file, and where.
type Error struct {
	Pos option.Position
	Err error
}

// Error returns file:line:column and the cause.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Pos, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// syntaxError turns an error of the library into one with a position of ours.
func syntaxError(lines lines, err error) error {
	var parseErr toml.ParseError
	if !errors.As(err, &parseErr) {
		return &Error{Pos: lines.position(0), Err: err}
	}
	return &Error{
		Pos: lines.position(parseErr.Position.Start),
		Err: errors.New(strings.TrimSuffix(parseErr.Message, ".")),
	}
}
