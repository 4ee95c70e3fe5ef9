package config

import (
	"path/filepath"
	"strings"

	"github.com/trellismq/trellis/core/config/conf"
	"github.com/trellismq/trellis/core/config/digest"
	"github.com/trellismq/trellis/core/config/tomlconf"
	"github.com/trellismq/trellis/sdk/option"
)

// Environment looks up a variable of the process's environment, as os.LookupEnv
// does.
type Environment func(name string) (value string, found bool)

// Load reads a configuration file: TOML when its name ends in .toml, else the
// NATS configuration language.
//
// An error means that the file could not be read or does not follow its
// syntax. What is wrong with the options is in the report, all of it at once; the
// options must not be used when the report holds errors, and a strict caller (a
// syntax check) refuses warnings, too.
func Load(path string, env Environment) (*Options, *option.Report, error) {
	parse := conf.ParseFile
	if strings.EqualFold(filepath.Ext(path), ".toml") {
		parse = tomlconf.ParseFile
	}
	tree, err := parse(path, env)
	if err != nil {
		return nil, nil, err
	}
	options, report := Read(path, tree)
	return options, report, nil
}

// Read checks a parsed configuration. name is what messages call it.
func Read(name string, tree *option.Value) (*Options, *option.Report) {
	report := new(option.Report)
	if len(tree.Fields) == 0 {
		report.Warnf(option.Position{}, "%s: config has no values or is empty", name)
	}
	options := root().Read(option.NewNode("", option.Position{File: name}, tree, report))
	if len(report.Errors) == 0 {
		pos := options.Pos("accounts")
		checkExchange(options, option.NewNode("accounts", pos, nil, report))
	}
	// Either asks for a kind of trace, and so for a trace; a flag can still say no.
	if l := &options.Logging; l.TraceVerbose || l.TraceHeaders {
		l.Trace = true
	}
	options.Digest = digest.Digest(tree)
	return options, report
}
