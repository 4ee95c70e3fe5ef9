package broker

import (
	"github.com/trellismq/trellis/core/protocol"
	grammar "github.com/trellismq/trellis/core/subject"
	"github.com/trellismq/trellis/core/sublist"
)

// shape says how a plan is carried out.
type shape uint8

const (
	shapeNobody shape = iota
	shapeOne          // one plain destination
	shapeQueue        // one queue group
	shapeFan          // several plain destinations
	shapeMixed        // anything else, and whatever needs a look per message
)

// plan is what a source does with a message on one subject: everything that
// depends on the subject alone, worked out once. It belongs to its source and is
// valid while the interest and the policy it was made from are unchanged.
//
// It never holds what depends on the single message or on counts (replies,
// echo, auto-unsubscribe); flags say that there is something to look at.
type plan struct {
	stamp    sublist.Stamp
	policy   uint64 // the source's policy generation it was made under
	shape    shape
	denied   bool // the source may not publish this subject, unless as a response
	reserved bool // nor as a response
	looked   bool // some destination needs a look at each message
	subject  []byte
	hook     *installed

	plain  []destination
	frames []frame // plain, grouped by what their bytes look like
	queues []queueGroup
	arena  []byte // holds the prefixes
	size   int    // bytes of memory, roughly
}

// destination is a subscription as one source sees it.
type destination struct {
	sub    *Subscription
	staged *staged
	prefix []byte // of MSG and HMSG lines; see protocol.AppendPrefix
	count  int64  // messages in this batch, not yet in sub.delivered
}

// frame is a set of destinations whose copies of a message are equal bytes.
type frame struct {
	like *destination
	to   []*destination
}

// queueGroup is the members of one queue group, those of the best rank first; a
// member of weight w stands there w times.
type queueGroup struct {
	members []destination
	first   int // how many are of the best rank
}

// Rough sizes in memory, for the cache's budget.
const (
	planOverhead    = 320
	destinationSize = 120
)

// fill works out what to do with messages of s on subject. A plan that was
// filled before gives its memory to the new one.
func (p *plan) fill(s *Source, subject []byte) {
	p.settle()
	p.policy, p.stamp = s.policy, s.space.interest.Stamp(subject)
	p.subject = append(p.subject[:0], subject...)
	p.reserved = !s.publisher().MayPublish(subject)
	p.denied = p.reserved || s.permissions != nil && !s.permissions.CanPublish(subject)
	p.hook = s.broker.hookFor(s.space.name, subject)
	p.looked = false
	p.plain, p.queues, p.arena = p.plain[:0], p.queues[:0], p.arena[:0]

	s.space.interest.Match(grammar.View(p.subject), &s.match)
	for _, sub := range s.match.Plain {
		if s.reaches(sub) {
			p.plain = append(p.plain, p.destination(s, sub))
		}
	}
	for i := range s.match.Queues {
		p.addGroup(s, s.match.Queues[i].Members)
	}
	p.frames = p.frames[:0]
	if len(p.plain) > 1 {
		p.groupFrames()
	}
	p.shape = p.shapeOf()
	p.size = planOverhead + len(p.subject) + cap(p.arena) + len(p.plain)*destinationSize
	for i := range p.queues {
		p.size += len(p.queues[i].members) * destinationSize
	}
}

// settle hands the counts of the batch in progress to the subscriptions.
func (p *plan) settle() {
	for i := range p.plain {
		p.plain[i].settle()
	}
	for i := range p.queues {
		for j := range p.queues[i].members {
			p.queues[i].members[j].settle()
		}
	}
}

func (d *destination) settle() {
	if d.count > 0 {
		d.sub.delivered.Add(d.count)
		d.count = 0
	}
}

// reaches reports whether messages of s may go to sub at all.
func (s *Source) reaches(sub *Subscription) bool {
	return reaches[s.kind][sub.target.kind] && (sub.origin == 0 || sub.origin != s.origin)
}

func (p *plan) destination(s *Source, sub *Subscription) destination {
	d := destination{sub: sub, staged: s.stagedFor(sub.target)}
	if sub.target.framer == nil {
		at := len(p.arena)
		p.arena = protocol.AppendPrefix(p.arena, p.subject, sub.key)
		d.prefix = p.arena[at:len(p.arena):len(p.arena)]
	}
	if sub.looked() || sub.target == s.own && !s.echo || s.broker.options.NoFastProducerStall {
		p.looked = true
	}
	return d
}

// addGroup adds a queue group, its members ordered by rank.
func (p *plan) addGroup(s *Source, subs []*Subscription) {
	var g queueGroup
	if n := len(p.queues); n < cap(p.queues) {
		g.members = p.queues[:n+1][n].members[:0]
	}
	for rank := 0; rank <= worstRank; rank++ {
		for _, sub := range subs {
			if s.reaches(sub) && queueRank(s.kind, sub.target.kind) == rank {
				g.members = append(g.members, p.destination(s, sub))
			}
		}
		if g.first == 0 {
			g.first = len(g.members)
		}
	}
	if len(g.members) > 0 {
		p.queues = append(p.queues, g)
	}
}

// groupFrames groups the plain destinations by the bytes they get.
func (p *plan) groupFrames() {
	type likeness struct {
		key     string
		headers bool
		framer  Framer
	}
	at := make(map[likeness]int, len(p.plain))
	for i := range p.plain {
		d := &p.plain[i]
		t := d.sub.target
		l := likeness{key: string(d.sub.key), headers: t.headers.Load(), framer: t.framer}
		j, ok := at[l]
		if !ok {
			j = len(p.frames)
			at[l] = j
			p.frames = append(p.frames, frame{like: d})
		}
		p.frames[j].to = append(p.frames[j].to, d)
	}
}

func (p *plan) shapeOf() shape {
	switch {
	case p.looked:
		return shapeMixed
	case len(p.plain) == 0 && len(p.queues) == 0:
		return shapeNobody
	case len(p.plain) == 1 && len(p.queues) == 0:
		return shapeOne
	case len(p.plain) == 0 && len(p.queues) == 1:
		return shapeQueue
	case len(p.queues) == 0:
		return shapeFan
	default:
		return shapeMixed
	}
}
