package tomlconf

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/trellismq/trellis/core/config/conf"
	"github.com/trellismq/trellis/core/config/digest"
	"github.com/trellismq/trellis/core/config/syntax"
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

// rule is one text and what it means: json or else an error.
type rule struct {
	text    string
	json    string
	failure string
}

func (f files) check(t *testing.T, rules []rule) {
	t.Helper()
	for _, rule := range rules {
		var json, failure string
		if root, err := Parse("test.toml", []byte(rule.text), f.env, f.read); err != nil {
			failure = err.Error()
		} else {
			json = string(digest.JSON(root))
		}
		if json != rule.json || failure != rule.failure {
			t.Errorf("%s\n got %s%s\nwant %s%s", rule.text, json, failure, rule.json, rule.failure)
		}
	}
}

func TestValues(t *testing.T) {
	files{}.check(t, []rule{
		{text: "", json: `{}`},
		{text: "# nothing\n", json: `{}`},
		{text: "a = 'x'\nb = 1\nc = -1.5\nd = true\ne = [1, 'x', [true]]\nf = {g = 1, h.i = 2}", json: `{"a":"x","b":1,"c":-1.5,"d":true,"e":[1,"x",[true]],"f":{"g":1,"h":{"i":2}}}`},
		{text: "a = \"\"\"\nx\n  y\"\"\"\nb = '''z'''\nc = \"\"\"\"q\"\"\"\"", json: `{"a":"x\n  y","b":"z","c":"\"q\""}`},
		{text: "a = 0x1F\nb = 1_000\nc = 1e3", json: `{"a":31,"b":1000,"c":1000}`},
		{text: "size = '64kb'\nwait = '2m'", json: `{"size":"64kb","wait":"2m"}`},
		{text: "a.b = 1\na.c = 2\n[d]\ne.f = 3\n[d.g]\nh = 4\n[d.e.i]", json: `{"a":{"b":1,"c":2},"d":{"e":{"f":3,"i":{}},"g":{"h":4}}}`},
		{text: "[a.b]\nc = 1\n[a]\nd = 2", json: `{"a":{"b":{"c":1},"d":2}}`},
		{text: "[[a]]\nb = 1\n[[a]]\n[[a.c]]\nd = 2\n[[a.c]]\n[a.e]\nf = 3", json: `{"a":[{"b":1},{"c":[{"d":2},{}],"e":{"f":3}}]}`},
		{text: "[[a.b]]\nc = 1\n[[a.b]]\nc = 2", json: `{"a":{"b":[{"c":1},{"c":2}]}}`},
		{text: "\"a b\".'c.d' = 1\n\"\\u00e9\\x41\\\"\" = 2", json: `{"a b":{"c.d":1},"éA\"":2}`},
		{text: "\ufeffa = 1\r\nb = 2\r\n", json: `{"a":1,"b":2}`},
		{text: "z = 2016-05-04T18:53:41Z\no = 2016-05-04T18:53:41+02:00", json: `{"o":"2016-05-04T18:53:41+02:00","z":"2016-05-04T18:53:41Z"}`},
		{text: "a = 2016-05-04T18:53:41\nb = 2016-05-04\nc = 18:53:41.5", json: `{"a":"2016-05-04T18:53:41Z","b":"2016-05-04T00:00:00Z","c":"0000-01-01T18:53:41.5Z"}`},
		{text: "mappings = {'orders.*' = [{dest = 'a', weight = '70%'}, {dest = 'b', weight = 30}]}", json: `{"mappings":{"orders.*":[{"dest":"a","weight":"70%"},{"dest":"b","weight":30}]}}`},
	})
}

