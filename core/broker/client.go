package broker

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/clock"
	"github.com/trellismq/trellis/core/protocol"
	"github.com/trellismq/trellis/sdk/auth"
)

// Client is one client connection: the session of a stock NATS client over any
// transport. A transport feeds it with Ingest and EndBatch from one goroutine,
// its own; everything else may come from anywhere.
type Client struct {
	broker *Broker
	target Target
	source Source
	parser protocol.Parser
	ctype  auth.ConnectionType
	remote netip.AddrPort // invalid for in-process connections
	nonce  []byte
	start  time.Time

	// Of the transport's goroutine, or of the one that handles CONNECT while the
	// transport waits for it.
	options       connectOptions
	expectConnect bool
	connected     bool // CONNECT was accepted
	special       bool // publishes need more than delivery: verbose, pedantic, traced
	greeted       bool // the INFO behind the first PONG was sent
	registered    bool // counted in its account
	active        bool // this batch had an operation that shows life: any but PONG
	hooked        hookedRun
	inForce       *limits // that the members below and the parser were set from

	identity    *auth.Identity
	permissions atomic.Pointer[account.Permissions]
	replies     atomic.Pointer[account.Replies] // with allow_responses
	session     atomic.Pointer[session]         // nil until credentials were accepted
	who         atomic.Pointer[identified]
	maxPayload  atomic.Int64
	maxSubs     int64
	informed    atomic.Bool // may get asynchronous INFO

	ping   pinger
	authBy clock.Timer // CONNECT is due
	expiry clock.Timer
	linger clock.Timer // the rest of the output is due

	mu struct {
		sync.Mutex
		closed bool
		reason CloseReason
		subs   map[string]*Subscription
		parked *parked
	}
}

// Status tells a transport how to go on after Ingest.
type Status uint8

const (
	// More: everything whole was taken; the rest must be offered again with more
	// behind it.
	More Status = iota
	// Parked: nothing more may be offered before Await has returned, and the
	// bytes offered must stay as they are until then.
	Parked
	// Closed: the connection is over. The transport calls Finish.
	Closed
)

// ID is the connection number.
func (c *Client) ID() uint64 { return c.target.id }

// Target is the client as a receiver of messages.
func (c *Client) Target() *Target { return &c.target }

// Account is the name of the account the client is bound to.
func (c *Client) Account() string { return c.source.space.account.Name() }

// Ingest works through the operations at the start of p and answers how many
// bytes it took.
func (c *Client) Ingest(p []byte) (n int, status Status) {
	if c.isClosed() {
		return 0, Closed
	}
	if l := c.broker.limits.Load(); l != c.inForce {
		c.adopt(l)
	}
	var op protocol.Op
	for n < len(p) {
		if c.expectConnect && p[n]|0x20 != 'c' {
			if status := c.withoutConnect(); status != More {
				return n, status
			}
		}
		k, err := c.parser.Next(p[n:], &op)
		if err != nil {
			c.violation(err)
			return n, Closed
		}
		if k == 0 {
			break
		}
		n += k
		if status := c.execute(&op); status != More {
			return n, status
		}
	}
	if status := c.endHooked(); status != More {
		return n, status
	}
	return n, More
}

// Missing tells how long the unfinished operation at the start of p is going to
// be at least.
func (c *Client) Missing(p []byte) int { return c.parser.Missing(p) }

// EndBatch sends what Ingest has brought about. After it the bytes offered
// belong to the transport again.
func (c *Client) EndBatch() {
	if c.active {
		c.active = false
		c.ping.heard(c.broker.time.Now())
	}
	c.source.endBatch()
}

func (c *Client) execute(op *protocol.Op) Status {
	if op.Kind == protocol.Pub || op.Kind == protocol.HPub {
		return c.publish(op)
	}
	if status := c.endHooked(); status != More {
		c.hooked.later(op)
		return status
	}
	return c.command(op)
}

// command executes any operation that is not a publish.
func (c *Client) command(op *protocol.Op) Status {
	if c.target.traced.Load() {
		c.traceIn(op)
	}
	switch op.Kind {
	case protocol.Ping:
		c.active = true
		c.answerPing()
	case protocol.Pong:
		c.ping.answered(c.broker.time.Now())
	case protocol.Sub:
		c.active = true
		c.subscribe(op)
	case protocol.Unsub:
		c.active = true
		c.unsubscribe(op)
	case protocol.Connect:
		return c.startConnect(op.Arg)
	case protocol.Info:
		return c.acceptInfo(op.Arg)
	case protocol.Err:
		c.errorf("Client Error %s", op.Arg)
		c.close(ParseError)
		return Closed
	}
	return More
}

// tell gives the client a line of the protocol, in order with its messages. It
// is called by the goroutine that serves the client.
func (c *Client) tell(line string) {
	c.traceSent(line)
	c.source.reply(line)
}

// send gives the client a line of the protocol from any goroutine.
func (c *Client) send(line string) {
	c.traceSent(line)
	c.target.out.send([][]byte{[]byte(line)}, traffic{}, nil)
}

// fail tells the client why it is closed, and closes it. It is called by the
// goroutine that serves the client, behind everything staged so far.
func (c *Client) fail(text string, reason CloseReason) {
	c.tell(string(protocol.AppendErr(nil, text)))
	c.source.endBatch()
	c.close(reason)
}

// expel does the same from any other goroutine.
func (c *Client) expel(text string, reason CloseReason) {
	c.send(string(protocol.AppendErr(nil, text)))
	c.close(reason)
}

// lingerFor bounds how long a closing connection may take for its last bytes.
const lingerFor = 2 * time.Second

// Close ends the connection without an error to the client. Any goroutine.
func (c *Client) Close(reason CloseReason) { c.close(reason) }

func (c *Client) close(reason CloseReason) {
	c.mu.Lock()
	if c.mu.closed {
		c.mu.Unlock()
		return
	}
	c.mu.closed, c.mu.reason = true, reason
	subs, park := c.mu.subs, c.mu.parked
	c.mu.subs = nil
	c.mu.Unlock()

	c.broker.withdraw(subs)
	c.target.gone.Store(true)
	wheel := c.broker.time.wheel
	wheel.Stop(&c.ping.timer)
	wheel.Stop(&c.authBy)
	wheel.Stop(&c.expiry)
	if park != nil {
		park.abandon()
	}
	if reason.flushes() {
		wheel.Arm(&c.linger, lingerFor, func(time.Time) { c.target.out.close(false) })
	}
	c.target.out.close(reason.flushes())
}

// Finish is called by the transport's goroutine as the last thing, before it
// releases its descriptor: afterwards nobody writes to the transport any more.
func (c *Client) Finish(err error) {
	reason := ClientClosed
	if err != nil {
		reason = ReadError
	}
	if c.source.space != nil {
		c.source.endBatch()
	}
	c.close(reason)
	c.target.out.await()
	c.broker.time.wheel.Stop(&c.linger)
	c.hooked.drop()
	c.source.close()
	c.debugf("Client connection closed: %s", c.Reason())
	c.broker.forget(c)
}

// Reason says why the connection was closed; empty while it is open.
func (c *Client) Reason() CloseReason {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mu.reason
}

func (c *Client) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mu.closed
}
