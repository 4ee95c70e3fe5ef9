package option

import "reflect"

// Type names what an option holds, in the words of the reference page.
type Type string

// The types options can have. An option made by [Custom] names its own.
const (
	TypeText       Type = "string"
	TypeSwitch     Type = "boolean"
	TypeNumber     Type = "integer"
	TypeDuration   Type = "duration"
	TypeSeconds    Type = "seconds"
	TypeSize       Type = "size"
	TypeAddress    Type = "address"
	TypeTexts      Type = "list of strings"
	TypeTextOrList Type = "string or list of strings"
	TypeTextMap    Type = "map of strings"
	TypeSwitchMap  Type = "map of booleans"
	TypeBlock      Type = "block"
	TypeBlocks     Type = "list of blocks"
)

// Option describes one option: pure data, the same for the broker's own options
// and for a driver's settings. It is made by the constructors of this package
// and must not be changed once it is part of a [Table].
type Option struct {
	Name    string
	Aliases []string
	Type    Type
	// Default is the value when nothing is written, nil when there is none.
	Default any
	// ZeroIsDefault: writing 0 or "" means the default, too.
	ZeroIsDefault bool
	// Unit of a number ("bytes", "messages"), empty when there is none.
	Unit string
	// Secret values are never printed.
	Secret bool
	// Required options must be written.
	Required bool
	Doc      string
	// Deprecated, when not empty, is the warning given when the option is used.
	Deprecated string
	Reload     Reload
	Flag       Flag
	// Feature names the part of the broker the option belongs to, empty for what
	// is always there.
	Feature string
	// Table describes the fields of a block or of each block of a list.
	Table *Table

	// wrong is the text for a value of the wrong type, empty for the usual one.
	wrong string
	// kind is the kind of value that a flag's text becomes.
	kind Kind
	read func(n *Node) any
	line func(value any) string
	show func(value any) string
}

// Reload says what happens to an option when the configuration is read again.
// The zero Reload means: applied, without a log line.
type Reload struct {
	// Refused, when not empty, is the name under which a change is refused.
	Refused string
	// Line is the log line printed after a change, with at most one %v for the
	// new value.
	Line string
	// Prefix, on a block, is put before the names under which options of the
	// block are refused.
	Prefix string
	// Presence, on a block, is the name under which its appearance or
	// disappearance is refused.
	Presence string
	// Always marks an option that can change even in a block that is refused.
	Always bool
}

// Flag is the command-line form of an option. The zero Flag means none.
type Flag struct {
	// Names without dashes, the one for people first.
	Names []string
	// Value is the placeholder in the usage text; empty for boolean flags.
	Value string
	// Group is the heading in the usage text.
	Group string
}

// Row is what a [Table] is made of: an [Option], or the [Of] that made one.
type Row interface{ option() *Option }

func (o *Option) option() *Option { return o }

// Names returns the option's name and its aliases.
func (o *Option) Names() []string { return append([]string{o.Name}, o.Aliases...) }

// Read checks the node's value and returns it in the option's Go type. ok is
// false when an error was reported.
func (o *Option) Read(n *Node) (value any, ok bool) {
	if o.Deprecated != "" {
		n.Misuse("%s", o.Deprecated)
	}
	value, ok = o.check(n)
	if ok && o.ZeroIsDefault && isZero(value) {
		value = o.Default
	}
	return value, ok
}

// check is Read for a value as it stands, zero or not.
func (o *Option) check(n *Node) (value any, ok bool) {
	before := n.failed()
	value = o.read(n)
	return value, n.failed() == before
}

// FlagKind returns the kind of value that the text of the option's flag is:
// Bool, Int or String.
func (o *Option) FlagKind() Kind { return o.kind }

// wrongType reports that the node's value cannot be this option's.
func (o *Option) wrongType(n *Node, expected string) {
	switch {
	case o.wrong != "":
		n.Errorf("%s", n.expand(o.wrong))
	case o.Secret:
		n.Errorf("wrong type for %q: expected %s, got %s", n.Key, expected, kindName(n.Kind()))
	default:
		got := kindName(n.Kind())
		if k := n.Kind(); k != List && k != Map && k != Invalid {
			got += " (" + n.String() + ")"
		}
		n.Errorf("wrong type for %q: expected %s, got %s", n.Key, expected, got)
	}
}

func isZero(value any) bool {
	v := reflect.ValueOf(value)
	return !v.IsValid() || v.IsZero()
}

// Of is an [Option] that yields values of type V. Its methods fill in the
// description and return the receiver, so that a row reads like a line of a
// table. It is also a typed handle: [Of.Get] reads the option from [Settings]
// without naming it again.
type Of[V any] struct {
	desc   *Option
	normal func(v V) V
	checks []func(n *Node, v V)
	// nested compares two blocks option by option, nil for plain values.
	nested func(old, new V) []Difference
}

