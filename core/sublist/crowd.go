package sublist

import "slices"

// maxScan is up to how many elements of a slice a search goes through them;
// beyond, it uses an index.
const maxScan = 32

// crowd is the entries of one subject when there are several.
type crowd[E Entry] struct {
	plain  bag[E]
	groups []*group[E]
	index  map[string]*group[E] // by name, once there are more than maxScan
}

// group is the entries of one queue group on one subject.
type group[E Entry] struct {
	queue   string
	at      int // where in the crowd's groups
	members bag[E]
	weighty int // members that weigh more than 1
}

func (c *crowd[E]) group(queue string) *group[E] {
	if c.index != nil {
		return c.index[queue]
	}
	for _, g := range c.groups {
		if g.queue == queue {
			return g
		}
	}
	return nil
}

func (c *crowd[E]) found(queue string) *group[E] {
	g := &group[E]{queue: queue, at: len(c.groups)}
	c.groups = append(c.groups, g)
	switch {
	case c.index != nil:
		c.index[queue] = g
	case len(c.groups) > maxScan:
		c.index = make(map[string]*group[E], 2*maxScan)
		for _, g := range c.groups {
			c.index[g.queue] = g
		}
	}
	return g
}

func (c *crowd[E]) disband(g *group[E]) {
	last := len(c.groups) - 1
	c.groups[g.at] = c.groups[last]
	c.groups[g.at].at = g.at
	c.groups[last] = nil
	c.groups = shrink(c.groups[:last])
	if c.index != nil {
		delete(c.index, g.queue)
	}
	if len(c.groups) <= maxScan/2 {
		c.index = nil
	}
}

// add takes e in and reports whether it is the first of its queue.
func (c *crowd[E]) add(e E) (first, ok bool) {
	queue := e.Queue()
	if queue == "" {
		ok = c.plain.add(e)
		return ok && len(c.plain.members) == 1, ok
	}
	g := c.group(queue)
	if g == nil {
		g = c.found(queue)
	}
	if !g.members.add(e) {
		return false, false
	}
	if weight(e) > 1 {
		g.weighty++
	}
	return len(g.members.members) == 1, true
}

// remove lets e go and reports whether it was the last of its queue.
func (c *crowd[E]) remove(e E) (last, ok bool) {
	queue := e.Queue()
	if queue == "" {
		ok = c.plain.remove(e)
		return ok && len(c.plain.members) == 0, ok
	}
	g := c.group(queue)
	if g == nil || !g.members.remove(e) {
		return false, false
	}
	if weight(e) > 1 {
		g.weighty--
	}
	if len(g.members.members) > 0 {
		return false, true
	}
	c.disband(g)
	return true, true
}

// single returns the only entry if there is no other.
func (c *crowd[E]) single() (e E, ok bool) {
	switch {
	case len(c.groups) == 0 && len(c.plain.members) == 1:
		return c.plain.members[0], true
	case len(c.groups) == 1 && len(c.plain.members) == 0 && len(c.groups[0].members.members) == 1:
		return c.groups[0].members.members[0], true
	}
	return e, false
}

func (c *crowd[E]) collect(r *Result[E]) {
	r.Plain = append(r.Plain, c.plain.members...)
	for _, g := range c.groups {
		to := r.group(g.queue)
		if g.weighty == 0 {
			to.Members = append(to.Members, g.members.members...)
			continue
		}
		for _, e := range g.members.members {
			to.Members = appendWeighted(to.Members, e)
		}
	}
}

// bag is a set of entries that is quick to copy. Its order means nothing.
type bag[E Entry] struct {
	members []E
	index   map[E]int // where each member is, once there are more than maxScan
}

func (b *bag[E]) find(e E) int {
	if b.index == nil {
		return slices.Index(b.members, e)
	}
	if at, ok := b.index[e]; ok {
		return at
	}
	return -1
}

func (b *bag[E]) add(e E) bool {
	if b.find(e) >= 0 {
		return false
	}
	b.members = append(b.members, e)
	switch {
	case b.index != nil:
		b.index[e] = len(b.members) - 1
	case len(b.members) > maxScan:
		b.index = make(map[E]int, 2*maxScan)
		for at, e := range b.members {
			b.index[e] = at
		}
	}
	return true
}

func (b *bag[E]) remove(e E) bool {
	at := b.find(e)
	if at < 0 {
		return false
	}
	var none E
	last := len(b.members) - 1
	moved := b.members[last]
	b.members[at], b.members[last] = moved, none
	b.members = shrink(b.members[:last])
	if b.index != nil {
		b.index[moved] = at
		delete(b.index, e)
	}
	if len(b.members) <= maxScan/2 {
		b.index = nil
	}
	return true
}

// shrink gives memory back when three quarters of it are unused.
func shrink[T any](s []T) []T {
	if cap(s) > maxScan && len(s) <= cap(s)/4 {
		return slices.Clone(s)
	}
	return s
}
