package broker

import (
	"hash/maphash"
	"sync/atomic"
)

// cacheBudget is the memory all sources' plans may take together.
type cacheBudget struct {
	limit int64
	used  atomic.Int64
}

// take reserves n bytes, or answers false.
func (b *cacheBudget) take(n int) bool {
	if b.used.Add(int64(n)) <= b.limit {
		return true
	}
	b.used.Add(-int64(n))
	return false
}

func (b *cacheBudget) give(n int) { b.used.Add(-int64(n)) }

const (
	// cacheStart is how many plans a source keeps without having to show that it
	// uses them again.
	cacheStart = 64
	// cacheMost bounds one source, whatever the budget.
	cacheMost = 32 << 10
)

// planCache is one source's plans by subject. It belongs to the goroutine that
// serves the source. Beyond its first few plans it takes one only when the
// subject has been missed before: the reply subjects of requests, each used
// once, would else fill it.
type planCache struct {
	budget *cacheBudget
	plans  map[string]*plan
	last   *plan // the one found last, while it is in plans
	size   int   // bytes reserved
	seen   doorkeeper
	once   plan // for subjects that are not worth a place
}

// find returns the plan for subject, which may be stale, or nil.
func (c *planCache) find(subject []byte) *plan {
	if c.last != nil && string(c.last.subject) == string(subject) {
		return c.last
	}
	p := c.plans[string(subject)]
	c.last = p
	return p
}

// place returns the plan to fill for a subject that was not found, in the cache
// if it earns a place there. The result is valid until the next call.
func (c *planCache) place(subject []byte) (p *plan, cached bool) {
	if len(c.plans) >= cacheStart && !c.seen.again(subject) {
		return &c.once, false
	}
	return &plan{}, true
}

// keep puts a filled plan into the cache, or a refilled one of another size.
func (c *planCache) keep(p *plan, before int) {
	c.size -= before
	c.budget.give(before)
	if !c.budget.take(p.size) {
		if before > 0 {
			delete(c.plans, string(p.subject))
			c.last = nil
		}
		c.forget(1 + len(c.plans)/4)
		return
	}
	c.size += p.size
	if before > 0 {
		return
	}
	if c.plans == nil {
		c.plans = make(map[string]*plan)
	}
	if len(c.plans) >= cacheMost {
		c.forget(1 + len(c.plans)/4)
	}
	c.plans[string(p.subject)] = p
}

// forget drops n plans, no matter which.
func (c *planCache) forget(n int) {
	c.last = nil
	for key, p := range c.plans {
		if n--; n < 0 {
			return
		}
		delete(c.plans, key)
		c.size -= p.size
		c.budget.give(p.size)
	}
}

// clear drops everything and gives its memory back.
func (c *planCache) clear() {
	c.budget.give(c.size)
	*c = planCache{budget: c.budget}
}

// doorkeeper remembers which subjects were missed lately, with a few false
// memories.
type doorkeeper struct {
	bits  []uint64
	count int
}

const doorkeeperBits = 1 << 17

var doorkeeperSeed = maphash.MakeSeed()

// again notes subject and reports whether it had been noted before.
func (d *doorkeeper) again(subject []byte) bool {
	if d.bits == nil {
		d.bits = make([]uint64, doorkeeperBits/64)
	}
	h := maphash.Bytes(doorkeeperSeed, subject) % doorkeeperBits
	word, bit := &d.bits[h/64], uint64(1)<<(h%64)
	if *word&bit != 0 {
		return true
	}
	*word |= bit
	if d.count++; d.count > doorkeeperBits/4 {
		clear(d.bits)
		d.count = 0
	}
	return false
}
