package conf

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trellismq/trellis/core/config/digest"
	"github.com/trellismq/trellis/sdk/option"
)

// FuzzParse checks what holds for any bytes: parsing ends without a panic, every
// position lies in a file that was read, keys are unique in their map, and what
// is printed from the tree means the same tree.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"port = 4222; host: \"a\\x41\" # c\nl=[1,2k, {a=b}, (\nx\n)\n]",
		"{\"a\": {\"b\": [1.5, true, null,], 'c d': 127.0.0.1:1}}",
		"x=2016-05-04T18:53:41Z\ny {z=$x, include more.conf}\nw=[$LIST]",
		"include more.conf}{{a=-1kib},b=1e3}",
		"a {b (\n)\r\n)\n;c='\n'}\n\"d\ne\"=1,f=\\x",
		"\x00a=\xff\u00a0/b",
	} {
		f.Add(seed)
	}
	world := files{"$LIST": "[ $N, 'x' ]", "$N": "3k", "$SELF": "$SELF", "more.conf": "m=1\nn {o=\"p\"}"}
	f.Fuzz(func(t *testing.T, text string) {
		root, err := Parse("fuzz.conf", []byte(text), world.env, world.read)
		inside := fileExtents{"fuzz.conf": text, "more.conf": world["more.conf"]}
		if err != nil {
			if pos := positionOf(err); !pos.IsZero() && !inside.has(pos) {
				t.Fatalf("the error's position %s lies outside of the file: %v", pos, err)
			}
			return
		}
		inside.checkTree(t, root)
		printed, ok := printTree(root)
		if !ok {
			return
		}
		again, err := Parse("again.conf", []byte(printed), nil, nil)
		if err != nil {
			t.Fatalf("%v in\n%s", err, printed)
		}
		if got, want := digest.JSON(again), digest.JSON(root); string(got) != string(want) {
			t.Fatalf("got %s, want %s, printed as\n%s", got, want, printed)
		}
	})
}

// fileExtents tells whether a position lies in one of some files.
type fileExtents map[string]string

func (f fileExtents) has(pos option.Position) bool {
	text, ok := f[pos.File]
	if !ok || pos.Line < 1 || pos.Column < min(1, pos.Line-1) {
		return false
	}
	lines := strings.Split(text, "\n")
	if pos.Line > len(lines) {
		return false
	}
	length := len(lines[pos.Line-1])
	if pos.Line > 1 {
		length++ // columns count from 1
	}
	return pos.Column <= length
}

// checkTree checks the positions and keys of a tree.
func (f fileExtents) checkTree(t *testing.T, value *option.Value) {
	if !f.has(value.Pos) {
		t.Fatalf("position %s lies outside of the file", value.Pos)
	}
	for _, element := range value.List {
		f.checkTree(t, element)
	}
	seen := make(map[string]bool)
	for _, field := range value.Fields {
		if seen[field.Key] {
			t.Fatalf("%s: key %q occurs twice", field.Pos, field.Key)
		}
		seen[field.Key] = true
		if field.Pos != field.Value.Pos {
			t.Fatalf("key %q stands at %s, its value at %s", field.Key, field.Pos, field.Value.Pos)
		}
		f.checkTree(t, field.Value)
	}
}

// printTree writes a root map in the language. It reports false when a key has
// quotes of both kinds or a NUL byte, which no quoted key can have.
func printTree(root *option.Value) (string, bool) {
	p := printer{printable: true}
	p.fields(root)
	return p.String(), p.printable
}

type printer struct {
	strings.Builder
	printable bool
}

func (p *printer) fields(m *option.Value) {
	for _, field := range m.Fields {
		quote := `"`
		if strings.Contains(field.Key, quote) {
			quote = `'`
		}
		if strings.Contains(field.Key, quote) || strings.Contains(field.Key, "\x00") {
			p.printable = false
		}
		p.WriteString(quote + field.Key + quote + " = ")
		p.value(field.Value)
		p.WriteString("\n")
	}
}

func (p *printer) value(v *option.Value) {
	switch v.Kind {
	case option.String:
		p.WriteByte('"')
		for _, c := range []byte(v.Text) {
			fmt.Fprintf(p, `\x%02x`, c)
		}
		p.WriteByte('"')
	case option.Bool:
		p.WriteString(strconv.FormatBool(v.Bool))
	case option.Int:
		p.WriteString(strconv.FormatInt(v.Int, 10))
	case option.Float:
		text := strconv.FormatFloat(v.Float, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		p.WriteString(text)
	case option.Time:
		p.WriteString(v.Time.Format(time.RFC3339))
	case option.List:
		p.WriteString("[")
		for _, element := range v.List {
			p.value(element)
			p.WriteString(",")
		}
		p.WriteString("]")
	case option.Map:
		p.WriteString("{\n")
		p.fields(v)
		p.WriteString("}")
	default:
		p.printable = false
	}
}

// FuzzInclude checks that no path of an include ends the reader or makes it read
// a file twice at the same time.
func FuzzInclude(f *testing.F) {
	f.Add("a.conf", "include b.conf", "include a.conf")
	f.Add("x/a.conf", "m { include ../y/b.conf }", "include '../x/a.conf'\n")
	f.Fuzz(func(t *testing.T, name, first, second string) {
		var reads int
		read := func(path string) ([]byte, error) {
			if reads++; reads > 1000 {
				return nil, fs.ErrPermission
			}
			return []byte(second), nil
		}
		root, err := Parse(name, []byte(first), nil, read)
		if (root == nil) == (err == nil) {
			t.Fatalf("got %v and %v", root, err)
		}
	})
}
