package subject

// match visits what lies below n and covers subject: literal text, or, with
// wildcards set, a subscription whose lone "*" and ">" are wildcards.
//
// A place in the tree is reached by one row of tokens only, so no place is
// visited twice: the work is bounded by the wildcard places that the tree really
// has, however the subjects in it were chosen.
func (n *node[V]) match(subject string, wildcards bool, visit func(V) bool) bool {
	if n.tail != nil && !visit(*n.tail) {
		return false
	}
	token, rest, more := cut(subject)
	if wildcards && token == ">" {
		return true
	}
	if child := n.child(token); child != nil && !child.matchAt(rest, more, wildcards, visit) {
		return false
	}
	return n.star == nil || n.star.matchAt(rest, more, wildcards, visit)
}

// matchAt goes on at n, which the token before rest led to.
func (n *node[V]) matchAt(rest string, more, wildcards bool, visit func(V) bool) bool {
	if more {
		return n.match(rest, wildcards, visit)
	}
	return n.end == nil || visit(*n.end)
}

// intersecting visits what lies below n and has a subject in common with
// pattern.
func (n *node[V]) intersecting(pattern string, visit func(V) bool) bool {
	token, rest, more := cut(pattern)
	if token == ">" {
		return n.below(visit)
	}
	if n.tail != nil && !visit(*n.tail) {
		return false
	}
	if token == "*" {
		return n.eachChild(func(child *node[V]) bool {
			return child.intersectingAt(rest, more, visit)
		})
	}
	if child := n.child(token); child != nil && !child.intersectingAt(rest, more, visit) {
		return false
	}
	return n.star == nil || n.star.intersectingAt(rest, more, visit)
}

// intersectingAt goes on at n, which the token before rest led to.
func (n *node[V]) intersectingAt(rest string, more bool, visit func(V) bool) bool {
	if more {
		return n.intersecting(rest, visit)
	}
	return n.end == nil || visit(*n.end)
}

// below visits everything that continues n by at least one token.
func (n *node[V]) below(visit func(V) bool) bool {
	if n.tail != nil && !visit(*n.tail) {
		return false
	}
	return n.eachChild(func(child *node[V]) bool {
		return (child.end == nil || visit(*child.end)) && child.below(visit)
	})
}

// eachChild calls fn with the places one token further on, until it returns
// false.
func (n *node[V]) eachChild(fn func(*node[V]) bool) bool {
	for i := range n.few {
		if !fn(n.few[i].to) {
			return false
		}
	}
	if n.many != nil {
		for _, child := range n.many.m {
			if !fn(child) {
				return false
			}
		}
	}
	return n.star == nil || fn(n.star)
}
