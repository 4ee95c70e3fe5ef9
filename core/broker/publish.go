package broker

import (
	"fmt"

	"github.com/trellismq/trellis/core/protocol"
	"github.com/trellismq/trellis/core/subject"
)

// publish takes one PUB or HPUB.
func (c *Client) publish(op *protocol.Op) Status {
	c.active = true
	p := c.source.plan(op.Subject)
	if p.hook != nil || c.hooked.hook != nil {
		if status := c.hookPublish(p, op); status != More || p.hook != nil {
			return status
		}
	}
	m := &c.source.message
	m.Account = c.source.space.name
	m.Subject, m.Reply, m.HeaderSize = p.subject, op.Reply, op.HeaderSize
	m.Payload, m.tail = op.Payload, op.Tail
	c.source.in.msgs++
	c.source.in.bytes += int64(len(op.Payload))
	if c.special {
		c.publishSpecial(p, m)
		return More
	}
	if p.denied || isReservedReply(m.Reply) {
		if !c.admits(p, m) {
			return More
		}
	}
	if !c.source.deliver(p, m) && len(m.Reply) > 0 {
		c.nobody(m)
	}
	return More
}

// publishSpecial is publish for connections that want more than delivery:
// acknowledgements, checks, a trace.
func (c *Client) publishSpecial(p *plan, m *Message) {
	if c.target.traced.Load() {
		c.tracePublish(m)
	}
	if c.options.Pedantic && !subject.ValidPublish(m.Subject) {
		c.tell(string(protocol.AppendErr(nil, errInvalidPubSubject)))
	}
	if (p.denied || isReservedReply(m.Reply)) && !c.admits(p, m) {
		return
	}
	if c.options.Verbose {
		c.tell(protocol.OKLine)
	}
	if !c.source.deliver(p, m) && len(m.Reply) > 0 {
		c.nobody(m)
	}
}

// isReservedReply is a cheap look at whether a reply subject may be one that
// clients must not use; admits decides.
func isReservedReply(reply []byte) bool {
	return len(reply) > 0 && (reply[0] == '_' && len(reply) > 1 && reply[1] != 'I' || reply[0] == '$')
}

// admits decides on a publish that is not plainly allowed, and tells the client
// when it is not (client protocol, publish pipeline steps 6 to 9).
func (c *Client) admits(p *plan, m *Message) bool {
	switch {
	case p.reserved, p.denied && !c.mayRespond(m.Subject):
		c.errorf("Publish Violation - Subject %q", m.Subject)
		c.deny(fmt.Sprintf("Permissions Violation for Publish to %q", m.Subject))
	case !c.source.publisher().MayReply(m.Reply):
		c.errorf("Publish Violation - Reply %q", m.Reply)
		c.deny(fmt.Sprintf("Permissions Violation for Publish with Reply of %q", m.Reply))
	default:
		return true
	}
	return false
}

// deny tells the client that something was not allowed; it stays connected.
func (c *Client) deny(text string) {
	c.tell(string(protocol.AppendErr(nil, text)))
}

// mayRespond reports whether subject is the reply of a message the client got,
// and uses up one response.
func (c *Client) mayRespond(subject []byte) bool {
	r := c.replies.Load()
	return r != nil && r.Use(subject, c.broker.time.Now())
}

// receives reports whether the client may be sent a message on subject for sub:
// a deny rule can overlap a wider subscription.
func (c *Client) receives(sub *Subscription, subject []byte) bool {
	if !sub.filtered.Load() {
		return true
	}
	rules := c.permissions.Load()
	return rules == nil || !rules.DeliveryDenied(subject, sub.queue)
}

// note is told of each message that is sent to a client that wants it looked at.
func (c *Client) note(d *destination, m *Message) {
	if len(m.Reply) > 0 {
		if r := c.replies.Load(); r != nil && !c.permissions.Load().CanPublish(m.Reply) {
			r.Track(m.Reply, c.broker.time.Now())
		}
	}
	if c.target.traced.Load() {
		c.traceDelivery(d, m)
	}
}

// nobody answers a request that reached nobody, if the requester wants to know
// and waits on a plain subscription of its own (client protocol, no responders).
func (c *Client) nobody(m *Message) {
	if !c.options.NoResponders {
		return
	}
	s := &c.source
	s.space.interest.Match(string(m.Reply), &s.match)
	for _, sub := range s.match.Plain {
		if sub.target == s.own {
			s.reply(string(protocol.AppendNoResponders(nil, m.Reply, sub.key, m.Subject)))
			return
		}
	}
}
