package broker

import "sync"

// participant is what a service and a remote have in common: a target that
// subscribes in any number of accounts, and a source in each it publishes in.
type participant struct {
	broker *Broker
	target Target
	origin uint64

	mu struct {
		sync.Mutex
		subs    map[string]*Subscription
		sources map[*space]*Source
		closed  bool
	}
}

func (p *participant) init(b *Broker, kind Kind, t Transport, owner outboxOwner, l *outboxLimits) {
	p.broker = b
	p.target.id, p.target.kind = b.lastID.Add(1), kind
	p.target.headers.Store(true)
	p.target.out.transport, p.target.out.owner = t, owner
	p.target.out.limits, p.target.out.time = l, &b.time
	p.mu.subs = make(map[string]*Subscription)
	p.mu.sources = make(map[*space]*Source)
}

// Target is the participant as a receiver of messages.
func (p *participant) Target() *Target { return &p.target }

func interestKey(sp *space, subject, queue string) string {
	return sp.name + " " + subject + " " + queue
}

// subscribe asks for messages of an account. Asking again changes the weight.
func (p *participant) subscribe(accountName, subject, queue string, weight int, key []byte) error {
	sp, err := p.broker.space(accountName)
	if err != nil {
		return err
	}
	sub := &Subscription{
		target: &p.target, space: sp, subject: subject, queue: queue,
		weight: weight, origin: p.origin, key: append([]byte(nil), key...),
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mu.closed {
		return ErrClosed
	}
	name := interestKey(sp, subject, queue)
	if err := sp.interest.Insert(sub); err != nil {
		return err
	}
	if old := p.mu.subs[name]; old != nil {
		p.broker.withdrawOne(old)
	}
	p.mu.subs[name] = sub
	return nil
}

// Unsubscribe withdraws what was subscribed with the same account, subject and
// queue; nothing happens when there is nothing.
func (p *participant) Unsubscribe(accountName, subject, queue string) error {
	sp, err := p.broker.space(accountName)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	name := interestKey(sp, subject, queue)
	if old := p.mu.subs[name]; old != nil {
		delete(p.mu.subs, name)
		p.broker.withdrawOne(old)
	}
	return nil
}

// Publish sends a message in an account. Reply and header may be nil. The slices
// are copied.
func (p *participant) Publish(accountName, subject, reply string, header, body []byte) error {
	sp, err := p.broker.space(accountName)
	if err != nil {
		return err
	}
	m := ownMessage(sp.name, []byte(subject), []byte(reply), header, body)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mu.closed {
		return ErrClosed
	}
	src := p.mu.sources[sp]
	if src == nil {
		src = &Source{origin: p.origin}
		src.init(p.broker, p.target.kind, &p.target)
		src.echo = p.target.kind == KindService
		src.bind(sp, nil)
		p.mu.sources[sp] = src
	}
	src.in.msgs++
	src.in.bytes += int64(len(m.Payload))
	src.message = m
	src.deliver(src.plan(m.Subject), &src.message)
	src.endBatch()
	src.message = Message{}
	return nil
}

// leave ends the participant, and reports whether it had not left before.
func (p *participant) leave() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mu.closed {
		return false
	}
	p.mu.closed = true
	p.broker.withdraw(p.mu.subs)
	p.mu.subs = nil
	p.target.gone.Store(true)
	for _, src := range p.mu.sources {
		src.close()
	}
	return true
}
