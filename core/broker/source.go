package broker

import (
	"math/rand/v2"
	"runtime"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/sublist"
)

const (
	// stagedMost is how much is staged for one target before it is sent: more
	// would leave the processor's cache.
	stagedMost = 64 << 10
	// batchMost is the same for all targets of a batch together.
	batchMost = 1 << 20
	// shareMost is the size of output that may wait for that of other sources.
	shareMost = 2 << 10
	// referenceFrom is the payload size from which a single copy of a payload is
	// sent from where it was read, without a copy of ours.
	referenceFrom = 4 << 10
)

// Source is where messages come from: it turns the publishes of one connection
// (or of one service) into output for targets. Everything in it belongs to the
// goroutine that serves it; nothing is shared, and nothing is allocated per
// message.
//
// A batch is what one read brought. Output is staged per target while the batch
// is worked through and sent, once per target, when it ends.
type Source struct {
	broker      *Broker
	kind        Kind
	origin      uint64
	space       *space
	permissions *account.Permissions
	policy      uint64 // changes with space, permissions, echo or hooks

	own  *Target // the target of the same connection, if there is one
	self staged  // output for own
	echo bool    // whether own gets what own publishes

	cache   planCache
	match   sublist.Result[*Subscription]
	staging map[*Target]*staged
	sweepAt int // size of staging at which it is looked through
	touched []*staged
	left    []receipt // for output that was left in its target's queue
	counted []*destination
	total   int // bytes staged in this batch
	run     run
	stall   stall
	stalls  bool // whether this source may be held back
	random  rand.PCG
	message Message // the one being delivered, for framers

	// What this batch brought in and sent out, not yet in the statistics.
	in, out traffic
}

// init prepares a source of a kind. It gets its account by bind.
func (s *Source) init(b *Broker, kind Kind, own *Target) {
	s.broker, s.kind, s.own, s.echo = b, kind, own, true
	s.self.target = own
	s.cache.budget = &b.cache
	s.stall.time = &b.time
	s.stalls = kind == KindClient
	s.random.Seed(rand.Uint64(), rand.Uint64())
}

// bind moves the source to an account with permissions; nil permits everything.
func (s *Source) bind(sp *space, permissions *account.Permissions) {
	s.space, s.permissions = sp, permissions
	s.policy++
}

// publisher is what the rules of reserved names want to know of the source.
func (s *Source) publisher() account.Publisher {
	return account.Publisher{Client: s.kind == KindClient, System: s.broker.isSystem(s.space)}
}

// plan returns what to do with messages on subject.
func (s *Source) plan(subject []byte) *plan {
	p := s.cache.find(subject)
	if p != nil && p.policy == s.policy && p.stamp.Fresh() {
		return p
	}
	return s.replan(p, subject)
}

func (s *Source) replan(p *plan, subject []byte) *plan {
	s.endRun()
	before, cached := 0, true
	if p == nil {
		p, cached = s.cache.place(subject)
	} else {
		before = p.size
	}
	p.fill(s, subject)
	if cached {
		s.cache.keep(p, before)
	}
	return p
}

// deliver carries out p for m and reports whether anybody accepted it.
func (s *Source) deliver(p *plan, m *Message) bool {
	switch p.shape {
	case shapeNobody:
		return false
	case shapeOne:
		s.endRun()
		s.stage(&p.plain[0], m)
	case shapeQueue:
		s.endRun()
		g := &p.queues[0]
		s.stage(&g.members[s.pick(g.first)], m)
	case shapeFan:
		s.addToRun(p, m)
	default:
		s.endRun()
		return s.deliverMixed(p, m)
	}
	return true
}

// deliverMixed delivers to every kind of destination, looking at each.
func (s *Source) deliverMixed(p *plan, m *Message) bool {
	accepted := false
	for i := range p.plain {
		if s.offer(&p.plain[i], m) {
			accepted = true
		}
	}
	for i := range p.queues {
		if s.offerGroup(&p.queues[i], m) {
			accepted = true
		}
	}
	return accepted
}

// offerGroup gives m to one member: a random one of the best rank, else the
// next in turn that accepts, else one of a lesser rank.
func (s *Source) offerGroup(g *queueGroup, m *Message) bool {
	start := s.pick(g.first)
	for i := range g.first {
		if s.offer(&g.members[(start+i)%g.first], m) {
			return true
		}
	}
	for i := g.first; i < len(g.members); i++ {
		if s.offer(&g.members[i], m) {
			return true
		}
	}
	return false
}

// pick draws a number below n.
func (s *Source) pick(n int) int {
	if n == 1 {
		return 0
	}
	return int(s.random.Uint64() >> 33 * uint64(n) >> 31)
}

// offer gives m to d unless something about d speaks against it.
func (s *Source) offer(d *destination, m *Message) bool {
	sub := d.sub
	t := sub.target
	switch {
	case t == s.own && !s.echo, sub.closed.Load():
		return false
	case s.broker.options.NoFastProducerStall && s.stalls && t.out.gated.Load():
		return false
	case t.client != nil && !t.client.receives(sub, m.Subject):
		return false
	}
	last := false
	if limit := sub.limit.Load(); limit > 0 {
		n := sub.delivered.Add(1)
		if n > limit {
			return false
		}
		last = n == limit
		d.count-- // stage counts it
	}
	if t.client != nil {
		t.client.note(d, m)
	}
	s.stage(d, m)
	if last {
		s.broker.expire(sub)
	}
	return true
}

// settle hands the counts of the batch so far to the subscriptions.
func (s *Source) settle() {
	s.endRun()
	for _, d := range s.counted {
		d.settle()
	}
	clear(s.counted)
	s.counted = s.counted[:0]
}

// endBatch sends what is staged. After it nothing refers to the bytes of the
// batch any more.
func (s *Source) endBatch() {
	s.settle()
	s.flushAll()
	s.total = 0
	s.stall.spent = 0
	if s.in.msgs > 0 {
		s.space.account.AddReceived(s.in.msgs, s.in.bytes)
		s.in = traffic{}
	}
	if s.out.msgs > 0 {
		s.space.account.AddSent(s.out.msgs, s.out.bytes)
		s.out = traffic{}
	}
	if len(s.staging) > s.sweepAt {
		s.sweep()
	}
}

// flushAll sends everything staged. A write is most of what a small message
// costs, so small output for a target that others are sending to as well is left
// in its queue first, the others run, and one write takes it all.
func (s *Source) flushAll() {
	for _, st := range s.touched {
		if st.size > 0 && st.size <= shareMost && len(st.refs) == 0 && st.shared() {
			s.leave(st)
		}
		s.flush(st)
		st.release()
	}
	s.touched = s.touched[:0]
	if len(s.left) == 0 {
		return
	}
	runtime.Gosched()
	for _, r := range s.left {
		r.push()
	}
	clear(s.left)
	s.left = s.left[:0]
}

// sweep forgets targets that are gone.
func (s *Source) sweep() {
	for t := range s.staging {
		if t.gone.Load() {
			delete(s.staging, t)
		}
	}
	s.sweepAt = 2*len(s.staging) + 64
}

// close gives back what the source holds.
func (s *Source) close() {
	s.endBatch()
	s.cache.clear()
	s.staging = nil
}
