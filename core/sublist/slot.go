package sublist

// slot is who wants one subject. Most subjects have a single entry, which lies
// in the slot itself; more of them share a crowd. The zero slot holds nobody.
type slot[E Entry] struct {
	one   E
	crowd *crowd[E]
}

// add returns the slot with e in it, and whether e is the first of its queue
// (or the first plain entry). ok is false when e was there before.
func (s slot[E]) add(e E) (with slot[E], first, ok bool) {
	var none E
	switch {
	case s.crowd != nil:
		first, ok = s.crowd.add(e)
		return s, first, ok
	case s.one == none:
		return slot[E]{one: e}, true, true
	case s.one == e:
		return s, false, false
	}
	c := new(crowd[E])
	c.add(s.one)
	first, ok = c.add(e)
	return slot[E]{crowd: c}, first, ok
}

// remove returns the slot without e, and whether e was the last of its queue.
// ok is false when e was not there.
func (s slot[E]) remove(e E) (without slot[E], last, ok bool) {
	switch {
	case s.crowd == nil && s.one != e:
		return s, false, false
	case s.crowd == nil:
		return slot[E]{}, true, true
	}
	last, ok = s.crowd.remove(e)
	if one, single := s.crowd.single(); single {
		return slot[E]{one: one}, last, ok
	}
	return s, last, ok
}

// empty reports whether the slot holds nobody. A crowd has two entries or more.
func (s slot[E]) empty() bool {
	var none E
	return s.crowd == nil && s.one == none
}

// collect adds the slot's entries to r.
func (s slot[E]) collect(r *Result[E]) {
	if s.crowd != nil {
		s.crowd.collect(r)
		return
	}
	if queue := s.one.Queue(); queue != "" {
		g := r.group(queue)
		g.Members = appendWeighted(g.Members, s.one)
		return
	}
	r.Plain = append(r.Plain, s.one)
}

// appendWeighted appends e as many times as it weighs.
func appendWeighted[E Entry](members []E, e E) []E {
	for range weight(e) {
		members = append(members, e)
	}
	return members
}

// weight returns what e counts for in its queue group.
func weight[E Entry](e E) int {
	return min(max(e.Weight(), 1), MaxWeight)
}
