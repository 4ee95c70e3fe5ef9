package conf

import (
	"errors"
	"fmt"
	"testing"

	"github.com/trellismq/trellis/sdk/option"
)

// TestVariables holds the rules about variables and the environment.
func TestVariables(t *testing.T) {
	world := files{
		"$N": "3k", "$FLAG": "yes", "$TEXT": `"a b"`, "$LIST": "[1, $N, x ]", "$MAP": "{a=1,b=$N}", "$EMPTY": "",
		"$ADDRESS": "127.0.0.1:80", "$HASH": "$2a$10$x", "$CHAIN": "$N", "$BLOCK": "(\nx\n)\n", "$REST": "a;pk2=b",
		"$SPACE": "a b", "$COMMA": "a,b", "$LINES": "a\nb", "$OPEN": "{", "$COMMENT": "# c", "$SELF": "$SELF",
		"$PING": "[ $PONG ]", "$PONG": "$PING", "$LOCAL": "$x", "$INCLUDE": "1\ninclude x.conf",
	}
	unparsable := func(name, cause string) string {
		return fmt.Sprintf("variable reference for '%s' on line 1 could not be parsed: %s", name, cause)
	}
	unknown := func(name string) string {
		return fmt.Sprintf("variable reference for '%s' on line 1 can not be found", name)
	}
	for _, line := range []struct {
		name  string
		rules []rule
	}{
		{name: "spec 02 #21", rules: []rule{
			{text: "x=1\na=$x", json: `{"a":1,"x":1}`},
			{text: "x=1\nm {x=2;a=$x;n {a=$x}}\na=$x", json: `{"a":1,"m":{"a":2,"n":{"a":2},"x":2},"x":1}`},
			{text: "x=1\nm {a=$x;x=2;b=$x}", json: `{"m":{"a":1,"b":2,"x":2},"x":1}`},
			{text: "x=1\nl=[{x=2, m {a=$x}}, {a=$x}]", json: `{"l":[{"m":{"a":2},"x":2},{"a":1}],"x":1}`},
			{text: "m {y=1},a=$y", failure: unknown("y")},
			{text: "a=$y;y=1", failure: unknown("y")},
			{text: "y {a=$y}", failure: unknown("y")},
			{text: "N=1\na=$N\nb=$FLAG", json: `{"N":1,"a":1,"b":true}`},
			{text: "x=1\nX=2\na=$X", json: `{"X":2,"a":2,"x":1}`},
			{text: `a="$x",b=a$x,c='$x',d=\x24x`, json: `{"a":"$x","b":"a$x","c":"$x","d":"$x"}`},
			{text: "\"x y\"=1\n'p.q-1'=2\na=$p.q-1", json: `{"a":2,"p.q-1":2,"x y":1}`},
		}},
		{name: "spec 02 #22", rules: []rule{
			{text: "a=$N\nb=$FLAG\nc=$TEXT\nd=$EMPTY\ne=$ADDRESS", json: `{"a":3000,"b":true,"c":"a b","d":"","e":"127.0.0.1:80"}`},
			{text: "a=$LIST\nb=$MAP\nc=$CHAIN\nd=$HASH\ne=$BLOCK", json: `{"a":[1,3000,"x"],"b":{"a":1,"b":3000},"c":3000,"d":"$2a$10$x","e":"\nx\n"}`},
			{text: "a=[$N,$LIST]", json: `{"a":[3000,[1,3000,"x"]]}`},
			{text: "a=$REST", json: `{"a":"a"}`},
		}},
		{name: "spec 02 #23", rules: []rule{
			{text: "a=$2a$10$abc./def\nb=[$2a$11$x]", json: `{"a":"$2a$10$abc./def","b":["$2a$11$x"]}`},
			{text: "a=$2b$10$abc", failure: unknown("2b$10$abc")},
			{text: "a='$2y$10$abc'", json: `{"a":"$2y$10$abc"}`},
		}},
		{name: "spec 02 #24", rules: []rule{
			{text: "a=$NONE", failure: unknown("NONE")},
			{text: "\n\na=[1,\n$NONE]", failure: "variable reference for 'NONE' on line 4 can not be found"},
			{text: "a=$", failure: unknown("")},
			{text: "a=$SPACE", failure: unparsable("SPACE", junkAtRoot("b"))},
			{text: "a=$COMMENT", failure: unparsable("COMMENT", junkAtRoot("c"))},
			{text: "a=$COMMA", failure: unparsable("COMMA", "config is invalid (:1:6)")},
			{text: "a=$LINES", failure: unparsable("LINES", "config is invalid (:2:2)")},
			{text: "a=$OPEN", failure: unparsable("OPEN", onLine1("Unexpected EOF processing map."))},
			{text: "x=1\na=$LOCAL", failure: "variable reference for 'LOCAL' on line 2 could not be parsed: " + unknown("x")},
			{text: "a=$SELF", failure: unparsable("SELF", unparsable("SELF", "variable reference cycle for 'SELF'"))},
			{text: "a=$PING", failure: unparsable("PING", unparsable("PONG", unparsable("PING", "variable reference cycle for 'PING'")))},
			{text: "a=$INCLUDE", failure: unparsable("INCLUDE", "error parsing include file 'x.conf', open x.conf: file does not exist")},
		}},
		{name: "spec 02 #25", rules: []rule{
			{text: "l=[1,2]\nm {a=1}\nb=$l\nc=$m\nd=[$l,$m]", json: `{"b":[1,2],"c":{"a":1},"d":[[1,2],{"a":1}],"l":[1,2],"m":{"a":1}}`},
			{text: "m {a=1}\nn=$m\nm {a=2}", json: `{"m":{"a":2},"n":{"a":1}}`},
		}},
	} {
		t.Run(line.name, func(t *testing.T) { world.check(t, line.rules) })
	}
}

