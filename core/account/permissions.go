package account

import (
	"slices"
	"strings"

	"github.com/trellismq/trellis/core/subject"
	"github.com/trellismq/trellis/sdk/auth"
)

// Permissions is what a connection may publish and subscribe, made ready to be
// asked per message. A nil *Permissions permits everything. It never changes and
// is safe for concurrent use; no question allocates.
type Permissions struct {
	publish   sides
	subscribe sides
	responses *auth.Responses
}

// sides is the two lists of one direction. No allow list allows everything, an
// empty one nothing; no deny list denies nothing.
type sides struct {
	allow, deny *rules
}

// rules is a list of entries by subject.
type rules = subject.Tree[rule]

// rule is what the entries for one subject say.
type rule struct {
	plain  bool     // there is an entry without a queue
	queues []string // queue patterns of the entries with one
}

// Compile makes permissions ready. nil stays nil. The error is an
// *[auth.SubjectError].
func Compile(p *auth.Permissions) (*Permissions, error) {
	if p == nil {
		return nil, nil
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	c := &Permissions{
		publish:   compileSides(p.Publish),
		subscribe: compileSides(p.Subscribe),
	}
	if p.Responses != nil {
		r := withDefaults(*p.Responses)
		c.responses = &r
		if c.publish.allow == nil {
			// Being allowed to answer takes the place of being allowed anything.
			c.publish.allow = new(rules)
		}
	}
	return c, nil
}

func compileSides(s auth.Subjects) sides {
	var c sides
	if s.Allow != nil {
		c.allow = compileRules(s.Allow)
	}
	if len(s.Deny) > 0 {
		c.deny = compileRules(s.Deny)
	}
	return c
}

func compileRules(entries []string) *rules {
	c := new(rules)
	for _, entry := range entries {
		parts := strings.Fields(entry)
		r, _ := c.Get(parts[0])
		if len(parts) == 1 {
			r.plain = true
		} else {
			r.queues = append(r.queues, parts[1])
		}
		c.Set(parts[0], r)
	}
	return c
}

// names reports whether an entry with a queue is for this one.
func (r rule) names(queue string) bool {
	return queue != "" && slices.ContainsFunc(r.queues, func(pattern string) bool {
		return subject.QueueMatches(pattern, queue)
	})
}

// holds reports whether the rule, as a deny rule, is for a subscription in queue,
// empty for a plain one.
func (r rule) holds(queue string) bool {
	return r.plain || r.names(queue)
}

// CanPublish reports whether a message may be published to name, by the lists
// alone: a reply that [Replies] knows may be published all the same. name is
// literal text. With an allow list, a name with an empty token is not allowed.
func (p *Permissions) CanPublish(name []byte) bool {
	if p == nil {
		return true
	}
	literal := subject.View(name)
	found := func(rule) bool { return false } // stops at the first
	if p.publish.allow != nil && p.publish.allow.Match(literal, found) {
		return false
	}
	return p.publish.deny == nil || p.publish.deny.Match(literal, found)
}

// CanSubscribe reports whether name may be subscribed to in queue, empty for a
// plain subscription. An entry of either list concerns the subscription when it
// covers every subject of it; so a subscription that is wider than an allowed
// subject is refused, one that is wider than a denied subject is not (see
// NeedsDeliveryFilter). Where entries with a queue allow the subject, a queue
// subscription has to be one of theirs.
func (p *Permissions) CanSubscribe(name, queue string) bool {
	if p == nil {
		return true
	}
	return p.subscribe.allows(name, queue) && !p.subscribe.denies(name, queue)
}

func (s *sides) allows(name, queue string) bool {
	if s.allow == nil {
		return true
	}
	var plain, qualified, named bool
	s.allow.Covering(name, func(r rule) bool {
		plain = plain || r.plain
		if queue != "" && len(r.queues) > 0 {
			qualified = true
			named = named || r.names(queue)
		}
		return !named
	})
	if qualified {
		return named
	}
	return plain
}

func (s *sides) denies(name, queue string) bool {
	return s.deny != nil && !s.deny.Covering(name, func(r rule) bool { return !r.holds(queue) })
}

// NeedsDeliveryFilter reports whether a subscription that CanSubscribe allows
// may match subjects that are denied, so that DeliveryDenied has to be asked for
// each message.
func (p *Permissions) NeedsDeliveryFilter(name, queue string) bool {
	if p == nil || p.subscribe.deny == nil {
		return false
	}
	return !p.subscribe.deny.Intersecting(name, func(r rule) bool { return !r.holds(queue) })
}

// DeliveryDenied reports whether a message on name must not reach a subscription
// in queue, empty for a plain one.
func (p *Permissions) DeliveryDenied(name []byte, queue string) bool {
	if p == nil || p.subscribe.deny == nil {
		return false
	}
	return !p.subscribe.deny.Match(subject.View(name), func(r rule) bool { return !r.holds(queue) })
}

// Responses returns how many answers to each request may be published beside
// what CanPublish says, and for how long; nil for none. No value in it is 0.
func (p *Permissions) Responses() *auth.Responses {
	if p == nil {
		return nil
	}
	return p.responses
}

// withDefaults puts the defaults in place of zeros.
func withDefaults(r auth.Responses) auth.Responses {
	if r.Max == 0 {
		r.Max = auth.DefaultMaxResponses
	}
	if r.Expires == 0 {
		r.Expires = auth.DefaultResponseExpires
	}
	return r
}
