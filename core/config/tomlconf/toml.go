package tomlconf

import (
	"errors"
	"os"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/trellismq/trellis/core/config/syntax"
	"github.com/trellismq/trellis/sdk/option"
)

// ParseFile reads the TOML file at path and everything it includes, and returns
// the root of the tree, a Map. Positions carry path as given.
//
// env answers for environment variables; nil means that there are none. A file
// that cannot be read is reported by the error of os.ReadFile, anything else by
// an *Error.
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

// surroundings is what a file is read in: where its variables and includes come
// from.
type surroundings struct {
	env   func(string) (string, bool)
	files syntax.Files
}

// parse reads one file in w.
func (w surroundings) parse(name, text string) (*option.Value, error) {
	body := withoutByteOrderMark(text) // the library skips it, too
	lines := newLines(name, body)
	statements, locateErr := locate(body)
	if errors.Is(locateErr, errDepth) { // before the library, which has no bound
		return nil, &Error{Pos: lines.position(0), Err: locateErr}
	}
	var raw map[string]any
	if _, err := toml.Decode(text, &raw); err != nil {
		return nil, syntaxError(lines, err)
	}
	if locateErr != nil {
		return nil, &Error{Pos: lines.position(0), Err: locateErr}
	}
	b := builder{world: w, lines: lines, root: newTable(lines.position(0), raw, nil, "")}
	return b.build(statements)
}

func withoutByteOrderMark(text string) string {
	for _, mark := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"} {
		if body, ok := strings.CutPrefix(text, mark); ok {
			return body
		}
	}
	return text
}

// include reads and parses the file that the one being read includes by path.
func (w surroundings) include(path string) (*option.Value, error) {
	files, data, err := w.files.Include(path)
	if err != nil {
		return nil, err
	}
	w.files = files
	return w.parse(files.Name(), string(data))
}
