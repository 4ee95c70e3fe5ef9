package daemon

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/trellismq/trellis/core/config"
)

// compiledIn are the features that this program has. A configuration that asks
// for another one is not started: half of what an operator asked for is not what
// they asked for.
var compiledIn = map[string]bool{
	config.FeatureSystemAccount: true,
}

// featureSignals is the feature behind the flag --signal, which no option of a
// file asks for.
const featureSignals = "sending signals"

// MissingError says which features are asked for that the program does not have.
type MissingError struct{ Features []config.Feature }

// Error lists them, a line each: the position, the option that asks, the feature.
func (e *MissingError) Error() string {
	var text strings.Builder
	text.WriteString("this program was built without features that it is asked for:")
	for _, f := range e.Features {
		fmt.Fprintf(&text, "\n%v needs %q", f, f.Name)
	}
	return text.String()
}

// refuseMissing returns a *MissingError when features are asked for that are not
// compiled in: first what flags ask for, then by position in the file.
func refuseMissing(asked []config.Feature) error {
	missing := slices.DeleteFunc(asked, func(f config.Feature) bool { return compiledIn[f.Name] })
	if len(missing) == 0 {
		return nil
	}
	slices.SortStableFunc(missing, func(a, b config.Feature) int {
		return cmp.Or(
			strings.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
		)
	})
	return &MissingError{Features: missing}
}
