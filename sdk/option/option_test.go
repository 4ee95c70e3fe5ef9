package option

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// The values that tests are made of; each field stands on a line of its own.
func text(s string) *Value         { return &Value{Kind: String, Text: s} }
func number(n int64) *Value        { return &Value{Kind: Int, Int: n} }
func fraction(f float64) *Value    { return &Value{Kind: Float, Float: f} }
func truth(b bool) *Value          { return &Value{Kind: Bool, Bool: b} }
func list(items ...*Value) *Value  { return &Value{Kind: List, List: items} }
func block(fields ...Field) *Value { return &Value{Kind: Map, Fields: fields} }

func field(line int, key string, v *Value) Field {
	return Field{Key: key, Pos: Position{File: "f", Line: line, Column: 1}, Value: v}
}

// readBlock reads a block with a table and returns the lines of the report.
func readBlock(t *Table, v *Value) (*Settings, []string) {
	var report Report
	s := t.Read(NewNode("block", Position{File: "f", Line: 1}, v, &report))
	return s, report.Lines()
}

func TestTypes(t *testing.T) {
	for _, test := range []struct {
		row   Row
		value *Value
		want  any
		line  string
	}{
		{Text("o"), text("a"), "a", ""},
		{Text("o"), number(1), nil, `wrong type for "O": expected a string, got an integer (1)`},
		{Text("o").Secret(), number(1), nil, `wrong type for "O": expected a string, got an integer`},
		{Switch("o"), truth(true), true, ""},
		{Switch("o"), text("true"), nil, `wrong type for "O": expected a boolean, got a string (true)`},
		{Number("o"), number(-5), int64(-5), ""},
		{Number("o"), fraction(1.5), nil, `wrong type for "O": expected an integer, got a number with a fraction (1.5)`},
		{Number("o").Fallback(7), number(0), int64(7), ""},
		{Number("o").Default(7), number(0), int64(0), ""},
		{Number("o").Otherwise("{key} is no {type}: {value}"), text("x"), nil, "O is no string: x"},
		{Size("o"), number(5), int64(5), ""},
		{Size("o"), text("2K"), int64(2048), ""},
		{Size("o"), text("3mb"), int64(3 << 20), ""},
		{Size("o"), text("1G"), int64(1 << 30), ""},
		{Size("o"), text("1T"), int64(1 << 40), ""},
		{Size("o"), text(""), int64(0), ""},
		{Size("o"), text("9999999999T"), nil, "O size is out of range"},
		{Size("o"), text("5"), nil, "O sizes defined as strings must end in K, M, G, T"},
		{Size("o"), text("B"), nil, "O sizes defined as strings must end in K, M, G, T"},
		{Size("o"), truth(true), nil, "O must be int64 or string"},
		{Duration("o"), text("1m30s"), 90 * time.Second, ""},
		{Duration("o"), number(5), nil, `wrong type for "O": expected a duration such as "10s", got an integer (5)`},
		{Duration("o"), text("5"), nil, `error parsing O: time: missing unit in duration "5"`},
		{DurationOrSeconds("o"), number(5), 5 * time.Second, `invalid use of field "O": O should be converted to a duration`},
		{DurationOrSeconds("o"), number(1 << 60), time.Duration(1<<63 - 1), `invalid use of field "O": O should be converted to a duration`},
		{Seconds("o"), fraction(0.5), 500 * time.Millisecond, ""},
		{Seconds("o"), text("2s"), 2 * time.Second, ""},
		{Seconds("o"), truth(true), nil, `wrong type for "O": expected seconds or a duration, got a boolean (true)`},
		{Listen("o"), number(1), Address{Port: 1}, ""},
		{Listen("o"), text("[::1]:2"), Address{Host: "::1", Port: 2}, ""},
		{Listen("o"), text("h"), nil, `could not parse address string "h"`},
		{Listen("o"), text("h:99999999999"), nil, `could not parse port "99999999999"`},
		{Listen("o"), truth(true), nil, "expected port or host:port, got bool"},
		{Texts("o"), list(text("a"), text("b")), []string{"a", "b"}, ""},
		{Texts("o"), text("a"), nil, `wrong type for "O": expected a list of strings, got a string (a)`},
		{TextOrList("o"), text("a"), []string{"a"}, ""},
		{TextOrList("o"), list(text("a"), number(1)), nil, `wrong type for "O": expected a string, got an integer (1)`},
		{TextMap("o"), block(field(2, "A", text("b"))), map[string]string{"A": "b"}, ""},
		{TextMap("o"), block(field(2, "A", number(1))), nil, `wrong type for "A": expected a string, got an integer (1)`},
		{Text("o").Normal(strings.ToUpper).Check(func(n *Node, v string) { n.Errorf("saw %s", v) }), text("a"), nil, "saw A"},
		{Text("o").Deprecated("it is old"), text("a"), "a", `invalid use of field "O": it is old`},
	} {
		s, lines := readBlock(NewTable(test.row), block(field(2, "O", test.value)))
		if got := s.Value("o"); test.want != nil && !reflect.DeepEqual(got, test.want) {
			t.Errorf("%+v is %v, want %v", test.value, got, test.want)
		}
		var want []string
		if test.line != "" {
			want = []string{"f:2:1: " + test.line}
		}
		if !slices.Equal(lines, want) {
			t.Errorf("%+v reports %q, want %q", test.value, lines, want)
		}
	}
}

