package broker

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"time"

	"github.com/trellismq/trellis/core/account"
)

// changeable are the options that can change while the broker runs.
var changeable = []string{
	"MaxConnections", "MaxControlLine", "MaxPayload", "MaxTracedPayload", "TraceHeaders", "TraceSystem", "PingInterval", "PingMax",
}

// FixedError says that an option cannot change while the broker runs.
type FixedError struct {
	Option string // name of the field of Options
}

func (e *FixedError) Error() string {
	return fmt.Sprintf("config reload not supported for %s", e.Option)
}

// Change is limits made ready to take the place of those in force. Not
// committing it leaves no trace.
type Change struct {
	broker *Broker
	next   *limits
}

// Prepare gets ready for other options, without any effect. The error is a
// *FixedError for the first option that differs and cannot change.
func (b *Broker) Prepare(o Options) (*Change, error) {
	o.setDefaults()
	setDefault(&o.ServerName, b.id)
	next, present := reflect.ValueOf(o), reflect.ValueOf(b.options)
	for i := range next.NumField() {
		name := next.Type().Field(i).Name
		if !slices.Contains(changeable, name) && next.Field(i).Interface() != present.Field(i).Interface() {
			return nil, &FixedError{Option: name}
		}
	}
	return &Change{broker: b, next: o.limits()}, nil
}

// Commit puts the limits into force, for open connections at once. Connections
// above the number allowed are closed, and what the Logger answers about tracing
// is asked again.
func (c *Change) Commit() {
	b := c.broker
	before := b.limits.Swap(c.next)
	b.mu.Lock()
	clients := b.clientsLocked()
	b.mu.Unlock()
	for _, client := range clients {
		client.target.traced.Store(b.traces(client.account()))
		if c.next.pingInterval != before.pingInterval {
			client.respreadPings(c.next.pingInterval)
		}
	}
	b.shed(clients, max(c.next.maxConnections, 0))
}

// respreadPings begins a new interval of pings at a random moment, so that not
// all connections are asked together from now on.
func (c *Client) respreadPings(interval time.Duration) {
	if !c.isClosed() {
		c.broker.time.wheel.Arm(&c.ping.timer, rand.N(interval)+1, c.pingDue)
	}
}

// shed closes connections until as many are left as there may be.
func (b *Broker) shed(clients []*Client, most int) {
	excess := len(clients) - most
	if excess <= 0 {
		return
	}
	rand.Shuffle(len(clients), func(i, j int) { clients[i], clients[j] = clients[j], clients[i] })
	for _, c := range clients[:excess] {
		c.errorf("%s", errConnections)
		c.expel(errConnections, TooManyConnections)
	}
	b.log.Noticef("Closed %d connections to fall within max_connections", excess)
}

// adopt makes limits that were put into force effective for the client. It is
// called by the goroutine that serves the client.
func (c *Client) adopt(l *limits) {
	c.inForce = l
	c.setLimits()
	c.special = c.options.Verbose || c.options.Pedantic || c.target.traced.Load()
	c.source.policy++ // plans know whether a delivery is traced
}

// Retire forgets accounts that are no more and closes their connections, without
// an error to the clients.
func (b *Broker) Retire(accounts []*account.Account) {
	if len(accounts) == 0 {
		return
	}
	b.judgements.Add(1)
	b.mu.Lock()
	clients := b.clientsLocked()
	for _, a := range accounts {
		if sp := b.mu.spaces[a.Name()]; sp != nil && sp.account == a {
			delete(b.mu.spaces, a.Name())
		}
	}
	b.mu.Unlock()
	for _, c := range clients {
		if s := c.session.Load(); s != nil && slices.Contains(accounts, s.account) {
			c.close(MissingAccount)
		}
	}
}
