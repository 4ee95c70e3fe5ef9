package broker

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/trellismq/trellis/core/clock"
	"github.com/trellismq/trellis/core/protocol"
	"github.com/trellismq/trellis/core/subject"
)

// Hook is asked about messages before they are delivered. It is the seam that
// subject mappings and transforms stand behind.
type Hook interface {
	// Transform answers the messages of r, in order, and then calls done exactly
	// once, from any goroutine. Until it has, the source of the run waits and
	// nobody else does. Several runs, of different sources, may be under way at
	// once. A message that is not answered when done is called, or when the
	// hook's time is over, is treated as the hook's Failure says.
	Transform(r *Run, done func())
}

// HookOptions say where a hook applies and what happens when it does not answer.
type HookOptions struct {
	Account  string
	Subjects []string // patterns a published subject must match one of
	Timeout  time.Duration
	Failure  Answer // of Pass, Drop or Reject
}

// Answer is what a hook decides about a message.
type Answer uint8

// The answers.
const (
	Unanswered Answer = iota
	Pass              // deliver it as it is
	Replace           // deliver what Emit was called with instead
	Drop              // deliver nothing
	Reject            // deliver nothing and tell the publisher
)

// Run is a row of consecutive messages of one source, of one account, that one
// hook is asked about. Its memory is its own.
type Run struct {
	Account string
	Source  Kind
	Items   []RunItem
}

// RunItem is one message of a run and its answer.
type RunItem struct {
	Message
	Answer Answer
	Reason string // with Reject, for the publisher
	emit   []Message
}

// Emit answers with another message; several calls deliver several, in order.
// The slices are copied.
func (i *RunItem) Emit(subject, reply, header, body []byte) {
	i.Answer = Replace
	i.emit = append(i.emit, ownMessage(i.Account, subject, reply, header, body))
}

// ownMessage builds a message in memory of its own, its payload followed by CRLF.
func ownMessage(accountName string, subject, reply, header, body []byte) Message {
	mem := make([]byte, 0, len(subject)+len(reply)+len(header)+len(body)+len(protocol.CRLF))
	mem = append(mem, subject...)
	mem = append(mem, reply...)
	at := len(mem)
	mem = append(append(mem, header...), body...)
	end := len(mem)
	mem = append(mem, protocol.CRLF...)
	return Message{
		Account: accountName, Subject: mem[:len(subject)], Reply: mem[len(subject):at],
		HeaderSize: len(header), Payload: mem[at:end],
	}
}

const (
	runItems = 256 // messages that end a run
	// parkedPerAccount and parkedTotal bound the bytes of runs that wait for
	// their hooks. A run beyond that fails without being asked about.
	parkedPerAccount = 16 << 20
	parkedTotal      = 64 << 20
)

var errParkedBytes = errors.New("too many bytes wait for the hook")

// installed is a hook in force.
type installed struct {
	Hook
	options HookOptions
	parked  *atomic.Int64 // bytes waiting, of the account
}

// SetHook puts a hook in force for messages published from now on, or takes
// effect away from the account's hook when h is nil.
func (b *Broker) SetHook(h Hook, o HookOptions) error {
	sp, err := b.space(o.Account)
	if err != nil {
		return err
	}
	b.mu.Lock()
	hooks := make(map[string]*installed, len(b.mu.hooks)+1)
	for name, in := range b.mu.hooks {
		hooks[name] = in
	}
	delete(hooks, sp.name)
	if h != nil {
		hooks[sp.name] = &installed{Hook: h, options: o, parked: &sp.parked}
	}
	b.mu.hooks = hooks
	b.hooks.Store(&hooks)
	b.mu.Unlock()
	sp.interest.Invalidate()
	return nil
}

// hookFor returns the hook that messages on name in an account are shown to.
func (b *Broker) hookFor(accountName string, name []byte) *installed {
	hooks := b.hooks.Load()
	if hooks == nil {
		return nil
	}
	in := (*hooks)[accountName]
	if in == nil {
		return nil
	}
	for _, pattern := range in.options.Subjects {
		if subject.Matches(pattern, subject.View(name)) {
			return in
		}
	}
	return nil
}

// hookedRun collects a client's messages for a hook and delivers the answers.
// It belongs to the client's transport goroutine, except for finished.
type hookedRun struct {
	hook     *installed
	run      *Run
	size     int64
	deadline clock.Timer
	deferred *protocol.Op // the operation that ended the run, not yet executed
	waiting  *wait
}

// wait is a run that a hook is working on. Whoever comes first ends it: the
// answer or the deadline.
type wait struct {
	mu       sync.Mutex
	finished bool
	answered bool
}

