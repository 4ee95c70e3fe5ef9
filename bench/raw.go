package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
)

// rawSockets is the light generator: blocking sockets, frames prepared before
// the measurement, receivers that count bytes. It leaves the machine to the
// server as far as a client on the same machine can.
type rawSockets struct{}

func (rawSockets) name() string { return "raw sockets" }

// processors is more than a load has agents. A goroutine in a system call then
// keeps its processor and goes on at once when the call returns, as a thread of
// a C program would. With few processors it would queue for one, and the wait,
// up to milliseconds, would look like the server's.
func (rawSockets) processors() int { return 64 }

// A rawAgent is a goroutine on a raw connection.
type rawAgent struct {
	conn     rawConn
	n        atomic.Int64
	stopping atomic.Bool
	done     chan struct{} // closed at the end of the goroutine
	err      error         // why the goroutine ended; readable after done
	listens  bool          // the task reads all that the server sends
}

// spawn runs the task until it fails, which is also how stop ends it.
func (a *rawAgent) spawn(task func() error) *rawAgent {
	a.done = make(chan struct{})
	go func() {
		defer close(a.done)
		a.err = task()
		if a.stopping.Load() {
			a.err = nil
		}
	}()
	return a
}

func (a *rawAgent) count() int64 { return a.n.Load() }

func (a *rawAgent) stop() error {
	var complaint error
	if !a.listens {
		complaint = a.conn.complaint()
	}
	a.stopping.Store(true)
	a.conn.shutdown()
	<-a.done
	a.conn.close()
	return errors.Join(complaint, a.err)
}

func (rawSockets) receive(addr address, s subscription) (agent, error) {
	a, err := listen(addr, s)
	if err != nil {
		return nil, fmt.Errorf("raw receiver: %w", err)
	}
	if s.stamps != nil {
		return a.spawn(func() error { return a.timeStamps(s.stamps) }), nil
	}
	return a.spawn(func() error { return a.countFrames(s.gaps) }), nil
}

// listen connects and subscribes.
func listen(addr address, s subscription) (*rawAgent, error) {
	c, err := dialRaw(addr)
	if err != nil {
		return nil, err
	}
	var lines []byte
	for i, subject := range s.subjects {
		lines = fmt.Appendf(lines, "SUB %s %s %d\r\n", subject, s.queue, s.sid+i)
	}
	if err := c.confirm(lines); err != nil {
		c.close()
		return nil, err
	}
	return &rawAgent{conn: c, listens: true}, nil
}

// countFrames divides the bytes that arrive by the length of the first frame:
// all frames of a load are equally long. A PING in between is 6 bytes in
// millions.
func (a *rawAgent) countFrames(gaps *gapMeter) error {
	r := newFrameReader(a.conn)
	first, err := r.next()
	if err != nil {
		return err
	}
	total := r.to
	for {
		a.n.Store(int64(total / first.length))
		gaps.received()
		n, err := a.conn.read(r.buf)
		if err != nil {
			return err
		}
		total += n
	}
}

// timeStamps records how long ago each message that arrives was sent.
func (a *rawAgent) timeStamps(latencies *recorder) error {
	r := newFrameReader(a.conn)
	for {
		f, err := r.next()
		if err != nil {
			return err
		}
		latencies.record(sinceStamp(f.payload))
		a.n.Add(1)
	}
}

func (rawSockets) publish(addr address, p publication) (agent, error) {
	c, err := dialRaw(addr)
	if err != nil {
		return nil, fmt.Errorf("raw publisher: %w", err)
	}
	a := &rawAgent{conn: c}
	if p.rate > 0 {
		return a.spawn(func() error { return a.publishPaced(p) }), nil
	}
	prepared := blocks(p.subjects, p.size)
	return a.spawn(func() error { return a.flood(prepared) }), nil
}

// flood writes the blocks over and over.
func (a *rawAgent) flood(prepared []block) error {
	for {
		for _, b := range prepared {
			if err := a.conn.write(b.bytes); err != nil {
				return err
			}
			a.n.Add(b.frames)
		}
	}
}

// publishPaced writes single stamped messages at the publication's rate.
func (a *rawAgent) publishPaced(p publication) error {
	payload := filler(p.size)
	var line []byte
	pace := newMetronome(p.rate, p.phase)
	for i := 0; ; i++ {
		pace.wait()
		stamp(payload)
		line = appendPub(line[:0], p.subjects[i%len(p.subjects)], "", payload)
		if err := a.conn.write(line); err != nil {
			return err
		}
		a.n.Add(1)
	}
}

func (rawSockets) respond(addr address, subject string) (agent, error) {
	a, err := listen(addr, subscription{subjects: []string{subject}, sid: 1})
	if err != nil {
		return nil, fmt.Errorf("raw responder: %w", err)
	}
	return a.spawn(a.answer), nil
}

// answer sends each request's payload back, everything that one read brought in
// one write.
func (a *rawAgent) answer() error {
	r := newFrameReader(a.conn)
	var out []byte
	r.beforeRead = func() error {
		err := a.conn.write(out)
		out = out[:0]
		return err
	}
	for {
		f, err := r.next()
		if err != nil {
			return err
		}
		out = appendPub(out, string(f.reply), "", f.payload)
		a.n.Add(1)
	}
}

func (rawSockets) request(addr address, q requests) (agent, error) {
	a, err := listen(addr, subscription{subjects: []string{q.inbox}, sid: 1})
	if err != nil {
		return nil, fmt.Errorf("raw requester: %w", err)
	}
	return a.spawn(func() error { return a.ask(q) }), nil
}

// ask exchanges requests for replies without end.
func (a *rawAgent) ask(q requests) error {
	x := newExchange(a.conn, q)
	for {
		begin := nanotime()
		if err := x.once(); err != nil {
			return err
		}
		q.times.record(nanotime() - begin)
		a.n.Add(1)
	}
}

// An exchange is a request that can be sent again and again on a connection
// that has subscribed to its inbox.
type exchange struct {
	line    []byte
	replies *frameReader
}

func newExchange(c rawConn, q requests) exchange {
	return exchange{appendPub(nil, q.subject, q.inbox, filler(q.size)), newFrameReader(c)}
}

// once sends the request and waits for its reply.
func (x exchange) once() error {
	if err := x.replies.conn.write(x.line); err != nil {
		return err
	}
	_, err := x.replies.next()
	return err
}

// repeat does so n times, or until the context ends.
func (x exchange) repeat(ctx context.Context, n int) error {
	for range n {
		if err := errors.Join(ctx.Err(), x.once()); err != nil {
			return err
		}
	}
	return nil
}
