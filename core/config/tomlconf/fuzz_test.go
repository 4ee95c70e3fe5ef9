package tomlconf

import (
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/trellismq/trellis/core/config/digest"
	"github.com/trellismq/trellis/sdk/option"
)

var seeds = []string{
	"a = 1\n[b.c]\nd.e = [1, {f = 2, g.h = []}]\n[[i]]\n[i.j]\n[[i]]\n",
	"\"q \\u00e9\\\"\" . 'r' = \"\"\"x\"\"\"\"\" # c\n",
	"a = '''\n]''' \nb = \"\\\"#\"\nc = 1979-05-27 07:32:00\n",
	"x = [ # c\n {y = 1,\n z = 2,},\n]\r\n[ t . u ]\n",
	"\xef\xbb\xbfa = inf",
	"x = 1\n[t]\ny = '$x'\n[u]\nv = ['$t', '$E', '$$E']\n",
}

// FuzzLocate checks that whatever the library accepts, the locator finds the
// same keys in the same order.
func FuzzLocate(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		statements, locateErr := locate(withoutByteOrderMark(text))
		if locateErr == errDepth {
			return
		}
		var raw map[string]any
		meta, err := toml.Decode(text, &raw)
		if err != nil {
			return
		}
		if locateErr != nil {
			t.Fatal(locateErr)
		}
		got, want := locatedKeys(statements), meta.Keys()
		if !slices.EqualFunc(got, want, func(a, b toml.Key) bool { return slices.Equal(a, b) }) {
			t.Fatalf("got %q, want %q", got, want)
		}
		body := withoutByteOrderMark(text)
		for _, k := range everyKey(statements) {
			if !strings.HasPrefix(body[k.offset:], k.name) && !strings.Contains(body, `\`) {
				t.Fatalf("key %q is not at offset %d", k.name, k.offset)
			}
		}
	})
}

// locatedKeys lists keys as the library does: every header and every pair by its
// whole path, that of an element being the path of its array.
func locatedKeys(statements []statement) []toml.Key {
	var keys []toml.Key
	var walk func(context toml.Key, p place)
	pairOf := func(context toml.Key, s statement) {
		path := slices.Concat(context, names(s.path))
		keys = append(keys, path)
		walk(path, s.value)
	}
	walk = func(context toml.Key, p place) {
		for _, element := range p.elements {
			walk(context, element)
		}
		for _, pair := range p.pairs {
			pairOf(context, pair)
		}
	}
	var header toml.Key
	for _, s := range statements {
		if s.kind == pair {
			pairOf(header, s)
			continue
		}
		header = names(s.path)
		keys = append(keys, header)
	}
	return keys
}

func names(path []key) toml.Key {
	var k toml.Key
	for _, part := range path {
		k = append(k, part.name)
	}
	return k
}

// everyKey lists the parts of all keys.
func everyKey(statements []statement) []key {
	var keys []key
	var walk func(p place)
	walkAll := func(statements []statement) {
		for _, s := range statements {
			keys = append(keys, s.path...)
			walk(s.value)
		}
	}
	walk = func(p place) {
		for _, element := range p.elements {
			walk(element)
		}
		walkAll(p.pairs)
	}
	walkAll(statements)
	return keys
}

// FuzzParse checks that the tree holds what the library decoded, as long as no
// reference and no include changes that, and that positions lie in the file.
func FuzzParse(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	world := files{"$E": "[1]", "b.toml": "c = 1"}
	f.Fuzz(func(t *testing.T, text string) {
		root, err := Parse("fuzz.toml", []byte(text), world.env, world.read)
		if err != nil {
			return
		}
		checkPositions(t, root, strings.Count(text, "\n")+1)
		if strings.ContainsAny(text, `$\`) || strings.Contains(text, "include") {
			return
		}
		var raw map[string]any
		if _, err := toml.Decode(text, &raw); err != nil {
			t.Fatalf("what the library refuses was accepted: %v", err)
		}
		checkSame(t, root, raw)
	})
}

func checkPositions(t *testing.T, value *option.Value, lines int) {
	if value.Pos.Line < 1 || value.Pos.Line > lines || value.Pos.Column < 0 {
		t.Fatalf("position %s lies outside of the file", value.Pos)
	}
	for _, element := range value.List {
		checkPositions(t, element, lines)
	}
	for _, field := range value.Fields {
		checkPositions(t, field.Value, lines)
	}
}

// checkSame compares a tree with decoded values.
func checkSame(t *testing.T, value *option.Value, raw any) {
	switch raw := raw.(type) {
	case map[string]any:
		if value.Kind != option.Map || len(value.Fields) != len(raw) {
			t.Fatalf("got %s, want %v", digest.JSON(value), raw)
		}
		for _, field := range value.Fields {
			checkSame(t, field.Value, raw[field.Key])
		}
	case []map[string]any:
		if value.Kind != option.List || len(value.List) != len(raw) {
			t.Fatalf("got %s, want %v", digest.JSON(value), raw)
		}
		for i, element := range value.List {
			checkSame(t, element, raw[i])
		}
	case []any:
		if value.Kind != option.List || len(value.List) != len(raw) {
			t.Fatalf("got %s, want %v", digest.JSON(value), raw)
		}
		for i, element := range value.List {
			checkSame(t, element, raw[i])
		}
	case string:
		if value.Kind != option.String || value.Text != raw {
			t.Fatalf("got %s, want %q", digest.JSON(value), raw)
		}
	case int64:
		if value.Kind != option.Int || value.Int != raw {
			t.Fatalf("got %s, want %d", digest.JSON(value), raw)
		}
	case bool:
		if value.Kind != option.Bool || value.Bool != raw {
			t.Fatalf("got %s, want %v", digest.JSON(value), raw)
		}
	}
}
