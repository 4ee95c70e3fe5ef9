package sublist

// Result is who receives a message. Its owner hands it to one question after
// another, which fill the same memory anew; it is not safe for concurrent use.
type Result[E Entry] struct {
	// Plain subscriptions receive a copy each.
	Plain []E
	// Queues are the groups, each name once. One member of each receives the
	// message.
	Queues []Group[E]

	// index finds a group by name once there are more than maxScan.
	index map[string]int
}

// Group is the members of one queue group, whichever subjects they subscribed
// to. A member of weight w is in it w times.
type Group[E Entry] struct {
	Queue   string
	Members []E
}

// Empty reports whether the result holds nobody.
func (r *Result[E]) Empty() bool { return len(r.Plain) == 0 && len(r.Queues) == 0 }

// Reset empties r and lets go of its entries, keeping the memory.
func (r *Result[E]) Reset() {
	clear(r.Plain)
	r.Plain = r.Plain[:0]
	for i := range r.Queues {
		g := &r.Queues[i]
		clear(g.Members)
		g.Queue, g.Members = "", g.Members[:0]
	}
	r.Queues = r.Queues[:0]
	r.index = nil
}

// group returns the group of this name, a new one if need be.
func (r *Result[E]) group(queue string) *Group[E] {
	if r.index != nil {
		if i, ok := r.index[queue]; ok {
			return &r.Queues[i]
		}
	} else {
		for i := range r.Queues {
			if r.Queues[i].Queue == queue {
				return &r.Queues[i]
			}
		}
	}
	n := len(r.Queues)
	if n < cap(r.Queues) {
		r.Queues = r.Queues[:n+1] // with the members' memory of an earlier result
	} else {
		r.Queues = append(r.Queues, Group[E]{})
	}
	r.Queues[n].Queue = queue
	switch {
	case r.index != nil:
		r.index[queue] = n
	case n == maxScan:
		r.index = make(map[string]int, 2*maxScan)
		for i := range r.Queues {
			r.index[r.Queues[i].Queue] = i
		}
	}
	return &r.Queues[n]
}
