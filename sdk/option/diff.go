package option

import (
	"fmt"
	"reflect"
	"strings"
)

// Difference is one option whose value differs between two configurations.
type Difference struct {
	// Path is the option's name with those of the blocks around it: "cluster.name".
	Path     string
	Option   *Option
	Old, New any
	// prefix is put before the text of a refusal inside a block.
	prefix string
}

// Refusal returns the reason why a reload cannot apply the difference, or "".
// Secrets do not appear in it.
func (d Difference) Refusal() string {
	name := d.Option.Reload.Refused
	if name == "" {
		// Only a block that came or went is compared as a whole.
		name = d.Option.Reload.Presence
	}
	if name == "" {
		return ""
	}
	if d.prefix != "" {
		name = d.prefix + `: field "` + name + `"`
	}
	return fmt.Sprintf("config reload not supported for %s: old=%s, new=%s",
		name, d.Option.Show(d.Old), d.Option.Show(d.New))
}

// Line returns the log line that tells of the applied difference, or "".
func (d Difference) Line() string {
	switch line := d.Option.Reload.Line; {
	case d.Option.line != nil:
		return d.Option.line(d.New)
	case strings.Contains(line, "%v"):
		return fmt.Sprintf(line, d.Option.Show(d.New))
	default:
		return line
	}
}

// Diff compares two structs option by option, in the order of the rows. Where a
// value was written does not matter, only what it says.
func (s *Schema[T]) Diff(old, new *T) []Difference {
	var diffs []Difference
	for _, f := range s.fields {
		if f.load == nil {
			continue
		}
		before, after := f.load(old), f.load(new)
		if sameValue(reflect.ValueOf(before), reflect.ValueOf(after)) {
			continue
		}
		if nested := f.nested(old, new); nested != nil {
			diffs = append(diffs, nested...)
			continue
		}
		diffs = append(diffs, Difference{Path: f.desc.Name, Option: f.desc, Old: before, New: after})
	}
	return diffs
}

// nested returns the differences inside a block. It is nil when the block is to
// be compared as a whole: it is no block, it came or went, or it is refused and
// holds a change that is not exempt.
func (b Binding[T]) nested(old, new *T) []Difference {
	if b.diff == nil {
		return nil
	}
	reload := b.desc.Reload
	diffs := b.diff(old, new)
	for i := range diffs {
		d := &diffs[i]
		if reload.Refused != "" && !d.Option.Reload.Always {
			return nil
		}
		d.Path = b.desc.Name + "." + d.Path
		if d.prefix == "" {
			d.prefix = reload.Prefix
		}
	}
	return diffs
}

// diffBlocks is nil when one of the blocks is absent.
func (s *Schema[T]) diffBlocks(old, new *T) []Difference {
	if old == nil || new == nil {
		return nil
	}
	return s.Diff(old, new)
}