func TestTable(t *testing.T) {
	inner := NewTable(Text("dn").Required(), Number("limit").Default(10)).Unknown("no {key} here")
	table := NewTable(
		Text("file").Alias("path").Required(),
		Duration("timeout").Default(time.Second),
		Block("search", inner),
		Blocks("users", NewTable(Text("user"))),
	)
	t.Run("defaults, aliases and letter case", func(t *testing.T) {
		s, lines := readBlock(table, block(field(2, "PATH", text("a")), field(3, "Search", block(field(4, "dn", text("x"))))))
		if len(lines) != 0 {
			t.Fatalf("got %q", lines)
		}
		if s.String("file") != "a" || s.Duration("timeout") != time.Second || s.Block("search").Int("limit") != 10 || s.Blocks("users") != nil {
			t.Errorf("got %v", s)
		}
		if !s.Has("file") || s.Has("timeout") || s.PosOf("file").Line != 2 || s.PosOf("timeout") != s.Pos() || s.Block("search").Pos().Line != 3 {
			t.Errorf("positions: %v %v", s.PosOf("file"), s.Block("search").Pos())
		}
	})
	t.Run("everything wrong is told at once", func(t *testing.T) {
		_, lines := readBlock(table, block(
			field(5, "timeout", number(1)), field(2, "extra", number(1)),
			field(3, "search", block(field(4, "extra", number(1)))), field(6, "users", list(text("a")))))
		want := []string{
			`f:1:0: missing option "file"`,
			`f:2:1: unknown field "extra"`,
			`f:3:1: missing option "dn"`,
			`f:4:1: no extra here`,
			`f:5:1: wrong type for "timeout": expected a duration such as "10s", got an integer (1)`,
			`f:6:1: wrong type for "users": expected a block, got a string (a)`,
		}
		if !slices.Equal(lines, want) {
			t.Errorf("got %q", lines)
		}
	})
	t.Run("a variable is no unknown field", func(t *testing.T) {
		v := block(Field{Key: "var", Referenced: true, Value: number(1)})
		if _, lines := readBlock(NewTable(), v); len(lines) != 0 {
			t.Errorf("got %q", lines)
		}
		if _, lines := readBlock(NewTable().Strict(), v); len(lines) != 1 {
			t.Errorf("strict: got %q", lines)
		}
	})
	t.Run("nothing written", func(t *testing.T) {
		s, lines := readBlock(inner, nil)
		if !slices.Equal(lines, []string{`f:1:0: missing option "dn"`}) || s.Int("limit") != 10 {
			t.Errorf("got %q", lines)
		}
	})
	t.Run("mistakes of a program", func(t *testing.T) {
		panics(t, "two rows of one name", func() { NewTable(Text("a"), Text("b").Alias("a")) })
		s, _ := readBlock(inner, nil)
		panics(t, "no such option", func() { s.String("nope") })
		panics(t, "another type", func() { s.String("limit") })
	})
}

func panics(t *testing.T, what string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s: no panic", what)
		}
	}()
	f()
}

func TestSecretsAreNotPrinted(t *testing.T) {
	password := Text("password").Secret()
	s, _ := readBlock(NewTable(Text("user"), password, Block("in", NewTable(Text("key").Secret()))), block(
		field(2, "user", text("u")), field(3, "password", text("hidden")), field(4, "in", block(field(5, "key", text("hidden"))))))
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		got := fmt.Sprintf(format, s)
		if strings.Contains(got, "hidden") || !strings.Contains(got, "user: u, password: [REDACTED]") {
			t.Errorf("%s: %s", format, got)
		}
	}
	if password.Get(s) != "hidden" {
		t.Error("the driver does not get the secret")
	}
}

func TestReport(t *testing.T) {
	var r Report
	if !r.Clean() || r.Err() != nil {
		t.Error("an empty report is not clean")
	}
	r.Warnf(Position{File: "f", Line: 9}, "late")
	r.Warnf(Position{File: "f", Line: 1}, "early")
	if r.Clean() || r.Err() != nil {
		t.Error("warnings: not clean, but no error")
	}
	r.Errorf(Position{}, "whole")
	r.Errorf(Position{File: "e", Line: 5, Column: 2}, "b")
	r.Errorf(Position{File: "e", Line: 5, Column: 1}, "a")
	want := "f:1:0: early\nf:9:0: late\nwhole\ne:5:1: a\ne:5:2: b\n"
	if r.String() != want || r.Err().Error() != want {
		t.Errorf("got %s", r.String())
	}
}

func FuzzSize(f *testing.F) {
	for _, seed := range []string{"", "1K", "-1mb", "9223372036854775807T", "B", "K"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := parseSize(s)
		if err == nil && s != "" && (n < 0) != (s[0] == '-' && n != 0) {
			t.Fatalf("%q is %d", s, n)
		}
	})
}
