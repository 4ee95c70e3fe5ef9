package subject

import "iter"

// Tree maps subscription subjects to values and finds those whose subject
// matches, covers or intersects a given one. Literal subjects lie in a hash,
// wildcard ones in a tree of tokens, so what a question costs depends on the
// wildcards along its way and not on how many unrelated subjects there are.
//
// The zero Tree is empty and ready. Subjects handed to Set have to be valid
// subscriptions ([ValidSubscription]). A Tree has no lock: any number of
// goroutines may read while none writes.
//
// The questions hand each value found to visit, in no particular order, and stop
// when it returns false; they report whether they came to the end. They allocate
// nothing.
type Tree[V any] struct {
	literals  table[V]
	root      node[V]
	wildcards int
}

// Len returns how many subjects the tree holds.
func (t *Tree[V]) Len() int { return t.literals.len() + t.wildcards }

// Wildcards returns how many subjects with a wildcard the tree holds.
func (t *Tree[V]) Wildcards() int { return t.wildcards }

// Bare reports whether nothing is left in the tree, no subject and no place on
// the way to one.
func (t *Tree[V]) Bare() bool { return t.Len() == 0 && t.root.empty() }

// Get returns the value kept under exactly this subject.
func (t *Tree[V]) Get(pattern string) (v V, ok bool) {
	if !HasWildcard(pattern) {
		return t.literals.get(pattern)
	}
	if at := t.root.find(pattern); at != nil {
		return *at, true
	}
	return v, false
}

// Set keeps v under pattern, in place of what was there. The tree may go on
// referring to the string of a literal pattern.
func (t *Tree[V]) Set(pattern string, v V) {
	if !HasWildcard(pattern) {
		t.literals.set(pattern, v)
		return
	}
	if t.root.set(pattern, v) {
		t.wildcards++
	}
}

// Delete forgets pattern and reports whether it was there. What only pattern
// needed is freed.
func (t *Tree[V]) Delete(pattern string) bool {
	if !HasWildcard(pattern) {
		return t.literals.delete(pattern)
	}
	deleted := t.root.delete(pattern)
	if deleted {
		t.wildcards--
	}
	return deleted
}

// Match visits the values of all subjects that match literal in the sense of
// [Matches].
func (t *Tree[V]) Match(literal string, visit func(V) bool) bool {
	if v, ok := t.literals.get(literal); ok && !visit(v) {
		return false
	}
	if t.wildcards == 0 || HasEmptyToken(literal) {
		return true
	}
	return t.root.match(literal, false, visit)
}

// Covering visits the values of all subjects that pattern, a valid subscription,
// is a subset of in the sense of [SubsetOf]. A pattern with an empty token has
// none.
func (t *Tree[V]) Covering(pattern string, visit func(V) bool) bool {
	if v, ok := t.literals.get(pattern); ok && !visit(v) {
		return false
	}
	return t.wildcards == 0 || HasEmptyToken(pattern) || t.root.match(pattern, true, visit)
}

// Intersecting visits the values of all subjects that intersect pattern, a valid
// subscription, in the sense of [Intersects]. When pattern has wildcards it looks
// at every literal subject of the tree.
func (t *Tree[V]) Intersecting(pattern string, visit func(V) bool) bool {
	if !HasWildcard(pattern) {
		return t.Covering(pattern, visit)
	}
	for literal, v := range t.literals.m {
		if Matches(pattern, literal) && !visit(v) {
			return false
		}
	}
	return t.IntersectingWildcards(pattern, visit)
}

// IntersectingWildcards is Intersecting without the literal subjects.
func (t *Tree[V]) IntersectingWildcards(pattern string, visit func(V) bool) bool {
	return t.root.intersecting(pattern, visit)
}

// Literals goes through the literal subjects. Unlike every other question it
// lets the loop's body give up a lock and take it again: subjects that writers
// set or delete meanwhile may or may not be seen, all others are seen once.
func (t *Tree[V]) Literals() iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for literal, v := range t.literals.m {
			if !yield(literal, v) {
				return
			}
		}
	}
}
