package sublist

import (
	"sync"
	"sync/atomic"

	"github.com/trellismq/trellis/core/subject"
)

// batch is how many entries RemoveBatch takes out under one acquisition of the
// locks: some tens of microseconds' worth.
const batch = 256

// pause is after how many literal subjects ReverseMatch lets others pass.
const pause = 1024

// List is the interest of one account. All methods are safe for concurrent use.
type List[E Entry] struct {
	clock clock

	// order is held by whoever changes the list until observers were told. It is
	// taken before lock.
	order     sync.Mutex
	changes   uint64         // guarded by order
	observers []*observer[E] // guarded by order

	lock sync.RWMutex
	tree subject.Tree[slot[E]] // guarded by lock

	count            atomic.Int64
	inserts, removes atomic.Uint64
	matches          atomic.Uint64
}

type observer[E Entry] struct {
	tell func(Change[E])
}

// New returns an empty list whose stamps are held against g.
func New[E Entry](g *Generations) *List[E] {
	l := new(List[E])
	l.clock.init(g)
	return l
}

// Insert adds an entry. When it returns, every later Match finds the entry and
// every stamp that it concerns is stale. The error is [ErrInvalidSubject] or
// [ErrDuplicate].
func (l *List[E]) Insert(e E) error {
	name := e.Subject()
	if !subject.ValidSubscription(name) {
		return ErrInvalidSubject
	}
	l.order.Lock()
	defer l.order.Unlock()

	l.lock.Lock()
	first, ok := l.put(name, e)
	l.lock.Unlock()
	if !ok {
		return ErrDuplicate
	}
	l.changed(Change[E]{Entry: e, Edge: first})
	return nil
}

// put adds e to the tree. Both locks are held.
func (l *List[E]) put(name string, e E) (first, ok bool) {
	before, _ := l.tree.Get(name)
	after, first, ok := before.add(e)
	if !ok {
		return false, false
	}
	if after != before {
		l.tree.Set(name, after)
	}
	l.count.Add(1)
	l.inserts.Add(1)
	return first, true
}

// Remove takes an entry out. When it returns, no later Match finds it and every
// stamp that it concerns is stale. The error is [ErrNotFound].
func (l *List[E]) Remove(e E) error {
	l.order.Lock()
	defer l.order.Unlock()

	l.lock.Lock()
	last, ok := l.take(e)
	l.lock.Unlock()
	if !ok {
		return ErrNotFound
	}
	l.changed(Change[E]{Entry: e, Removed: true, Edge: last})
	return nil
}

// RemoveBatch takes out the entries of a closing connection; those that are not
// in the list are passed over. It lets others in between a few hundred of them,
// so however many there are, nobody waits long.
func (l *List[E]) RemoveBatch(es []E) {
	for len(es) > 0 {
		n := min(len(es), batch)
		l.removeSome(es[:n])
		es = es[n:]
	}
}

func (l *List[E]) removeSome(es []E) {
	var gone, last [batch]bool
	l.order.Lock()
	defer l.order.Unlock()

	l.lock.Lock()
	for i, e := range es {
		last[i], gone[i] = l.take(e)
	}
	l.lock.Unlock()
	for i, e := range es {
		if gone[i] {
			l.changed(Change[E]{Entry: e, Removed: true, Edge: last[i]})
		}
	}
}

// take removes e from the tree. Both locks are held.
func (l *List[E]) take(e E) (last, ok bool) {
	name := e.Subject()
	before, found := l.tree.Get(name)
	if !found {
		return false, false
	}
	after, last, ok := before.remove(e)
	if !ok {
		return false, false
	}
	switch {
	case after.empty():
		l.tree.Delete(name)
	case after != before:
		l.tree.Set(name, after)
	}
	l.count.Add(-1)
	l.removes.Add(1)
	return last, true
}

// changed makes stamps stale and tells the observers, after the tree has
// changed. The order lock is held.
func (l *List[E]) changed(c Change[E]) {
	l.clock.tick(c.Entry.Subject())
	l.changes++
	c.Generation = l.changes
	for _, o := range l.observers {
		o.tell(c)
	}
}

// Observe calls tell with every change from now on, one at a time and in order,
// before the Insert or Remove that made it returns. tell must not block and must
// not change the list or its observers; it may ask. cancel ends it: once cancel
// has returned, tell is not called again.
//
// Whoever needs what is in the list already observes first and then asks
// ReverseMatch for ">"; an entry inserted in between is seen both ways.
func (l *List[E]) Observe(tell func(Change[E])) (cancel func()) {
	o := &observer[E]{tell}
	l.order.Lock()
	defer l.order.Unlock()
	l.observers = append(l.observers, o)
	return func() {
		l.order.Lock()
		defer l.order.Unlock()
		for i := range l.observers {
			if l.observers[i] == o {
				l.observers = append(l.observers[:i:i], l.observers[i+1:]...)
				return
			}
		}
	}
}

// Match puts everyone whose subject matches a published one into r. "*" and ">"
// in name are literal text; a name with an empty token matches nobody.
func (l *List[E]) Match(name string, r *Result[E]) {
	r.Reset()
	l.matches.Add(1)
	l.lock.RLock()
	defer l.lock.RUnlock()
	l.tree.Match(name, func(s slot[E]) bool {
		s.collect(r)
		return true
	})
}

// HasInterest reports whether Match would find anyone.
func (l *List[E]) HasInterest(name string) bool {
	l.lock.RLock()
	defer l.lock.RUnlock()
	return !l.tree.Match(name, func(slot[E]) bool { return false })
}

// ReverseMatch puts every entry into r whose subject has a subject in common
// with pattern, a subscription with or without wildcards; ">" finds them all. It
// looks at every literal subject of the list, and lets changes pass meanwhile:
// an entry that came or went during the call may or may not be found.
func (l *List[E]) ReverseMatch(pattern string, r *Result[E]) {
	r.Reset()
	if !subject.ValidSubscription(pattern) {
		return
	}
	collect := func(s slot[E]) bool {
		s.collect(r)
		return true
	}
	l.lock.RLock()
	defer l.lock.RUnlock()
	if !subject.HasWildcard(pattern) {
		l.tree.Covering(pattern, collect)
		return
	}
	l.tree.IntersectingWildcards(pattern, collect)
	seen := 0
	for literal, s := range l.tree.Literals() {
		if subject.Matches(pattern, literal) {
			s.collect(r)
		}
		if seen++; seen%pause == 0 {
			l.lock.RUnlock()
			l.lock.RLock()
		}
	}
}

// Count returns how many entries the list holds. It takes no lock.
func (l *List[E]) Count() int { return int(l.count.Load()) }

// Stats returns figures for monitoring.
func (l *List[E]) Stats() Stats {
	s := Stats{
		Entries: l.Count(),
		Inserts: l.inserts.Load(),
		Removes: l.removes.Load(),
		Matches: l.matches.Load(),
	}
	l.lock.RLock()
	defer l.lock.RUnlock()
	s.Subjects, s.Wildcards = l.tree.Len(), l.tree.Wildcards()
	return s
}
