package option

import "slices"

// Schema binds a table to a Go struct: each row says in which member of T its
// value goes. A Schema is immutable and safe for concurrent use once built.
type Schema[T any] struct {
	table  *Table
	fields []Binding[T]
	keep   func(*T) **Settings
	checks []func(t *T, n *Node)
}

// Binding is one row of a [Schema]: an option and its place in T.
type Binding[T any] struct {
	desc  *Option
	store func(t *T, value any)
	// load is nil for rows that only store.
	load func(t *T) any
	// diff compares nested structs, nil for plain values.
	diff func(old, new *T) []Difference
}

// Into binds an option to the member of T that at points to.
func Into[T, V any](o *Of[V], at func(*T) *V) Binding[T] {
	b := Binding[T]{
		desc:  o.desc,
		store: func(t *T, value any) { *at(t), _ = value.(V) },
		load:  func(t *T) any { return *at(t) },
	}
	if o.nested != nil {
		b.diff = func(old, new *T) []Difference { return o.nested(*at(old), *at(new)) }
	}
	return b
}

// Through binds an option that has no member of its own: store spreads its value
// over others, which earlier rows may have filled and later rows may overrule.
func Through[T, V any](o *Of[V], store func(*T, V)) Binding[T] {
	return Binding[T]{desc: o.desc, store: func(t *T, value any) {
		if v, ok := value.(V); ok {
			store(t, v)
		}
	}}
}

// Refuse adds a member that several options fill to those that cannot change by
// reload; name is printed in the refusal.
func Refuse[T, V any](name string, at func(*T) *V) Binding[T] {
	return Binding[T]{
		desc: &Option{Name: name, Reload: Reload{Refused: name}},
		load: func(t *T) any { return *at(t) },
	}
}

// Within binds the rows of a struct P that is a member of T, so that several
// blocks can share rows.
func Within[T, P any](at func(*T) *P, rows ...Binding[P]) []Binding[T] {
	bound := make([]Binding[T], len(rows))
	for i, row := range rows {
		bound[i] = Binding[T]{desc: row.desc}
		if row.store != nil {
			bound[i].store = func(t *T, value any) { row.store(at(t), value) }
		}
		if row.load != nil {
			bound[i].load = func(t *T) any { return row.load(at(t)) }
		}
		if row.diff != nil {
			bound[i].diff = func(old, new *T) []Difference { return row.diff(at(old), at(new)) }
		}
	}
	return bound
}

// NewSchema makes a schema of groups of rows. Values are stored in the order of
// the rows, whatever order the configuration has. Like [NewTable] it panics when
// two rows share a name.
func NewSchema[T any](groups ...[]Binding[T]) *Schema[T] {
	fields := slices.Concat(groups...)
	var rows []Row
	for _, f := range fields {
		if f.store != nil {
			rows = append(rows, f.desc)
		}
	}
	return &Schema[T]{table: NewTable(rows...), fields: fields}
}

// Keep names the member that keeps the settings the struct was filled from: they
// know what was written, and where.
func (s *Schema[T]) Keep(at func(*T) **Settings) *Schema[T] {
	s.keep = at
	return s
}

// Check adds a rule about a block as a whole. It runs when the struct has been
// filled and reports on the block's node what is wrong.
func (s *Schema[T]) Check(rule func(t *T, n *Node)) *Schema[T] {
	s.checks = append(s.checks, rule)
	return s
}

// Unknown is [Table.Unknown].
func (s *Schema[T]) Unknown(text string) *Schema[T] {
	s.table.Unknown(text)
	return s
}

// Strict is [Table.Strict].
func (s *Schema[T]) Strict() *Schema[T] {
	s.table.Strict()
	return s
}

// IgnoreUnknown is [Table.IgnoreUnknown].
func (s *Schema[T]) IgnoreUnknown() *Schema[T] {
	s.table.IgnoreUnknown()
	return s
}

// Table returns the description without the bindings.
func (s *Schema[T]) Table() *Table { return s.table }

// New returns a T that holds the defaults.
func (s *Schema[T]) New() *T {
	t := new(T)
	for _, f := range s.fields {
		if f.desc.Default != nil && f.store != nil {
			f.store(t, f.desc.Default)
		}
	}
	return t
}

// Read checks a block and returns it as a T. Everything wrong goes to the node's
// report; options with errors keep their defaults.
func (s *Schema[T]) Read(n *Node) *T {
	settings := s.table.Read(n)
	t := s.New()
	for _, f := range s.fields {
		if e := settings.entries[f.desc.Name]; e.set && !e.bad && f.store != nil {
			f.store(t, e.value)
		}
	}
	if s.keep != nil {
		*s.keep(t) = settings
	}
	for _, check := range s.checks {
		check(t, n)
	}
	return t
}

// Set stores a value that does not come from the file, such as a flag's, in the
// member of T that belongs to o. A zero value for an option whose zero means its
// default sets nothing. The error holds what the option's rules complain about.
func (s *Schema[T]) Set(t *T, o *Option, v *Value) error {
	report := new(Report)
	value, ok := o.check(NewNode(o.Name, Position{}, v, report))
	if !ok {
		return report.Err()
	}
	if o.ZeroIsDefault && isZero(value) {
		return nil
	}
	for _, f := range s.fields {
		if f.desc == o && f.store != nil {
			f.store(t, value)
		}
	}
	return nil
}

// Struct makes an option that holds a block read into a T; nil when absent.
func Struct[T any](name string, schema *Schema[T]) *Of[*T] {
	return newStruct(name, TypeBlock, schema, func(o *Option, n *Node) *T {
		o.wrongType(n, "a block")
		return nil
	})
}

// StructOr makes an option that holds a block read into a T, or a value of
// another shape, which parse reads. typ names both on the reference page.
func StructOr[T any](name string, typ Type, schema *Schema[T], parse func(n *Node) *T) *Of[*T] {
	return newStruct(name, typ, schema, func(_ *Option, n *Node) *T { return parse(n) })
}

func newStruct[T any](name string, typ Type, schema *Schema[T], other func(o *Option, n *Node) *T) *Of[*T] {
	of := newOf(name, typ, Map, func(o *Option, n *Node) *T {
		if n.Kind() != Map {
			return other(o, n)
		}
		return schema.Read(n)
	})
	of.desc.Table = schema.table
	of.desc.show = func(value any) string {
		if t, _ := value.(*T); t != nil {
			return schema.Show(t)
		}
		return "{}"
	}
	of.nested = schema.diffBlocks
	return of
}

// List reads the elements of a list of blocks; notBlock reports an element that
// is none.
func (s *Schema[T]) List(n *Node, notBlock func(item *Node)) []*T {
	list := make([]*T, 0, len(n.Items()))
	for _, item := range n.Items() {
		if item.Kind() != Map {
			notBlock(item)
			continue
		}
		list = append(list, s.Read(item))
	}
	return list
}

// Each calls visit with every row that has a member in T, and its value there.
func (s *Schema[T]) Each(t *T, visit func(o *Option, value any)) {
	for _, f := range s.fields {
		if f.load != nil && f.store != nil {
			visit(f.desc, f.load(t))
		}
	}
}

// Show renders what differs from the defaults, secrets blanked.
func (s *Schema[T]) Show(t *T) string {
	shown := newSettings(s.table, Position{})
	s.Each(t, func(o *Option, value any) { shown.entries[o.Name] = entry{value: value} })
	return shown.text()
}