// newOf makes an option whose values parse reads. parse reports errors on the
// node; its result is ignored then.
func newOf[V any](name string, typ Type, kind Kind, parse func(o *Option, n *Node) V) *Of[V] {
	of := &Of[V]{desc: &Option{Name: name, Type: typ, kind: kind}}
	of.desc.read = func(n *Node) any {
		before := n.failed()
		v := parse(of.desc, n)
		if of.normal != nil && n.failed() == before {
			v = of.normal(v)
		}
		for _, check := range of.checks {
			if n.failed() == before {
				check(n, v)
			}
		}
		return v
	}
	return of
}

// Custom makes an option of a shape of its own. typ names the shape on the
// reference page; parse reads a node and reports what is wrong with it.
func Custom[V any](name string, typ Type, parse func(n *Node) V) *Of[V] {
	return newOf(name, typ, String, func(_ *Option, n *Node) V { return parse(n) })
}

func (o *Of[V]) option() *Option { return o.desc }

// Alias adds other names of the option.
func (o *Of[V]) Alias(names ...string) *Of[V] {
	o.desc.Aliases = append(o.desc.Aliases, names...)
	return o
}

// Doc sets the description: one or more sentences for an operator.
func (o *Of[V]) Doc(text string) *Of[V] {
	o.desc.Doc = text
	return o
}

// Default sets the value used when the option is absent.
func (o *Of[V]) Default(v V) *Of[V] {
	o.desc.Default = v
	return o
}

// Fallback sets the value used when the option is absent, zero or empty.
func (o *Of[V]) Fallback(v V) *Of[V] {
	o.desc.Default, o.desc.ZeroIsDefault = v, true
	return o
}

// Unit names the unit of a number.
func (o *Of[V]) Unit(unit string) *Of[V] {
	o.desc.Unit = unit
	return o
}

// Secret marks a value that must never be printed.
func (o *Of[V]) Secret() *Of[V] {
	o.desc.Secret = true
	return o
}

// ShowAs makes the text that stands for a value wherever values are printed, for
// values of which only a part is secret.
func (o *Of[V]) ShowAs(text func(v V) string) *Of[V] {
	o.desc.show = func(value any) string {
		v, _ := value.(V)
		return text(v)
	}
	return o
}

// Required makes the absence of the option an error.
func (o *Of[V]) Required() *Of[V] {
	o.desc.Required = true
	return o
}

// Deprecated sets the warning given when the option is used.
func (o *Of[V]) Deprecated(reason string) *Of[V] {
	o.desc.Deprecated = reason
	return o
}

// Refused marks an option that cannot change by reload; name is printed in the
// refusal.
func (o *Of[V]) Refused(name string) *Of[V] {
	o.desc.Reload.Refused = name
	return o
}

// RefusedWithin sets the prefix for refusals of the block's options.
func (o *Of[V]) RefusedWithin(prefix string) *Of[V] {
	o.desc.Reload.Prefix = prefix
	return o
}

// Permanent marks a block that cannot appear or disappear by reload; name is
// printed in the refusal.
func (o *Of[V]) Permanent(name string) *Of[V] {
	o.desc.Reload.Presence = name
	return o
}

// AlwaysReloads marks an option that can change even in a block that is refused.
func (o *Of[V]) AlwaysReloads() *Of[V] {
	o.desc.Reload.Always = true
	return o
}

// Reloaded sets the log line printed when a reload changed the option, with at
// most one %v for the new value.
func (o *Of[V]) Reloaded(line string) *Of[V] {
	o.desc.Reload.Line = line
	return o
}

// ReloadedAs makes the log line printed when a reload changed the option.
func (o *Of[V]) ReloadedAs(line func(v V) string) *Of[V] {
	o.desc.line = func(value any) string { return line(value.(V)) }
	return o
}

// Flag gives the option a command-line form. value is the placeholder in the
// usage text, empty for boolean options.
func (o *Of[V]) Flag(group, value string, names ...string) *Of[V] {
	o.desc.Flag = Flag{Names: names, Value: value, Group: group}
	return o
}

// Feature names the part of the broker the option belongs to.
func (o *Of[V]) Feature(name string) *Of[V] {
	o.desc.Feature = name
	return o
}

// Otherwise sets the text reported for a value of the wrong type. It may hold
// {key}, {type} and {value}.
func (o *Of[V]) Otherwise(text string) *Of[V] {
	o.desc.wrong = text
	return o
}

// Normal sets the function that brings a value into its normal form, before any
// rule of [Of.Check] sees it.
func (o *Of[V]) Normal(form func(v V) V) *Of[V] {
	o.normal = form
	return o
}

// Check adds a rule for values that have the right type. It reports on the node
// what is wrong.
func (o *Of[V]) Check(rule func(n *Node, v V)) *Of[V] {
	o.checks = append(o.checks, rule)
	return o
}

// Fields describes the fields of an option of [Custom] shape that is a block, or
// holds blocks.
func (o *Of[V]) Fields(t *Table) *Of[V] {
	o.desc.Table = t
	return o
}

// Get returns the option's value in s, its default when it was not written, and
// the zero V when it has none. s must come from a table that holds the option.
func (o *Of[V]) Get(s *Settings) V {
	v, _ := s.entry(o.desc.Name).value.(V)
	return v
}