// end notes how the wait ended, and reports whether this call ended it.
func (w *wait) end(answered bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.finished {
		return false
	}
	w.finished, w.answered = true, answered
	return true
}

// hookPublish adds a publish to the run of its hook. A run of another hook is
// ended first, which may park the client with op still to be executed.
func (c *Client) hookPublish(p *plan, op *protocol.Op) Status {
	h := &c.hooked
	if h.hook != nil && h.hook != p.hook {
		if status := c.endHooked(); status != More {
			h.later(op)
			return status
		}
	}
	if p.hook == nil {
		return More
	}
	if h.hook == nil {
		h.hook = p.hook
		h.run = &Run{Account: c.source.space.name, Source: KindClient}
	}
	m := ownMessage(c.source.space.name, op.Subject, op.Reply, op.Payload[:op.HeaderSize], op.Payload[op.HeaderSize:])
	h.run.Items = append(h.run.Items, RunItem{Message: m})
	h.size += int64(len(m.Subject) + len(m.Reply) + len(m.Payload))
	if len(h.run.Items) == runItems {
		return c.endHooked()
	}
	return More
}

// later keeps the operation that ended a run until the run is answered.
func (h *hookedRun) later(op *protocol.Op) {
	kept := *op
	h.deferred = &kept
}

// endHooked asks the hook about the run in progress. The client is parked when
// the answer does not come at once.
func (c *Client) endHooked() Status {
	h := &c.hooked
	if h.hook == nil || h.waiting != nil {
		return More
	}
	if !c.broker.parkBytes(h) {
		c.errorf("hook: %v", errParkedBytes)
		c.deliverHooked()
		return More
	}
	c.source.endBatch()
	w := &wait{}
	h.waiting = w
	p := &parked{over: make(chan struct{})}
	h.hook.Transform(h.run, func() {
		if w.end(true) {
			p.resume()
		}
	})
	select {
	case <-p.over:
		c.answered()
		return More
	default:
	}
	if h.hook.options.Timeout > 0 {
		c.broker.time.wheel.Arm(&h.deadline, h.hook.options.Timeout, func(time.Time) {
			if w.end(false) {
				p.resume()
			}
		})
	}
	c.parkAs(p)
	return Parked
}

// parkBytes reserves what a run takes while it waits.
func (b *Broker) parkBytes(h *hookedRun) bool {
	if h.hook.parked.Add(h.size) <= parkedPerAccount && b.parked.Add(h.size) <= parkedTotal {
		return true
	}
	b.unparkBytes(h)
	return false
}

func (b *Broker) unparkBytes(h *hookedRun) {
	h.hook.parked.Add(-h.size)
	b.parked.Add(-h.size)
}

// resume delivers the answered run and executes what waited for it.
func (h *hookedRun) resume(c *Client) Status {
	if h.waiting == nil {
		return More
	}
	c.answered()
	if op := h.deferred; op != nil {
		h.deferred = nil
		return c.execute(op)
	}
	return More
}

// answered ends the wait for a run and delivers it.
func (c *Client) answered() {
	h := &c.hooked
	c.broker.time.wheel.Stop(&h.deadline)
	c.broker.unparkBytes(h)
	if h.waiting.end(false); !h.waiting.answered {
		// Too late: the hook may still write to the run, so its answers are lost.
		h.run = h.run.unanswered()
	}
	h.waiting = nil
	c.deliverHooked()
}

// unanswered is a copy of the run without answers.
func (r *Run) unanswered() *Run {
	fresh := &Run{Account: r.Account, Source: r.Source, Items: make([]RunItem, len(r.Items))}
	for i := range r.Items {
		fresh.Items[i].Message = r.Items[i].Message
	}
	return fresh
}

// deliverHooked delivers a run as it was answered.
func (c *Client) deliverHooked() {
	h := &c.hooked
	run, failure := h.run, h.hook.options.Failure
	h.hook, h.run, h.size = nil, nil, 0
	for i := range run.Items {
		item := &run.Items[i]
		if item.Answer == Unanswered {
			item.Answer, item.Reason = failure, "the hook did not answer"
		}
		switch item.Answer {
		case Replace:
			for j := range item.emit {
				c.publishHooked(&item.emit[j])
			}
		case Pass:
			c.publishHooked(&item.Message)
		case Reject:
			c.deny("Publish rejected: " + item.Reason)
		}
	}
}

// publishHooked delivers a message that has been through its hook.
func (c *Client) publishHooked(m *Message) {
	s := &c.source
	p := s.plan(m.Subject)
	s.message = *m
	s.in.msgs++
	s.in.bytes += int64(len(m.Payload))
	c.publishSpecial(p, &s.message)
}

// drop forgets a run that will not be delivered any more.
func (h *hookedRun) drop() {
	h.run, h.deferred = nil, nil
}
