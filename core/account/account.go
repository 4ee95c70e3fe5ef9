package account

import (
	"errors"
	"sync/atomic"

	"github.com/trellismq/trellis/sdk/auth"
)

// ErrTooManyConnections: the account has as many connections as it may have.
var ErrTooManyConnections = errors.New("maximum account active connections exceeded")

// Definition is what configuration says of an account.
type Definition struct {
	Name   string
	Limits Limits
	// DefaultPermissions hold for users of the account without permissions of
	// their own; nil permits everything.
	DefaultPermissions *auth.Permissions
}

// Account is a subject space of its own. The object lives from the reload that
// brings its name to the one that takes it away; in between its definition may
// change. All methods are safe for concurrent use.
type Account struct {
	name       string
	definition atomic.Pointer[Definition]

	connections   atomic.Int64
	received      counter
	sent          counter
	slowConsumers atomic.Int64
}

// Traffic is a number of messages and of their bytes, header and body.
type Traffic struct {
	Messages, Bytes int64
}

type counter struct {
	messages, bytes atomic.Int64
}

func (c *counter) add(messages, bytes int64) {
	c.messages.Add(messages)
	c.bytes.Add(bytes)
}

func (c *counter) traffic() Traffic {
	return Traffic{Messages: c.messages.Load(), Bytes: c.bytes.Load()}
}

func newAccount(d *Definition) *Account {
	a := &Account{name: d.Name}
	a.definition.Store(d)
	return a
}

// Name returns the account's name. It never changes.
func (a *Account) Name() string { return a.name }

// Limits returns the limits in force.
func (a *Account) Limits() Limits { return a.definition.Load().Limits }

// DefaultPermissions returns what users without permissions of their own may do,
// nil for everything.
func (a *Account) DefaultPermissions() *auth.Permissions {
	return a.definition.Load().DefaultPermissions
}

// Register counts a new connection in, or returns [ErrTooManyConnections].
func (a *Account) Register() error {
	for {
		n, most := a.connections.Load(), a.Limits().MaxConnections
		if most >= 0 && n >= most {
			return ErrTooManyConnections
		}
		if a.connections.CompareAndSwap(n, n+1) {
			return nil
		}
	}
}

// Unregister counts out a connection that Register counted in.
func (a *Account) Unregister() { a.connections.Add(-1) }

// Connections returns how many connections are registered.
func (a *Account) Connections() int64 { return a.connections.Load() }

// AddReceived counts messages that came from connections of the account. Callers
// add up a batch first.
func (a *Account) AddReceived(messages, bytes int64) { a.received.add(messages, bytes) }

// AddSent counts messages that went to connections of the account. Callers add
// up a batch first.
func (a *Account) AddSent(messages, bytes int64) { a.sent.add(messages, bytes) }

// AddSlowConsumer counts a connection that was cut off for not reading.
func (a *Account) AddSlowConsumer() { a.slowConsumers.Add(1) }

// Received returns what AddReceived added up to.
func (a *Account) Received() Traffic { return a.received.traffic() }

// Sent returns what AddSent added up to.
func (a *Account) Sent() Traffic { return a.sent.traffic() }

// SlowConsumers returns how many connections were cut off for not reading.
func (a *Account) SlowConsumers() int64 { return a.slowConsumers.Load() }
