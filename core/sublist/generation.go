package sublist

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/trellismq/trellis/core/subject"
)

// buckets is a power of two: large enough that a change of one literal subject
// leaves nearly every cached answer alone, small enough to stay in a core's
// cache.
const buckets = 4096

// Generations counts the changes of literal subjects, in buckets by account and
// subject. A broker has one for all its lists. It is safe for concurrent use.
type Generations struct {
	literal [buckets]atomic.Uint64
}

// NewGenerations returns a table for the lists of one broker.
func NewGenerations() *Generations { return new(Generations) }

// clock is what one list's cached answers are held against.
type clock struct {
	shared *Generations
	seed   maphash.Seed // the list's salt: the same subject of two accounts seldom meets
	// wildcard has a cache line of its own: every delivery reads it.
	_        [64]byte
	wildcard atomic.Uint64
	_        [56]byte
}

func (c *clock) init(g *Generations) {
	c.shared, c.seed = g, maphash.MakeSeed()
}

func (c *clock) bucket(name string) *atomic.Uint64 {
	return &c.shared.literal[maphash.String(c.seed, name)%buckets]
}

// tick makes the stamps stale that a change of interest in name concerns.
func (c *clock) tick(name string) {
	if subject.HasWildcard(name) {
		c.wildcard.Add(1)
		return
	}
	c.bucket(name).Add(1)
}

// Stamp says which state of a list an answer about one subject belongs to. Only
// stamps from [List.Stamp] may be asked whether they are fresh.
type Stamp struct {
	literal, wildcard         *atomic.Uint64
	literalSeen, wildcardSeen uint64
}

// Fresh reports whether nothing that matters to the stamp's subject has changed
// since the stamp was taken. It may be false for another's sake, never true
// wrongly. Any goroutine may ask.
func (s *Stamp) Fresh() bool {
	return s.literal.Load() == s.literalSeen && s.wildcard.Load() == s.wildcardSeen
}

// Stamp returns a stamp for a published subject. It has to be taken before
// Match is asked, so that a change in between makes the answer stale.
func (l *List[E]) Stamp(name []byte) Stamp {
	literal, wildcard := l.clock.bucket(subject.View(name)), &l.clock.wildcard
	return Stamp{
		literal: literal, literalSeen: literal.Load(),
		wildcard: wildcard, wildcardSeen: wildcard.Load(),
	}
}

// Invalidate makes every stamp of this list stale, for changes that are not of
// interest but of what follows from it, such as permissions or mappings.
func (l *List[E]) Invalidate() {
	l.clock.wildcard.Add(1)
}

// InvalidateSubject makes the stamps stale that a change of interest in name
// would, for changes of what a subscription needs rather than of interest.
func (l *List[E]) InvalidateSubject(name string) {
	l.clock.tick(name)
}
