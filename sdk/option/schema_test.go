package option

import (
	"crypto/x509"
	"net/url"
	"reflect"
	"slices"
	"testing"
	"time"
)

type server struct {
	Host    string
	Port    int64
	Secret  string
	Timeout time.Duration
	Peer    *peer
	Fixed   *peer
	written *Settings
}

type peer struct {
	Name string
	Keys []string
}

var (
	nameRow = Into(Text("name").Refused("Name"), func(p *peer) *string { return &p.Name })
	keysRow = Into(Texts("keys").AlwaysReloads().Reloaded("Reloaded: keys = %v"), func(p *peer) *[]string { return &p.Keys })

	peerSchema   = NewSchema([]Binding[peer]{nameRow, keysRow})
	serverSchema = NewSchema([]Binding[server]{
		Through(Listen("listen"), func(s *server, a Address) { s.Host, s.Port = a.Host, a.Port }),
		Refuse("Host", func(s *server) *string { return &s.Host }),
		Into(Number("port").Fallback(80).Reloaded("Reloaded: port = %v"), func(s *server) *int64 { return &s.Port }),
		Into(Text("secret").Secret().Refused("Secret"), func(s *server) *string { return &s.Secret }),
		Into(Duration("timeout").Default(time.Second), func(s *server) *time.Duration { return &s.Timeout }),
		Into(Struct("peer", peerSchema).RefusedWithin("Peer").Permanent("Peer"), func(s *server) **peer { return &s.Peer }),
		Into(Struct("fixed", peerSchema).Refused("Fixed"), func(s *server) **peer { return &s.Fixed }),
	}).
		Keep(func(s *server) **Settings { return &s.written }).
		Check(func(s *server, n *Node) {
			if s.Host == "bad" {
				n.Errorf("bad host")
			}
		})
)

