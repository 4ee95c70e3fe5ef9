package option

import (
	"fmt"
	"strconv"
	"strings"
)

// Node is a value in its place: the key it was written under, where that key
// stands, and the report that complaints about it go to.
type Node struct {
	// Key is the field's name as written; for a list element the list's key.
	Key string
	// Pos is the position of the key, or of the list element. It differs from
	// Value.Pos when the value came from a variable.
	Pos Position
	// Referenced is true for a field that was used as a variable.
	Referenced bool
	// Value is nil when nothing was written.
	Value  *Value
	report *Report
}

// NewNode makes the node that reading starts from.
func NewNode(key string, pos Position, v *Value, r *Report) *Node {
	return &Node{Key: key, Pos: pos, Value: v, report: r}
}

// Report returns where complaints about the node go.
func (n *Node) Report() *Report { return n.report }

// Errorf reports an error at the node's position.
func (n *Node) Errorf(format string, args ...any) { n.report.Errorf(n.Pos, format, args...) }

// Warnf reports a warning at the node's position.
func (n *Node) Warnf(format string, args ...any) { n.report.Warnf(n.Pos, format, args...) }

// Misuse warns that the node's field is used in a way that works but should
// not be relied on.
func (n *Node) Misuse(reason string, args ...any) {
	n.Warnf("invalid use of field %q: %s", n.Key, fmt.Sprintf(reason, args...))
}

// Kind returns the kind of the node's value; Invalid when nothing was written.
func (n *Node) Kind() Kind {
	if n.Value == nil {
		return Invalid
	}
	return n.Value.Kind
}

// Items returns the elements of a list. Elements that came from the environment
// have no position of their own and take the list's.
func (n *Node) Items() []*Node {
	if n.Kind() != List {
		return nil
	}
	items := make([]*Node, len(n.Value.List))
	for i, v := range n.Value.List {
		items[i] = n.child(n.Key, v.Pos, v)
	}
	return items
}

// Fields returns the entries of a map in the order written.
func (n *Node) Fields() []*Node {
	if n.Kind() != Map {
		return nil
	}
	fields := make([]*Node, len(n.Value.Fields))
	for i, f := range n.Value.Fields {
		fields[i] = n.child(f.Key, f.Pos, f.Value)
		fields[i].Referenced = f.Referenced
	}
	return fields
}

func (n *Node) child(key string, pos Position, v *Value) *Node {
	if pos.IsZero() {
		pos = n.Pos
	}
	return &Node{Key: key, Pos: pos, Value: v, report: n.report}
}

// failed counts the errors reported so far; comparing two counts tells whether
// a step went wrong.
func (n *Node) failed() int { return len(n.report.Errors) }

// expand fills the placeholders {key}, {type} and {value} of an error text.
// Types are named as nats-server names them, because operators search for the
// texts they know.
func (n *Node) expand(text string) string {
	return strings.NewReplacer("{key}", n.Key, "{type}", n.TypeName(), "{value}", n.String()).Replace(text)
}

// TypeName returns the type of the node's value in the words of nats-server's
// messages.
func (n *Node) TypeName() string {
	switch n.Kind() {
	case String:
		return "string"
	case Bool:
		return "bool"
	case Int:
		return "int64"
	case Float:
		return "float64"
	case Time:
		return "time.Time"
	case List:
		return "[]interface {}"
	case Map:
		return "map[string]interface {}"
	}
	return "<nil>"
}

// String renders the node's value for a message. What could be a secret is not
// known here, so maps are shown by their keys only.
func (n *Node) String() string {
	if n.Value == nil {
		return "<nil>"
	}
	switch v := n.Value; v.Kind {
	case String:
		return v.Text
	case Bool:
		return strconv.FormatBool(v.Bool)
	case Int:
		return strconv.FormatInt(v.Int, 10)
	case Float:
		return strconv.FormatFloat(v.Float, 'g', -1, 64)
	case Time:
		return v.Time.String()
	case List:
		parts := make([]string, 0, len(v.List))
		for _, item := range n.Items() {
			parts = append(parts, item.String())
		}
		return "[" + strings.Join(parts, " ") + "]"
	case Map:
		parts := make([]string, 0, len(v.Fields))
		for _, f := range v.Fields {
			parts = append(parts, f.Key)
		}
		return "map[" + strings.Join(parts, " ") + "]"
	}
	return "<invalid>"
}

// kindName names a kind for people.
func kindName(k Kind) string {
	switch k {
	case String:
		return "a string"
	case Bool:
		return "a boolean"
	case Int:
		return "an integer"
	case Float:
		return "a number with a fraction"
	case Time:
		return "a timestamp"
	case List:
		return "a list"
	case Map:
		return "a block"
	}
	return "nothing"
}
