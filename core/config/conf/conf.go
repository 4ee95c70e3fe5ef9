package conf

import (
	"os"

	"github.com/trellismq/trellis/core/config/syntax"
	"github.com/trellismq/trellis/sdk/option"
)

// ParseFile reads the configuration file at path and everything it includes,
// and returns the root of the tree, a Map. Positions carry path as given.
//
// env answers for environment variables; nil means that there are none. A file
// that cannot be read is reported by the error of os.ReadFile, anything else by
// the error types of this package.
func ParseFile(path string, env func(string) (string, bool)) (*option.Value, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data, env, os.ReadFile)
}

// Parse is ParseFile for bytes that were read already: name stands in positions
// and is what includes are relative to, readFile reads included files (nil means
// that there are none to read).
func Parse(name string, data []byte, env func(string) (string, bool), readFile func(string) ([]byte, error)) (*option.Value, error) {
	world := surroundings{env: env, files: syntax.NewFiles(name, readFile)}
	return world.parse(name, string(data))
}

// ParseValue reads text as a reference to an environment variable would: as the
// value of a field. name is the variable's; env answers for the variables that
// text refers to. Every position in the value is pos.
func ParseValue(name, text string, env func(string) (string, bool), pos option.Position) (*option.Value, error) {
	world := surroundings{env: env, files: syntax.NewFiles("", nil), expanding: []string{name}}
	return world.parseVariable(text, pos)
}

// surroundings is what a file is read in: where its variables and includes come
// from, and which of both are being read already.
type surroundings struct {
	env       func(string) (string, bool)
	files     syntax.Files
	expanding []string // names of the environment variables being read, outermost first
}

// parse reads one file in w.
func (w surroundings) parse(name, text string) (*option.Value, error) {
	p := parser{
		scanner: scanner{file: name, text: text, line: 1},
		world:   w,
	}
	return p.parseRoot()
}