func readServer(t *testing.T, fields ...Field) *server {
	t.Helper()
	var report Report
	s := serverSchema.Read(NewNode("", Position{File: "f", Line: 1}, block(fields...), &report))
	if err := report.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSchema(t *testing.T) {
	t.Run("rows are stored in their order", func(t *testing.T) {
		s := readServer(t, field(2, "port", number(5)), field(3, "listen", text("h:6")))
		if s.Host != "h" || s.Port != 5 || s.Timeout != time.Second || !s.written.Has("listen") {
			t.Errorf("got %+v", s)
		}
		if s := readServer(t, field(2, "port", number(0))); s.Port != 80 {
			t.Errorf("got %+v", s)
		}
	})
	t.Run("what is wrong keeps its default", func(t *testing.T) {
		var report Report
		s := serverSchema.Read(NewNode("", Position{File: "f", Line: 1}, block(
			field(2, "timeout", text("x")), field(3, "listen", text("bad:1"))), &report))
		want := []string{`f:1:0: bad host`, `f:2:1: error parsing timeout: time: invalid duration "x"`}
		if s.Timeout != time.Second || !slices.Equal(report.Lines(), want) {
			t.Errorf("got %+v and %q", s, report.Lines())
		}
	})
	t.Run("set", func(t *testing.T) {
		s := serverSchema.New()
		s.Port = 7
		lookup := serverSchema.Table().Lookup
		if err := serverSchema.Set(s, lookup("port"), number(0)); err != nil || s.Port != 7 {
			t.Errorf("a zero that means the default: %v, %d", err, s.Port)
		}
		if err := serverSchema.Set(s, lookup("Port"), number(9)); err != nil || s.Port != 9 {
			t.Errorf("got %v, %d", err, s.Port)
		}
		if err := serverSchema.Set(s, lookup("port"), text("x")); err == nil || s.Port != 9 {
			t.Errorf("got %v, %d", err, s.Port)
		}
	})
}

func TestDiff(t *testing.T) {
	peerOf := func(name string, keys ...*Value) *Value {
		return block(field(9, "name", text(name)), field(9, "keys", list(keys...)))
	}
	for _, test := range []struct {
		name           string
		old, new       []Field
		paths          []string
		refusal, lines []string
	}{
		{"only positions", []Field{field(2, "port", number(5)), field(3, "peer", peerOf("a"))},
			[]Field{field(7, "Port", number(5)), field(8, "peer", peerOf("a"))}, nil, nil, nil},
		{"a line", nil, []Field{field(2, "port", number(5))}, []string{"port"}, nil, []string{"Reloaded: port = 5"}},
		{"a member of several rows", nil, []Field{field(2, "listen", text("h:80"))}, []string{"Host"},
			[]string{"config reload not supported for Host: old=, new=h"}, nil},
		{"a secret", []Field{field(2, "secret", text("x"))}, []Field{field(2, "secret", text("y"))}, []string{"secret"},
			[]string{"config reload not supported for Secret: old=[REDACTED], new=[REDACTED]"}, nil},
		{"inside a block", []Field{field(2, "peer", peerOf("a"))}, []Field{field(2, "peer", peerOf("b", text("k")))}, []string{"peer.name", "peer.keys"},
			[]string{`config reload not supported for Peer: field "Name": old=a, new=b`}, []string{"Reloaded: keys = [k]"}},
		{"a block that comes", nil, []Field{field(2, "peer", peerOf("a"))}, []string{"peer"},
			[]string{"config reload not supported for Peer: old={}, new={name: a, keys: []}"}, nil},
		{"a refused block", []Field{field(2, "fixed", peerOf("a"))}, []Field{field(2, "fixed", peerOf("b", text("k")))}, []string{"fixed"},
			[]string{"config reload not supported for Fixed: old={name: a, keys: []}, new={name: b, keys: [k]}"}, nil},
		{"what is exempt in a refused block", []Field{field(2, "fixed", peerOf("a"))}, []Field{field(2, "fixed", peerOf("a", text("k")))},
			[]string{"fixed.keys"}, nil, []string{"Reloaded: keys = [k]"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var paths, refusals, lines []string
			for _, d := range serverSchema.Diff(readServer(t, test.old...), readServer(t, test.new...)) {
				paths = append(paths, d.Path)
				if r := d.Refusal(); r != "" {
					refusals = append(refusals, r)
				}
				if l := d.Line(); l != "" {
					lines = append(lines, l)
				}
			}
			if !slices.Equal(paths, test.paths) || !slices.Equal(refusals, test.refusal) || !slices.Equal(lines, test.lines) {
				t.Errorf("got %q, refused %q, lines %q", paths, refusals, lines)
			}
		})
	}
}

func TestSameValue(t *testing.T) {
	address := func(s string) *url.URL {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	type located struct {
		Pos  Position
		Name string
	}
	for _, test := range []struct {
		a, b any
		want bool
	}{
		{nil, nil, true},
		{nil, 1, false},
		{1, "1", false},
		{located{Position{Line: 1}, "a"}, located{Position{Line: 2}, "a"}, true},
		{located{Position{Line: 1}, "a"}, located{Position{Line: 1}, "b"}, false},
		{[]*url.URL{address("nats://u:a@h")}, []*url.URL{address("nats://u:a@h")}, true},
		{[]*url.URL{address("nats://u:a@h")}, []*url.URL{address("nats://u:b@h")}, false},
		{map[string]string{"a": "b"}, map[string]string{"a": "b"}, true},
		{map[string]string{"a": "b"}, map[string]string{"c": "b"}, false},
		{map[string]string{"a": "b"}, map[string]string{}, false},
		{time.Unix(1, 0).UTC(), time.Unix(1, 0).Local(), true},
		{x509.NewCertPool(), x509.NewCertPool(), true},
		{(*peer)(nil), &peer{}, false},
		{[2]int{1, 2}, [2]int{1, 3}, false},
		{[]any{1, "a"}, []any{1, "a"}, true},
	} {
		if got := sameValue(reflect.ValueOf(test.a), reflect.ValueOf(test.b)); got != test.want {
			t.Errorf("%v and %v: %v", test.a, test.b, got)
		}
	}
}
