package conf

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/trellismq/trellis/core/config/digest"
	"github.com/trellismq/trellis/sdk/option"
)

// files is a file system and an environment for tests: names that begin with a
// dollar sign are variables.
type files map[string]string

func (f files) read(path string) ([]byte, error) {
	text, ok := f[path]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	return []byte(text), nil
}

func (f files) env(name string) (string, bool) {
	text, ok := f["$"+name]
	return text, ok
}

// parse returns the canonical JSON of text, or the text of the error.
func (f files) parse(text string) (json, failure string) {
	root, err := Parse("test.conf", []byte(text), f.env, f.read)
	if err != nil {
		return "", err.Error()
	}
	return string(digest.JSON(root)), ""
}

// rule is one text and what it means: json or else an error, of which the text
// may be given up to where it stops to matter.
type rule struct {
	text    string
	json    string
	failure string
}

func (f files) check(t *testing.T, rules []rule) {
	t.Helper()
	for _, rule := range rules {
		json, failure := f.parse(rule.text)
		if json != rule.json || failure != rule.failure {
			t.Errorf("%q\n got %s%s\nwant %s%s", rule.text, json, failure, rule.json, rule.failure)
		}
	}
}

// onLine1 is the text of a syntax error on line 1.
func onLine1(text string) string { return "Parse error on line 1: '" + text + "'" }

// Errors of what follows a value, by place.
func junkAtRoot(got string) string {
	return onLine1("Expected a top-level value to end with a new line, comment or EOF, but got '" + got + "' instead.")
}

func junkInMap(got string) string {
	return onLine1(`Expected a map value terminator "," or a map terminator "}", but got '` + got + "' instead.")
}

func junkInList(got string) string {
	return onLine1(`Expected an array value terminator "," or an array terminator "]", but got '` + got + "' instead.")
}

func TestParseFile(t *testing.T) {
	dir := t.TempDir()
	main := dir + "/main.conf"
	if err := os.WriteFile(main, []byte("include more.conf\nport: $PORT\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/more.conf", []byte("host: here\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := ParseFile(main, files{"$PORT": "4222"}.env)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(digest.JSON(root)), `{"host":"here","port":4222}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := root.Fields[0].Pos.String(), dir+"/more.conf:1:0"; got != want {
		t.Errorf("position in the included file: got %s, want %s", got, want)
	}

	_, err = ParseFile(dir+"/none.conf", nil)
	if want := "open " + dir + "/none.conf: "; err == nil || !strings.HasPrefix(err.Error(), want) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: got %v, want %s...", err, want)
	}
}

func TestParseWithoutSurroundings(t *testing.T) {
	if _, err := Parse("a.conf", []byte("x=$HOME"), nil, nil); !errors.Is(err, ErrUndefined) {
		t.Errorf("variable: got %v, want ErrUndefined", err)
	}
	if _, err := Parse("a.conf", []byte("include b.conf"), nil, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("include: got %v, want fs.ErrNotExist", err)
	}
}

func TestParseValue(t *testing.T) {
	world := files{"$LOOP": "$LOOP", "$N": "3k"}
	pos := option.Position{File: "a.toml", Line: 7, Column: 9}
	value, err := ParseValue("V", `[ $N, { a = x } ]`, world.env, pos)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(digest.JSON(value)), `[3000,{"a":"x"}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	inner := value.List[1]
	for _, got := range []option.Position{value.Pos, value.List[0].Pos, inner.Pos, inner.Fields[0].Pos, inner.Fields[0].Value.Pos} {
		if got != pos {
			t.Errorf("position: got %s, want %s", got, pos)
		}
	}
	var cycle *CycleError
	if _, err := ParseValue("LOOP", "$LOOP", world.env, pos); !errors.As(err, &cycle) || cycle.Name != "LOOP" {
		t.Errorf("variable that refers to itself: got %v, want a CycleError", err)
	}
}

func TestNestingIsBounded(t *testing.T) {
	for _, text := range []string{"a=[", "a={a=", "{"} {
		opening := strings.TrimPrefix(text, "a=")
		deep := text + strings.Repeat(opening, 3*maxDepth)
		if _, failure := (files{}).parse(deep); !strings.Contains(failure, "nested too deeply") {
			t.Errorf("%s...: got %s", text, failure)
		}
		if _, failure := (files{}).parse(text + strings.Repeat(opening, maxDepth-2)); strings.Contains(failure, "nested too deeply") {
			t.Errorf("%s... up to the bound: got %s", text, failure)
		}
	}
}

func TestErrorsCarryPositions(t *testing.T) {
	for _, test := range []struct {
		text string
		want string
	}{
		{"a=1 b", "test.conf:1:5"},
		{"a=1\nb=99999999999999999999", "test.conf:2:23"},
		{"\na", "test.conf:2:2"},
		{"a {\n  include gone.conf\n}", "test.conf:2:3"},
		{"a = [\n  $gone\n]", "test.conf:2:8"},
	} {
		_, err := Parse("test.conf", []byte(test.text), nil, nil)
		if got := positionOf(err); got.String() != test.want {
			t.Errorf("%q: got %s, want %s (%v)", test.text, got, test.want, err)
		}
	}
}

// positionOf returns the position that an error of this package carries.
func positionOf(err error) option.Position {
	switch e := err.(type) {
	case *SyntaxError:
		return e.Pos
	case *ValueError:
		return e.Pos
	case *IncompleteError:
		return e.Pos
	case *IncludeError:
		return e.Pos
	case *ReferenceError:
		return e.Pos
	default:
		return option.Position{}
	}
}
