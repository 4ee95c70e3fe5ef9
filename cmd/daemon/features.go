package daemon

import (
	"fmt"
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

// Error lists them, a line each, by the option that asks and its position.
func (e *MissingError) Error() string {
	var text strings.Builder
	text.WriteString("this program does not have everything it is asked for:")
	for _, f := range e.Features {
		fmt.Fprintf(&text, "\n%v needs %s", f, f.Name)
	}
	return text.String()
}

// refuseMissing returns a *MissingError when file or flags ask for features that
// are not compiled in.
func refuseMissing(command *config.CommandLine, o *config.Options) error {
	var missing []config.Feature
	if command.Signal != "" {
		missing = append(missing, config.Feature{Name: featureSignals, Option: "signal"})
	}
	for _, f := range o.Features() {
		if !compiledIn[f.Name] {
			missing = append(missing, f)
		}
	}
	if missing != nil {
		return &MissingError{Features: missing}
	}
	return nil
}