func TestReferencesAreMarked(t *testing.T) {
	const text = "used=1\nunused=2\nlater=3\nm {inner=4;used=5;a=$inner;b=$used}\na=$used\nb=$later\nlater=6"
	root, err := Parse("a.conf", []byte(text), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path []string
		want bool
	}{
		{[]string{"used"}, true},
		{[]string{"unused"}, false},
		{[]string{"later"}, false}, // written again after its use
		{[]string{"m", "inner"}, true},
		{[]string{"m", "used"}, true},
		{[]string{"a"}, false},
	} {
		if got := find(t, root, test.path...).Referenced; got != test.want {
			t.Errorf("%v: got %v, want %v", test.path, got, test.want)
		}
	}
}

func TestReferencesStandWhereTheyAreWritten(t *testing.T) {
	world := files{"$E": "[x]"}
	root, err := Parse("a.conf", []byte("l=[1, 2]\na=$l\nb=[0, $l]\nc=$E"), world.env, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := func(line, column int) option.Position {
		return option.Position{File: "a.conf", Line: line, Column: column}
	}
	for _, test := range []struct {
		name      string
		got, want option.Position
	}{
		{"definition", find(t, root, "l").Value.Pos, at(1, 0)},
		{"value of a field", find(t, root, "a").Value.Pos, at(2, 1)},
		{"inside it", find(t, root, "a").Value.List[0].Pos, at(1, 3)},
		{"element", find(t, root, "b").Value.List[1].Pos, at(3, 7)},
		{"from the environment", find(t, root, "c").Value.Pos, at(4, 1)},
		{"inside it", find(t, root, "c").Value.List[0].Pos, at(4, 1)},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, test.got, test.want)
		}
	}
}

func TestReferenceErrorsUnwrap(t *testing.T) {
	world := files{"$A": "$B", "$B": "$A"}
	_, err := Parse("a.conf", []byte("x=$A"), world.env, nil)
	var reference *ReferenceError
	var cycle *CycleError
	if !errors.As(err, &reference) || reference.Name != "A" || !errors.As(err, &cycle) || cycle.Name != "A" {
		t.Errorf("got %v, want a ReferenceError for A that wraps a CycleError for A", err)
	}
	if _, err := Parse("a.conf", []byte("x=$C"), world.env, nil); !errors.Is(err, ErrUndefined) {
		t.Errorf("got %v, want ErrUndefined", err)
	}
}
