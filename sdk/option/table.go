package option

import "strings"

// Table is the description of a block: its options, in the order in which they
// are documented. A Table is immutable and safe for concurrent use once built.
type Table struct {
	options []*Option
	byName  map[string]*Option
	unknown unknownRule
}

// unknownRule says what becomes of a field that is no option.
type unknownRule struct {
	text   string
	strict bool // also reported when the field was used as a variable
	ignore bool
}

// NewTable makes a table of rows. It panics when two rows share a name: that is
// a mistake in the program, found by its first test.
func NewTable(rows ...Row) *Table {
	t := &Table{
		byName:  make(map[string]*Option, len(rows)),
		unknown: unknownRule{text: `unknown field "{key}"`},
	}
	for _, row := range rows {
		o := row.option()
		t.options = append(t.options, o)
		for _, name := range o.Names() {
			if t.byName[name] != nil {
				panic("option: " + name + " is described twice in one table")
			}
			t.byName[name] = o
		}
	}
	return t
}

// Unknown sets the text reported for a field that is no option; it may hold
// {key}.
func (t *Table) Unknown(text string) *Table {
	t.unknown.text = text
	return t
}

// Strict reports unknown fields also when they were used as variables.
func (t *Table) Strict() *Table {
	t.unknown.strict = true
	return t
}

// IgnoreUnknown lets unknown fields pass.
func (t *Table) IgnoreUnknown() *Table {
	t.unknown.ignore = true
	return t
}

// Options returns the rows in the order of their description. The slice is the
// table's own and must not be changed.
func (t *Table) Options() []*Option { return t.options }

// Lookup returns the option that is called name, in any letter case, or nil.
func (t *Table) Lookup(name string) *Option { return t.byName[strings.ToLower(name)] }

// Read checks a block against the table and returns its settings, with defaults
// filled in. Everything wrong with it goes to the node's report; options with
// errors keep their defaults. A node without value is an empty block.
func (t *Table) Read(n *Node) *Settings {
	s := newSettings(t, n.Pos)
	if k := n.Kind(); k != Map && k != Invalid {
		n.Errorf("wrong type for %q: expected a block, got %s", n.Key, kindName(k))
		return s
	}
	for _, field := range n.Fields() {
		o := t.Lookup(field.Key)
		if o == nil {
			if t.unknown.ignore || field.Referenced && !t.unknown.strict {
				continue
			}
			field.Errorf("%s", field.expand(t.unknown.text))
			continue
		}
		// Noted even when the value is wrong, so that "required" is not reported
		// on top of it.
		e := entry{value: o.Default, pos: field.Pos, set: true, bad: true}
		if v, ok := o.Read(field); ok {
			e.value, e.bad = v, false
		}
		s.entries[o.Name] = e
	}
	for _, o := range t.options {
		if o.Required && !s.Has(o.Name) {
			n.Errorf("missing option %q", o.Name)
		}
	}
	return s
}
