package subject

import "strings"

// node is a place in the tree of wildcard subjects: what follows one row of
// tokens. Wildcards have fields of their own, so a child named "*" cannot be.
type node[V any] struct {
	// few holds the literal children while there are at most maxFew, many when
	// there are more; one of the two is empty.
	few  []edge[V]
	many *table[*node[V]]

	star *node[V] // what follows "*"
	tail *V       // the subject that ends here with ">"
	end  *V       // the subject that ends here
}

type edge[V any] struct {
	token string
	to    *node[V]
}

// maxFew is up to how many children a scan is as quick as a hash and a good deal
// smaller.
const maxFew = 8

// cut splits off the first token. more is false when it was the only one.
func cut(subject string) (token, rest string, more bool) {
	return strings.Cut(subject, ".")
}

func (n *node[V]) child(token string) *node[V] {
	if n.many != nil {
		child, _ := n.many.get(token)
		return child
	}
	for i := range n.few {
		if n.few[i].token == token {
			return n.few[i].to
		}
	}
	return nil
}

// adopt makes a child for token. It copies the token, lest a short token keep
// the long subject it was first seen in.
func (n *node[V]) adopt(token string) *node[V] {
	token, child := strings.Clone(token), &node[V]{}
	switch {
	case n.many != nil:
		n.many.set(token, child)
	case len(n.few) < maxFew:
		n.few = append(n.few, edge[V]{token, child})
	default:
		n.many = &table[*node[V]]{}
		for _, e := range n.few {
			n.many.set(e.token, e.to)
		}
		n.many.set(token, child)
		n.few = nil
	}
	return child
}

func (n *node[V]) disown(token string) {
	if n.many != nil {
		n.many.delete(token)
		if n.many.len() == 0 {
			n.many = nil
		}
		return
	}
	for i := range n.few {
		if n.few[i].token != token {
			continue
		}
		last := len(n.few) - 1
		n.few[i] = n.few[last]
		n.few[last] = edge[V]{}
		n.few = n.few[:last]
		if last == 0 {
			n.few = nil
		}
		return
	}
}

func (n *node[V]) empty() bool {
	return n.end == nil && n.tail == nil && n.star == nil && n.few == nil && n.many == nil
}

// find returns where the value of pattern is kept, nil when there is none.
func (n *node[V]) find(pattern string) *V {
	for {
		token, rest, more := cut(pattern)
		switch token {
		case ">":
			return n.tail
		case "*":
			n = n.star
		default:
			n = n.child(token)
		}
		if n == nil {
			return nil
		}
		if !more {
			return n.end
		}
		pattern = rest
	}
}

// set keeps v under pattern and reports whether pattern is new.
func (n *node[V]) set(pattern string, v V) bool {
	for {
		token, rest, more := cut(pattern)
		if token == ">" {
			return put(&n.tail, v)
		}
		next := n.star
		if token != "*" {
			next = n.child(token)
		}
		if next == nil && token == "*" {
			n.star = &node[V]{}
			next = n.star
		} else if next == nil {
			next = n.adopt(token)
		}
		if !more {
			return put(&next.end, v)
		}
		n, pattern = next, rest
	}
}

// put stores v at where and reports whether the place was free.
func put[V any](where **V, v V) bool {
	if *where != nil {
		**where = v
		return false
	}
	*where = &v
	return true
}

// delete forgets pattern and every node that led to nothing else.
func (n *node[V]) delete(pattern string) bool {
	token, rest, more := cut(pattern)
	if token == ">" {
		deleted := n.tail != nil
		n.tail = nil
		return deleted
	}
	next := n.star
	if token != "*" {
		next = n.child(token)
	}
	if next == nil {
		return false
	}
	var deleted bool
	if more {
		deleted = next.delete(rest)
	} else {
		deleted = next.end != nil
		next.end = nil
	}
	switch {
	case !deleted || !next.empty():
	case token == "*":
		n.star = nil
	default:
		n.disown(token)
	}
	return deleted
}
