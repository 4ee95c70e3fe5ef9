package broker

import (
	"fmt"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/protocol"
	"github.com/trellismq/trellis/core/subject"
)

// subscribe handles SUB (client protocol, SUB processing order).
func (c *Client) subscribe(op *protocol.Op) {
	sub := &Subscription{
		target: &c.target, space: c.source.space, weight: 1,
		subject: string(op.Subject), queue: string(op.Queue), key: append([]byte(nil), op.SID...),
	}
	if !c.maySubscribe(sub) {
		return
	}
	switch c.add(sub) {
	case subscribed, duplicate:
		if c.options.Verbose {
			c.tell(protocol.OKLine)
		}
	case tooMany:
		c.errorf("%s", errSubscriptions)
		c.deny(errSubscriptions)
	case invalid:
		c.deny(errInvalidSubject)
	}
}

// maySubscribe checks permissions and the number of subject tokens.
func (c *Client) maySubscribe(sub *Subscription) bool {
	rules := c.permissions.Load()
	if !account.MayQueue(sub.queue) || rules != nil && !rules.CanSubscribe(sub.subject, sub.queue) {
		c.denySubscription(sub)
		return false
	}
	if most := c.broker.options.MaxSubscriptionTokens; most > 0 && subject.TokenCount(sub.subject) > most {
		c.errorf("Subscription Violation - Subject %q, SID %s: too many tokens", sub.subject, sub.key)
		c.deny(fmt.Sprintf("Permissions Violation for Subscription to %q, too many tokens", sub.subject))
		return false
	}
	sub.filtered.Store(rules != nil && rules.NeedsDeliveryFilter(sub.subject, sub.queue))
	return true
}

func (c *Client) denySubscription(sub *Subscription) {
	if sub.queue == "" {
		c.errorf("Subscription Violation - Subject %q, SID %s", sub.subject, sub.key)
		c.deny(fmt.Sprintf("Permissions Violation for Subscription to %q", sub.subject))
		return
	}
	c.errorf("Subscription Violation - Subject %q, Queue: %q, SID %s", sub.subject, sub.queue, sub.key)
	c.deny(fmt.Sprintf("Permissions Violation for Subscription to %q using queue %q", sub.subject, sub.queue))
}

// subResult is what became of a SUB.
type subResult uint8

const (
	subscribed subResult = iota
	duplicate            // the sid is in use: the first subscription stays
	tooMany
	invalid
	gone // the connection is closed
)

// add makes sub effective. The limit is looked at before the duplicate, so that
// a repeated SUB at the limit fails too.
func (c *Client) add(sub *Subscription) subResult {
	c.source.endRun()
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.mu.closed:
		return gone
	case c.maxSubs >= 0 && int64(len(c.mu.subs)) >= c.maxSubs:
		return tooMany
	case c.mu.subs[string(sub.key)] != nil:
		return duplicate
	}
	if err := sub.space.interest.Insert(sub); err != nil {
		return invalid
	}
	if c.mu.subs == nil {
		c.mu.subs = make(map[string]*Subscription)
	}
	c.mu.subs[string(sub.key)] = sub
	return subscribed
}

// unsubscribe handles UNSUB: at once, or after a number of messages counted
// from the subscription's creation.
func (c *Client) unsubscribe(op *protocol.Op) {
	c.source.settle()
	c.mu.Lock()
	sub := c.mu.subs[string(op.SID)]
	c.mu.Unlock()
	if sub != nil {
		if most := int64(op.Max); most > sub.delivered.Load() {
			c.debugf("Deferring actual UNSUB(%s): %d max, %d received", sub.key, most, sub.delivered.Load())
			sub.limit.Store(most)
			sub.space.interest.InvalidateSubject(sub.subject)
		} else {
			c.broker.expire(sub)
		}
	}
	if c.options.Verbose {
		c.tell(protocol.OKLine)
	}
}

// expire ends one subscription of a client. Any goroutine.
func (b *Broker) expire(sub *Subscription) {
	c := sub.target.client
	c.mu.Lock()
	mine := c.mu.subs[string(sub.key)] == sub
	if mine {
		delete(c.mu.subs, string(sub.key))
	}
	c.mu.Unlock()
	if mine {
		b.withdrawOne(sub)
		if c.target.traced.Load() {
			c.tracef("<-> [DELSUB %s]", sub.key)
		}
	}
}

// withdrawOne takes a subscription out of its account's interest.
func (b *Broker) withdrawOne(sub *Subscription) {
	sub.closed.Store(true)
	// It may have been withdrawn already, by an account that went away.
	_ = sub.space.interest.Remove(sub)
}

// withdraw takes all subscriptions of a connection out at once.
func (b *Broker) withdraw(subs map[string]*Subscription) {
	if len(subs) == 0 {
		return
	}
	batches := make(map[*space][]*Subscription, 1)
	for _, sub := range subs {
		sub.closed.Store(true)
		batches[sub.space] = append(batches[sub.space], sub)
	}
	for sp, batch := range batches {
		sp.interest.RemoveBatch(batch)
	}
}

// dropSubscriptions ends all subscriptions, before another CONNECT.
func (c *Client) dropSubscriptions() {
	c.mu.Lock()
	subs := c.mu.subs
	c.mu.subs = nil
	c.mu.Unlock()
	c.broker.withdraw(subs)
}

// Subscriptions is how many subscriptions the client has.
func (c *Client) Subscriptions() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.mu.subs)
}
