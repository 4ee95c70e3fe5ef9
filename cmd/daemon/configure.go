package daemon

import (
	"errors"
	"fmt"
	"slices"

	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/plugins/host"
	"github.com/trellismq/trellis/sdk/option"
)

// errNothingToTest: -t was given without a file.
var errNothingToTest = errors.New("must specify [-c, --config] option to check configuration file syntax")

// test answers -t: it reads the file and says what is wrong with it. Flags, and
// the rules for a start, do not matter (configuration, test mode).
func (p Process) test(command *config.CommandLine, registry *host.Registry) int {
	if command.Config == "" {
		return p.fail(errNothingToTest)
	}
	o, report, err := config.Load(command.Config, p.Environment)
	if err != nil {
		return p.fail(err)
	}
	if report.Clean() && !needsRuntime(o) {
		_, err = registry.Plan(o)
	}
	if !report.Clean() {
		err = &option.InvalidError{Report: report}
	}
	if err != nil {
		return p.fail(err)
	}
	fmt.Fprintf(p.Stderr, "%s: configuration file %s is valid (%s)\n", name, command.Config, o.Digest)
	return exitOK
}

// needsRuntime reports whether the chain of authenticators holds drivers that
// only a program with their runtime can check.
func needsRuntime(o *config.Options) bool {
	return slices.ContainsFunc(o.Auth, func(a *config.Authenticator) bool { return a.Driver == "" })
}

// configure returns the options to start with: the file, flags on top of it,
// found possible for this program.
func (p Process) configure(command *config.CommandLine, registry *host.Registry) (*config.Options, error) {
	o := config.Default()
	if command.Config != "" {
		loaded, report, err := config.Load(command.Config, p.Environment)
		if err != nil {
			return nil, err
		}
		if err := report.Err(); err != nil {
			return nil, err
		}
		warn(p.Stderr, report.Lines())
		o = loaded
	}
	if err := command.Overrides.Apply(o); err != nil {
		return nil, err
	}
	asked := o.Features()
	if command.Signal != "" {
		asked = append(asked, config.Feature{Name: featureSignals, Option: "signal"})
	}
	if err := refuseMissing(asked); err != nil {
		return nil, err
	}
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if err := admitAnonymous(o, nil); err != nil {
		return nil, err
	}
	_, err := registry.Plan(o)
	return o, err
}
