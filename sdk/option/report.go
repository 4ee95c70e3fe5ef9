package option

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Complaint is one thing said about a configuration. A complaint without
// position is about the configuration as a whole.
type Complaint struct {
	Pos  Position
	Text string
}

// String renders the complaint as file:line:column: text.
func (c Complaint) String() string {
	if c.Pos.IsZero() {
		return c.Text
	}
	return c.Pos.String() + ": " + c.Text
}

// Report collects what is wrong with a configuration, so that everything can be
// told at once. The zero Report is empty and ready to use. It is not safe for
// concurrent use.
type Report struct {
	Warnings []Complaint
	Errors   []Complaint
}

// Errorf adds an error at pos.
func (r *Report) Errorf(pos Position, format string, args ...any) {
	r.Errors = append(r.Errors, Complaint{Pos: pos, Text: fmt.Sprintf(format, args...)})
}

// Warnf adds a warning at pos.
func (r *Report) Warnf(pos Position, format string, args ...any) {
	r.Warnings = append(r.Warnings, Complaint{Pos: pos, Text: fmt.Sprintf(format, args...)})
}

// Clean reports whether there is neither an error nor a warning.
func (r *Report) Clean() bool { return len(r.Errors) == 0 && len(r.Warnings) == 0 }

// Err returns the report as an error when it holds errors, else nil. Warnings
// alone are no error; a caller that is strict asks Clean.
func (r *Report) Err() error {
	if len(r.Errors) == 0 {
		return nil
	}
	return &InvalidError{Report: r}
}

// Lines returns all warnings, then all errors, each group in file order.
func (r *Report) Lines() []string {
	lines := make([]string, 0, len(r.Warnings)+len(r.Errors))
	for _, group := range [][]Complaint{r.Warnings, r.Errors} {
		group = slices.Clone(group)
		slices.SortStableFunc(group, func(a, b Complaint) int {
			return cmp.Or(
				strings.Compare(a.Pos.File, b.Pos.File),
				cmp.Compare(a.Pos.Line, b.Pos.Line),
				cmp.Compare(a.Pos.Column, b.Pos.Column))
		})
		for _, c := range group {
			lines = append(lines, c.String())
		}
	}
	return lines
}

// String returns Lines, each ended by a newline.
func (r *Report) String() string {
	var b strings.Builder
	for _, line := range r.Lines() {
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.String()
}

// InvalidError says that a configuration was read but must not be used.
type InvalidError struct{ Report *Report }

// Error returns the whole report: warnings, then errors, one per line.
func (e *InvalidError) Error() string { return e.Report.String() }
