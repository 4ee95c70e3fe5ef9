package conf

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/trellismq/trellis/core/config/syntax"
	"github.com/trellismq/trellis/sdk/option"
)

// TestIncludes holds the rules about included files.
func TestIncludes(t *testing.T) {
	world := files{
		"a.conf": "x=1", "empty.conf": "# nothing", "bad.conf": "x", "worse.conf": "\nx=1 2", "uses.conf": "y=$x",
		"sub/b.conf": "include c.conf\ninclude '../a.conf'", "sub/c.conf": "z {w=2}", "my file.conf": "f=1", "a,b.conf": "c=1",
		"self.conf": "include ./self.conf", "ping.conf": "include sub/pong.conf", "sub/pong.conf": "include ../ping.conf",
		"test.conf": "", "main.conf": "include test.conf",
	}
	notFound := func(written, joined string) string {
		return fmt.Sprintf("error parsing include file '%s', open %s: file does not exist", written, joined)
	}
	refused := func(found string) string { return onLine1("Expected include value but " + found) }
	for _, line := range []struct {
		name  string
		rules []rule
	}{
		{name: "spec 02 #26", rules: []rule{
			{text: "include a.conf", json: `{"x":1}`},
			{text: "INCLUDE 'a.conf'\nInclude \"my file.conf\"; y=2", json: `{"f":1,"x":1,"y":2}`},
			{text: "include sub/b.conf", json: `{"x":1,"z":{"w":2}}`},
			{text: "x=0\ninclude a.conf", json: `{"x":1}`},
			{text: "include a.conf\nx=0", json: `{"x":0}`},
			{text: "m {include a.conf}\nn {y=0, include a.conf; z=1}", json: `{"m":{"x":1},"n":{"x":1,"y":0,"z":1}}`},
			{text: "{include a.conf}", json: `{"x":1}`},
			{text: "include a.conf\ny=$x", json: `{"x":1,"y":1}`},
			{text: "include empty.conf", json: "{}"},
			{text: "include a,b.conf", json: `{"c":1}`},
			{text: "include a.conf # comment\ny=1", json: `{"x":1,"y":1}`},
			{text: "include: a.conf", json: `{"include":"a.conf"}`},
			{text: `"include" a.conf`, json: `{"include":"a.conf"}`},
			{text: "includes a.conf", json: `{"includes":"a.conf"}`},
			{text: "x=1\ninclude uses.conf", failure: "error parsing include file 'uses.conf', variable reference for 'x' on line 1 can not be found"},
			{text: "include a.conf b=1", failure: junkAtRoot("b")},
			{text: "m {include a.conf b=1}", failure: junkInMap("b")},
			{text: "l=[include a.conf]", failure: junkInList("a")},
			{text: "include [", failure: refused("found start of an array")},
			{text: "include {", failure: refused("found start of a map")},
			{text: "include (", failure: refused("found start of a block")},
			{text: "include 1", failure: refused("found start of a number")},
			{text: "include -", failure: refused("found start of a number")},
			{text: `include \`, failure: refused("found escape sequence")},
			{text: "include\n", failure: "Parse error on line 2: 'Expected include value but found new line'"},
			{text: `include "a`, failure: onLine1("Unexpected EOF in double quoted include")},
			{text: `include 'a`, failure: onLine1("Unexpected EOF in quoted include")},
			{text: "include", failure: "config is invalid (test.conf:1:7)"},
			{text: "include self.conf", failure: "error parsing include file 'self.conf', error parsing include file './self.conf', the file includes itself"},
			{text: "include ping.conf", failure: "error parsing include file 'ping.conf', error parsing include file 'sub/pong.conf', error parsing include file '../ping.conf', the file includes itself"},
			{text: "include main.conf", failure: "error parsing include file 'main.conf', error parsing include file 'test.conf', the file includes itself"},
		}},
		{name: "spec 02 #27", rules: []rule{
			{text: "include none.conf", failure: notFound("none.conf", "none.conf")},
			{text: "include './x/../none.conf'", failure: notFound("./x/../none.conf", "none.conf")},
			{text: "include /etc/none.conf", failure: notFound("/etc/none.conf", "etc/none.conf")},
			{text: "include bad.conf", failure: "error parsing include file 'bad.conf', config is invalid (bad.conf:1:1)"},
			{text: "include worse.conf", failure: "error parsing include file 'worse.conf', " + strings.Replace(junkAtRoot("2"), "line 1", "line 2", 1)},
		}},
	} {
		t.Run(line.name, func(t *testing.T) { world.check(t, line.rules) })
	}
}

func TestPositions(t *testing.T) {
	t.Run("spec 02 #32", func(t *testing.T) {
		world := files{"dir/sub/b.conf": "p=1\n  'q' {r=2}"}
		const text = "a=1; \"b\"=2\nc=3\n  m {d=4, 'e'=[x, \"y\", [z], {f=1}]}\ninclude sub/b.conf\ng=\"two\nlines\"; h=1"
		root, err := Parse("dir/a.conf", []byte(text), nil, world.read)
		if err != nil {
			t.Fatal(err)
		}
		checkPositions(t, root, map[string]string{
			"a": "1:0", "b": "1:6", "c": "2:1", "m": "3:3", "m.d": "3:6", "m.e": "3:12", "p": "1:0", "q": "2:4", "q.r": "2:8",
			"g": "5:1", "h": "6:9",
		})
		if got := find(t, root, "q", "r").Pos.File; got != "dir/sub/b.conf" {
			t.Errorf("file of an included field: got %s", got)
		}
		want := []string{"dir/a.conf:3:16", "dir/a.conf:3:20", "dir/a.conf:3:24", "dir/a.conf:3:29"}
		for i, element := range find(t, root, "m", "e").Value.List {
			if got := element.Pos.String(); got != want[i] {
				t.Errorf("element %d: got %s, want %s", i, got, want[i])
			}
		}
		if want := (option.Position{File: "dir/a.conf", Line: 1}); root.Pos != want {
			t.Errorf("root: got %s, want %s", root.Pos, want)
		}
	})
}

func TestIncludedFieldsCanBeReferenced(t *testing.T) {
	world := files{"b.conf": "x=1\ny=2"}
	root, err := Parse("a.conf", []byte("include b.conf\na=$x"), nil, world.read)
	if err != nil {
		t.Fatal(err)
	}
	if !find(t, root, "x").Referenced || find(t, root, "y").Referenced {
		t.Error("of the included fields, the referenced one and no other is to be marked")
	}
}

func TestIncludesAreBounded(t *testing.T) {
	endless := func(path string) ([]byte, error) { return []byte("include x/more.conf"), nil }
	_, err := Parse("a.conf", []byte("include more.conf"), nil, endless)
	if !errors.Is(err, syntax.ErrIncludeDepth) {
		t.Errorf("got %v, want ErrIncludeDepth", err)
	}
	world := files{"b.conf": "include a.conf"}
	_, err = Parse("a.conf", []byte("include b.conf"), nil, world.read)
	var include *IncludeError
	if !errors.Is(err, syntax.ErrIncludeCycle) || !errors.As(err, &include) || include.Path != "b.conf" {
		t.Errorf("got %v, want an IncludeError for b.conf that wraps ErrIncludeCycle", err)
	}
}