func TestErrors(t *testing.T) {
	files{}.check(t, []rule{
		{text: "port 4222", failure: "test.toml:1:5: expected '.' or '=', but got '4' instead"},
		{text: "a = 1\n  b = 08", failure: `test.toml:2:7: Invalid integer "08": cannot have leading zeroes`},
		{text: "a = 1\na = 2", failure: "test.toml:2:1: Key 'a' has already been defined"},
		{text: "a = 1\r\nb = 2\r\nc = x", failure: "test.toml:3:5: expected value but found \"x\" instead"},
		{text: "a = inf", failure: "test.toml:1:0: a float must be finite"},
		{text: "a = [1,\n  nan]", failure: "test.toml:2:3: a float must be finite"},
		{text: "a = " + strings.Repeat("[", 100_000), failure: "test.toml:1:0: tables and arrays are nested too deeply"},
		{text: "[" + strings.Repeat("a.", 100_000) + "a]", failure: "test.toml:1:0: tables and arrays are nested too deeply"},
	})
}

func TestPositions(t *testing.T) {
	const text = `port = 1
"host" = 'x'
l = [1, "y", """z""",
  [2], {m = 3, n.o = 4}]
[a . "b c"]
  d.e = 5
[[f]]
  g = 6
[[f]]
[f.h]
`
	root, err := Parse("dir/a.toml", []byte(text), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	collectPositions(got, "", root)
	want := map[string]string{
		"": "1:0", "port": "1:0", "host": "2:2", "l": "3:1", "l[0]": "3:6", "l[1]": "3:10", "l[2]": "3:17", "l[3]": "4:3", "l[3][0]": "4:4",
		"l[4]": "4:8", "l[4].m": "4:9", "l[4].n": "4:16", "l[4].n.o": "4:18", "a": "5:2", "a.b c": "5:7", "a.b c.d": "6:3", "a.b c.d.e": "6:5",
		"f": "7:3", "f[0]": "7:3", "f[0].g": "8:3", "f[1]": "9:3", "f[1].h": "10:4",
	}
	for path, position := range want {
		if got[path] != position {
			t.Errorf("%s: got %s, want %s", path, got[path], position)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %d positions, want %d: %v", len(got), len(want), got)
	}
	if root.Fields[0].Pos.File != "dir/a.toml" {
		t.Errorf("file: got %s", root.Fields[0].Pos.File)
	}
}

// collectPositions adds line:column of everything in value by its path.
func collectPositions(positions map[string]string, path string, value *option.Value) {
	positions[path] = fmt.Sprintf("%d:%d", value.Pos.Line, value.Pos.Column)
	for i, element := range value.List {
		collectPositions(positions, fmt.Sprintf("%s[%d]", path, i), element)
	}
	for _, field := range value.Fields {
		collectPositions(positions, strings.TrimPrefix(path+"."+field.Key, "."), field.Value)
		if field.Pos != field.Value.Pos {
			positions[path+"."+field.Key+" (key)"] = field.Pos.String()
		}
	}
}

func TestReferences(t *testing.T) {
	undefined := func(at, name string) string {
		return fmt.Sprintf("test.toml:%s: $%s is not written above and not in the environment (write \"$$%s\" for the text itself)", at, name, name)
	}
	files{"$PORT": "4222", "$LIST": "[1, $PORT]", "$TEXT": "abc", "$SELF": "$SELF", "$BAD": "a b"}.check(t, []rule{
		{text: "x = 1\na = '$x'", json: `{"a":1,"x":1}`},
		{text: "x = 1\n[t]\na = '$x'\n[t.u]\nx = 2\nb = '$x'\n[t.u.v]\nc = ['$x', {d = '$x'}]", json: `{"t":{"a":1,"u":{"b":2,"v":{"c":[2,{"d":2}]},"x":2}},"x":1}`},
		{text: "x = 1\ni = {a = '$x', x = 2, b = '$x'}", json: `{"i":{"a":1,"b":2,"x":2},"x":1}`},
		{text: "a = '$y'\ny = 1", failure: undefined("1:0", "y")},
		{text: "[t]\ny = 1\n[u]\na = '$y'", failure: undefined("4:1", "y")},
		{text: "l = [1, {a = 2}]\n[t]\nb = '$l'", json: `{"l":[1,{"a":2}],"t":{"b":[1,{"a":2}]}}`},
		{text: "[d]\na = 1\n[d.e]\nb = 2\n[t]\nc = '$d'\n[d.f]\ng = 3", json: `{"d":{"a":1,"e":{"b":2},"f":{"g":3}},"t":{"c":{"a":1,"e":{"b":2}}}}`},
		{text: "[d]\na = '$d'", failure: undefined("2:1", "d")},
		{text: "[[d]]\n[d.e]\na = '$d'", failure: undefined("3:1", "d")},
		{text: "[a]\n[b]\nx = '$a'\n[a.c]\ny = '$b'", json: `{"a":{"c":{"y":{"x":{}}}},"b":{"x":{}}}`},
		{text: "port = '$PORT'\nl = ['$LIST']\nname = '$TEXT'", json: `{"l":[[1,4222]],"name":"abc","port":4222}`},
		{text: "a = '$NONE'", failure: undefined("1:0", "NONE")},
		{text: "\n\na = [1,\n '$NONE']", failure: undefined("4:3", "NONE")},
		{text: "a = '$SELF'", failure: "test.toml:1:0: variable SELF of the environment: variable reference for 'SELF' on line 1 could not be parsed: variable reference cycle for 'SELF'"},
		{text: "a = '$BAD'", failure: "test.toml:1:0: variable BAD of the environment: Parse error on line 1: 'Expected a top-level value to end with a new line, comment or EOF, but got 'b' instead.'"},
		{text: "a = '$$SYS'\nb = '$$$x'\nc = '$$'\nd = '$'\ne = '$$x y'", json: `{"a":"$SYS","b":"$$x","c":"$$","d":"$","e":"$$x y"}`},
		{text: "a = '$JS.API.INFO'\nb = '$2a$10$abc'\nc = '$1'\nd = 'x$PORT'\ne = '$PORT '\nf = '$-x'", json: `{"a":"$JS.API.INFO","b":"$2a$10$abc","c":"$1","d":"x$PORT","e":"$PORT ","f":"$-x"}`},
	})
}

func TestReferencesAreMarked(t *testing.T) {
	root, err := Parse("a.toml", []byte("used = 1\nunused = 2\n[t]\na = '$used'"), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false, false} {
		if field := root.Fields[i]; field.Referenced != want {
			t.Errorf("%s: got %v, want %v", field.Key, field.Referenced, want)
		}
	}
	if got := root.Fields[2].Value.Fields[0].Value.Pos; got.Line != 4 || got.Column != 1 {
		t.Errorf("a reference stands at %s, want 4:1", got)
	}
}

func TestIncludes(t *testing.T) {
	files{
		"b.toml": "x = 1\n[t]\ny = 2", "sub/c.toml": "include = 'd.toml'\nz = '$w'", "sub/d.toml": "w = 3", "uses.toml": "a = '$x'",
		"self.toml": "include = 'self.toml'", "ping.toml": "\ninclude = ['sub/pong.toml']", "sub/pong.toml": "include = '../ping.toml'",
		"bad.toml": "a = 1\nb", "$WHICH": "b.toml",
	}.check(t, []rule{
		{text: "include = 'b.toml'\na = '$x'", json: `{"a":1,"t":{"y":2},"x":1}`},
		{text: "include = ['b.toml', 'sub/c.toml']", json: `{"t":{"y":2},"w":3,"x":1,"z":3}`},
		{text: "include = []", json: `{}`},
		{text: "include = '$WHICH'", json: `{"t":{"y":2},"x":1}`},
		{text: "x = 0\ninclude = 'b.toml'", json: `{"t":{"y":2},"x":1}`},
		{text: "include = 'b.toml'\nx = 0\n[t]\nv = 3", json: `{"t":{"v":3},"x":0}`},
		{text: "t.u = 1\ninclude = 'b.toml'\nt.v = 3", json: `{"t":{"v":3},"x":1}`},
		{text: "x = 0\ninclude = 'uses.toml'", failure: "test.toml:2:12: include \"uses.toml\": uses.toml:1:0: $x is not written above and not in the environment (write \"$$x\" for the text itself)"},
		{text: "include.a = 1", json: `{"include":{"a":1}}`},
		{text: "[t]\ninclude = 'b.toml'", json: `{"t":{"include":"b.toml"}}`},
		{text: "[include]\na = 1", json: `{"include":{"a":1}}`},
		{text: "include = 1", failure: "test.toml:1:10: include must be the name of a file or a list of names"},
		{text: "include = ['b.toml',\n 1]", failure: "test.toml:2:2: include must be the name of a file or a list of names"},
		{text: "include = ['b.toml', 'none.toml']", failure: `test.toml:1:22: include "none.toml": open none.toml: file does not exist`},
		{text: "include = 'bad.toml'", failure: `test.toml:1:11: include "bad.toml": bad.toml:2:1: unexpected EOF; expected key separator '='`},
		{text: "include = 'self.toml'", failure: `test.toml:1:11: include "self.toml": self.toml:1:11: include "self.toml": the file includes itself`},
		{text: "include = 'ping.toml'", failure: `test.toml:1:11: include "ping.toml": ping.toml:2:13: include "sub/pong.toml": sub/pong.toml:1:11: include "../ping.toml": the file includes itself`},
	})
}

func TestIncludesAreBounded(t *testing.T) {
	endless := func(path string) ([]byte, error) { return []byte("include = 'x/more.toml'"), nil }
	if _, err := Parse("a.toml", []byte("include = 'more.toml'"), nil, endless); !errors.Is(err, syntax.ErrIncludeDepth) {
		t.Errorf("got %v, want ErrIncludeDepth", err)
	}
	if _, err := Parse("a.toml", []byte("include = 'more.toml'"), nil, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no files: got %v, want fs.ErrNotExist", err)
	}
}

func TestParseFile(t *testing.T) {
	dir := t.TempDir()
	main := dir + "/main.toml"
	if err := os.WriteFile(main, []byte("include = 'more.toml'\nport = '$PORT'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/more.toml", []byte("host = 'here'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := ParseFile(main, files{"$PORT": "4222"}.env)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(digest.JSON(root)), `{"host":"here","port":4222}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := root.Fields[0].Pos.String(), dir+"/more.toml:1:0"; got != want {
		t.Errorf("position in the included file: got %s, want %s", got, want)
	}
	if _, err := ParseFile(dir+"/none.toml", nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: got %v", err)
	}
}

// TestSameTree writes the same configuration in both syntaxes.
func TestSameTree(t *testing.T) {
	world := files{"$ROUTES": `["nats://127.0.0.1:6222", "nats://127.0.0.1:6223"]`}
	const inTOML = `
listen = "127.0.0.1:4222"
PASS = "$2a$10$abcdefghijklmnopqrstuv"
system_account = "$$SYS"
max_payload = 65536
write_deadline = "2m"

[accounts.APP]
users = [ { user = "svc", password = "$PASS", permissions = { publish = ["orders.*", "_INBOX.>"] } } ]
mappings = { "v1.*" = "orders.$1", "ab" = [ { dest = "a", weight = "70%" }, { dest = "b", weight = 30 } ] }

[[accounts.APP.exports]]
service = "svc.echo"

[cluster]
port = 6222
routes = "$ROUTES"
`
	const inConf = `
listen: 127.0.0.1:4222
PASS: $2a$10$abcdefghijklmnopqrstuv
system_account: "$SYS"
max_payload: 64kb
write_deadline: "2m"
accounts {
  APP {
    users: [ { user: svc, password: $PASS, permissions { publish: [ "orders.*", "_INBOX.>" ] } } ]
    mappings { "v1.*": "orders.$1", ab: [ { dest: a, weight: 70% }, { dest: b, weight: 30 } ] }
    exports: [ { service: svc.echo } ]
  }
}
cluster { port: 6222, routes: $ROUTES }
`
	a, err := Parse("a.toml", []byte(inTOML), world.env, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := conf.Parse("b.conf", []byte(inConf), world.env, nil)
	if err != nil {
		t.Fatal(err)
	}
	if digest.Digest(a) != digest.Digest(b) {
		t.Errorf("TOML %s\nconf %s", digest.JSON(a), digest.JSON(b))
	}
}
