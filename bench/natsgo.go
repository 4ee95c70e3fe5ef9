package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
)

// natsClient is the generator that users have: the published Go client with its
// ordinary calls. It takes more of the machine than the server does.
type natsClient struct{}

func (natsClient) name() string { return "nats.go" }

// processors is what a program gets that leaves the choice to the runtime.
func (natsClient) processors() int { return runtime.NumCPU() }

// errDisconnected is what a client sees when the server ends its connection.
var errDisconnected = errors.New("the server ended the connection")

// replyWithin bounds how long a requester waits.
const replyWithin = 10 * time.Second

// A natsAgent is a connection of the published client. Receivers and responders
// work in the client's callbacks, publishers and requesters in a goroutine.
type natsAgent struct {
	conn     *nats.Conn
	n        atomic.Int64
	stopping atomic.Bool
	task     sync.WaitGroup

	mu  sync.Mutex
	err error // guarded by mu: the first thing that went wrong
}

// dialNats connects; lost connections and errors of the server are kept.
func dialNats(addr address) (*natsAgent, error) {
	a := new(natsAgent)
	options := []nats.Option{
		nats.NoReconnect(),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { a.fail(err) }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { a.fail(errors.Join(errDisconnected, err)) }),
	}
	if !addr.open {
		options = append(options, nats.UserInfo(benchUser, benchPassword))
	}
	var err error
	a.conn, err = nats.Connect("nats://"+addr.String(), options...)
	if err != nil {
		return nil, fmt.Errorf("nats.go: %w", err)
	}
	return a, nil
}

// fail keeps the first error, unless the agent is being stopped.
func (a *natsAgent) fail(err error) {
	if a.stopping.Load() {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err == nil {
		a.err = err
	}
}

// spawn repeats the task until it fails or the agent is stopped.
func (a *natsAgent) spawn(task func() error) {
	a.task.Go(func() {
		for !a.stopping.Load() {
			if err := task(); err != nil {
				a.fail(err)
				return
			}
			a.n.Add(1)
		}
	})
}

func (a *natsAgent) count() int64 { return a.n.Load() }

func (a *natsAgent) stop() error {
	a.stopping.Store(true)
	a.conn.Close()
	a.task.Wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.err
}

// subscribe returns once the server has confirmed the subscriptions. Nothing is
// ever dropped for a callback that is behind.
func (a *natsAgent) subscribe(s subscription, handle nats.MsgHandler) error {
	for _, subject := range s.subjects {
		sub, err := a.conn.QueueSubscribe(subject, s.queue, handle)
		if err == nil {
			err = sub.SetPendingLimits(-1, -1)
		}
		if err != nil {
			return fmt.Errorf("nats.go: subscribe to %s: %w", subject, err)
		}
	}
	return a.conn.Flush()
}

// listening connects and subscribes.
func listening(addr address, s subscription, handle func(*natsAgent, *nats.Msg)) (agent, error) {
	a, err := dialNats(addr)
	if err != nil {
		return nil, err
	}
	if err := a.subscribe(s, func(m *nats.Msg) { handle(a, m) }); err != nil {
		return nil, errors.Join(err, a.stop())
	}
	return a, nil
}

func (natsClient) receive(addr address, s subscription) (agent, error) {
	if s.stamps == nil {
		return listening(addr, s, func(a *natsAgent, _ *nats.Msg) {
			a.n.Add(1)
			s.gaps.received()
		})
	}
	return listening(addr, s, func(a *natsAgent, m *nats.Msg) {
		s.stamps.record(sinceStamp(m.Data))
		a.n.Add(1)
	})
}

func (natsClient) publish(addr address, p publication) (agent, error) {
	a, err := dialNats(addr)
	if err != nil {
		return nil, err
	}
	payload := filler(p.size)
	next := 0
	subject := func() string {
		s := p.subjects[next]
		next = (next + 1) % len(p.subjects)
		return s
	}
	if p.rate == 0 {
		a.spawn(func() error { return a.conn.Publish(subject(), payload) })
		return a, nil
	}
	pace := newMetronome(p.rate, p.phase)
	a.spawn(func() error {
		pace.wait()
		stamp(payload)
		return a.conn.Publish(subject(), payload)
	})
	return a, nil
}

func (natsClient) respond(addr address, subject string) (agent, error) {
	return listening(addr, subscription{subjects: []string{subject}}, func(a *natsAgent, m *nats.Msg) {
		if err := m.Respond(m.Data); err != nil {
			a.fail(err)
		}
		a.n.Add(1)
	})
}

func (natsClient) request(addr address, q requests) (agent, error) {
	a, err := dialNats(addr)
	if err != nil {
		return nil, err
	}
	payload := filler(q.size)
	a.spawn(func() error {
		begin := nanotime()
		_, err := a.conn.Request(q.subject, payload, replyWithin)
		q.times.record(nanotime() - begin)
		return err
	})
	return a, nil
}
