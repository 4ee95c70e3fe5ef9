package tomlconf

import (
	"fmt"

	"github.com/trellismq/trellis/core/config/syntax"
	"github.com/trellismq/trellis/sdk/option"
)

// builder makes the tree of one file: it goes through the statements in the
// order written and finds the value of each in what the library decoded.
type builder struct {
	world surroundings
	lines lines
	root  *table
}

// table is a table that keys are written into. A document may come back to a
// table later, so all are kept.
type table struct {
	scope  *syntax.Scope
	raw    map[string]any
	parent *table // nil for the root
	// key is what the parent knows the table by. It is empty as long as the
	// parent does not know it, which is so for an inline table being read.
	key    string
	tables map[string]*table        // by key; of an array of tables the last one
	arrays map[string]*option.Value // arrays of tables, by key
}

func newTable(pos option.Position, raw map[string]any, parent *table, key string) *table {
	return &table{
		scope:  syntax.NewScope(pos),
		raw:    raw,
		parent: parent,
		key:    key,
		tables: make(map[string]*table),
		arrays: make(map[string]*option.Value),
	}
}

// build returns the root of the tree.
func (b *builder) build(statements []statement) (*option.Value, error) {
	current := b.root
	for _, s := range statements {
		var err error
		switch {
		case s.kind == tableHeader:
			current = b.open(b.root, s.path)
		case s.kind == arrayHeader:
			current = b.openElement(s.path)
		case current == b.root && len(s.path) == 1 && s.path[0].name == "include":
			err = b.include(s)
		default:
			err = b.set(current, s)
		}
		if err != nil {
			return nil, err
		}
	}
	return b.root.scope.Value(), nil
}

// open returns the table at a path below t and makes what is missing of it.
func (b *builder) open(t *table, path []key) *table {
	for _, k := range path {
		child, ok := t.tables[k.name]
		if !ok {
			raw, _ := t.raw[k.name].(map[string]any)
			pos := b.lines.position(k.offset)
			child = newTable(pos, raw, t, k.name)
			t.tables[k.name] = child
			t.scope.Set(option.Field{Key: k.name, Pos: pos, Value: child.scope.Value()})
		}
		t = child
	}
	return t
}

// openElement adds an element to the array of tables at a path and returns it.
func (b *builder) openElement(path []key) *table {
	parent, last := b.open(b.root, path[:len(path)-1]), path[len(path)-1]
	pos := b.lines.position(last.offset)
	array, ok := parent.arrays[last.name]
	if !ok {
		array = &option.Value{Kind: option.List, Pos: pos}
		parent.arrays[last.name] = array
		parent.scope.Set(option.Field{Key: last.name, Pos: pos, Value: array})
	}
	var raw map[string]any
	if raws, _ := parent.raw[last.name].([]map[string]any); len(array.List) < len(raws) {
		raw = raws[len(array.List)]
	}
	element := newTable(pos, raw, parent, last.name)
	parent.tables[last.name] = element
	array.List = append(array.List, element.scope.Value())
	return element
}

// set adds the field of a pair that is written in t.
func (b *builder) set(t *table, s statement) error {
	last := s.path[len(s.path)-1]
	t = b.open(t, s.path[:len(s.path)-1])
	pos := b.lines.position(last.offset)
	value, err := b.value(t, t.raw[last.name], s.value, pos)
	if err != nil {
		return err
	}
	t.scope.Set(option.Field{Key: last.name, Pos: pos, Value: value})
	return nil
}

// include adds the fields of the files that the top-level key include names. As
// with any key that is written twice, the later one replaces the earlier.
func (b *builder) include(s statement) error {
	names, err := b.value(b.root, b.root.raw["include"], s.value, b.lines.position(s.value.offset))
	if err != nil {
		return err
	}
	list := []*option.Value{names}
	if names.Kind == option.List {
		list = names.List
	}
	for _, name := range list {
		if name.Kind != option.String {
			return &Error{Pos: name.Pos, Err: ErrInclude}
		}
		included, err := b.world.include(name.Text)
		if err != nil {
			return &Error{Pos: name.Pos, Err: fmt.Errorf("include %q: %w", name.Text, err)}
		}
		for _, field := range included.Fields {
			b.root.scope.Set(field)
			delete(b.root.tables, field.Key)
			delete(b.root.arrays, field.Key)
		}
	}
	return nil
}
