package broker

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nkeys"
	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/clock"
	"github.com/trellismq/trellis/core/sublist"
	"github.com/trellismq/trellis/sdk/auth"
)

// Broker is one server. New makes it, Start opens its listener, Shutdown ends
// it; a broker that was shut down is not started again. All methods are safe for
// concurrent use.
type Broker struct {
	options    Options
	id         string // public server nkey
	xkey       string // public curve nkey
	log        Logger
	time       timing
	accounts   *account.Set
	rules      account.Compiler
	home       *space // the default account
	ctx        context.Context
	cancel     context.CancelFunc
	advertised struct {
		host string
		port int
	}
	port int

	generations   *sublist.Generations
	cache         cacheBudget
	clientLimits  outboxLimits
	limits        atomic.Pointer[limits]
	judgements    atomic.Uint64 // changes with who may be let in
	hooks         atomic.Pointer[map[string]*installed]
	lastID        atomic.Uint64
	slowConsumers atomic.Int64
	stale         atomic.Int64
	parked        atomic.Int64 // bytes of runs that wait for hooks

	mu struct {
		sync.Mutex
		clients     map[uint64]*Client
		spaces      map[string]*space
		hooks       map[string]*installed
		members     map[member]struct{}
		connectURLs []string
		listener    net.Listener
		closed      bool
	}
	serving sync.WaitGroup // listener and transports
}

// New makes a broker. Nothing is opened yet.
func New(o Options) (*Broker, error) {
	o.setDefaults()
	b := &Broker{options: o, log: o.Logger, accounts: o.Accounts, generations: sublist.NewGenerations()}
	if err := b.makeKeys(); err != nil {
		return nil, err
	}
	if b.options.ServerName == "" {
		b.options.ServerName = b.id
	}
	if err := b.parseAdvertise(); err != nil {
		return nil, err
	}
	if b.accounts == nil {
		b.accounts = account.NewSet()
	}
	b.cache.limit = o.CacheMemory
	b.clientLimits = outboxLimits{maxPending: o.MaxPending, deadline: o.WriteDeadline}
	b.limits.Store(o.limits())
	b.mu.clients = make(map[uint64]*Client)
	b.mu.spaces = make(map[string]*space)
	b.mu.members = make(map[member]struct{})
	b.ctx, b.cancel = context.WithCancel(context.Background())
	b.time = timing{Clock: o.Clock, wheel: clock.NewWheel(o.Clock)}
	home, err := b.space("")
	if err != nil {
		return nil, err
	}
	b.home = home
	b.port = o.Port
	return b, nil
}

func (b *Broker) makeKeys() error {
	server, err := nkeys.CreateServer()
	if err != nil {
		return fmt.Errorf("server key: %w", err)
	}
	if b.id, err = server.PublicKey(); err != nil {
		return fmt.Errorf("server key: %w", err)
	}
	curve, err := nkeys.CreateCurveKeys()
	if err != nil {
		return fmt.Errorf("server curve key: %w", err)
	}
	if b.xkey, err = curve.PublicKey(); err != nil {
		return fmt.Errorf("server curve key: %w", err)
	}
	return nil
}

func (b *Broker) parseAdvertise() error {
	text := b.options.ClientAdvertise
	if text == "" {
		return nil
	}
	host, port := text, ""
	if h, p, err := net.SplitHostPort(text); err == nil {
		host, port = h, p
	}
	b.advertised.host, b.advertised.port = host, b.options.Port
	if port == "" {
		return nil
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return fmt.Errorf("client_advertise %q: %w", text, err)
	}
	if n > 0 {
		b.advertised.port = n
	}
	return nil
}

// ID is the server's public nkey, new at every start.
func (b *Broker) ID() string { return b.id }

// Name is the server's name.
func (b *Broker) Name() string { return b.options.ServerName }

// space returns the subject space of the named account; the empty name is the
// default account's.
func (b *Broker) space(name string) (*space, error) {
	if name == "" {
		name = account.Default
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if sp := b.mu.spaces[name]; sp != nil {
		return sp, nil
	}
	a, ok := b.accounts.Lookup(name)
	if !ok {
		return nil, fmt.Errorf("account %q is not defined", name)
	}
	sp := &space{name: name, account: a, interest: sublist.New[*Subscription](b.generations)}
	b.mu.spaces[name] = sp
	return sp, nil
}

// isSystem reports whether sp is the system account's.
func (b *Broker) isSystem(sp *space) bool { return sp.account == b.accounts.System() }

// ErrClosed is returned by calls that need a broker that is not shut down.
var ErrClosed = errors.New("broker is shut down")

// Conn describes a connection that a transport brings.
type Conn struct {
	Transport Transport
	Type      auth.ConnectionType // default STANDARD
	Remote    netip.AddrPort
}

// Attach makes a client of a new connection and greets it. The transport's
// goroutine then feeds the client, and calls Finish at the end. A client that is
// refused is returned as well: its first Ingest answers Closed.
func (b *Broker) Attach(conn Conn) (*Client, error) {
	c := &Client{broker: b, ctype: conn.Type, remote: conn.Remote, start: b.time.Now(), options: defaultConnect}
	if c.ctype == "" {
		c.ctype = auth.Standard
	}
	c.target.id, c.target.client = b.lastID.Add(1), c
	c.target.out.transport, c.target.out.owner = conn.Transport, c
	c.target.out.limits, c.target.out.time = &b.clientLimits, &b.time
	c.target.traced.Store(b.log.Trace())
	c.source.init(b, KindClient, &c.target)
	c.source.bind(b.home, nil)
	c.identity = &auth.Identity{}
	c.special = true
	c.setLimits()
	if b.authRequired() {
		c.expectConnect = true
		if b.options.Authenticator.NeedsNonce() {
			c.nonce = newNonce()
		}
	}
	return c, b.admit(c)
}

// authRequired reports whether clients have to show credentials.
func (b *Broker) authRequired() bool {
	a := b.options.Authenticator
	return a != nil && a.Required()
}

// admit registers c and greets it, or sends it away.
func (b *Broker) admit(c *Client) error {
	b.mu.Lock()
	if b.mu.closed {
		b.mu.Unlock()
		return ErrClosed
	}
	most := b.limits.Load().maxConnections
	full := most < 0 || len(b.mu.clients) >= most
	b.mu.clients[c.target.id] = c
	b.mu.Unlock()
	c.send(c.greeting())
	if full {
		c.errorf("%s", errConnections)
		c.expel(errConnections, TooManyConnections)
		return nil
	}
	c.debugf("Client connection created")
	if c.expectConnect {
		b.time.wheel.Arm(&c.authBy, b.options.AuthTimeout, func(time.Time) {
			c.expel(errAuthTimeout, AuthTimeout)
		})
	}
	c.startPinging(false)
	return nil
}

// newNonce makes the challenge of one connection: 15 characters.
func newNonce() []byte {
	var raw [11]byte
	rand.Read(raw[:]) // never fails
	return base64.RawURLEncoding.AppendEncode(nil, raw[:])
}

// forget ends what the broker keeps for a connection that is over.
func (b *Broker) forget(c *Client) {
	if c.registered {
		c.source.space.account.Unregister()
	}
	b.mu.Lock()
	delete(b.mu.clients, c.target.id)
	b.mu.Unlock()
}

func (b *Broker) clientsLocked() []*Client { return slices.Collect(maps.Values(b.mu.clients)) }

// Connections is how many connections are open.
func (b *Broker) Connections() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.mu.clients)
}

// Client returns an open connection by its number.
func (b *Broker) Client(id uint64) (*Client, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, ok := b.mu.clients[id]
	return c, ok
}

// member is a service or a remote.
type member interface{ Close() }

func (b *Broker) enrol(m member) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.mu.closed {
		return ErrClosed
	}
	b.mu.members[m] = struct{}{}
	return nil
}

func (b *Broker) dismiss(m member) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.mu.members, m)
}

// countSlow counts a slow consumer.
func (b *Broker) countSlow(sp *space) {
	b.slowConsumers.Add(1)
	sp.account.AddSlowConsumer()
}

// SlowConsumers is how many receivers have been found not to keep up.
func (b *Broker) SlowConsumers() int64 { return b.slowConsumers.Load() }

// Shutdown closes the listener and every connection, without an error to the
// clients, and waits until all goroutines of the broker have ended.
func (b *Broker) Shutdown() {
	b.mu.Lock()
	if b.mu.closed {
		b.mu.Unlock()
		b.serving.Wait()
		return
	}
	b.mu.closed = true
	listener, clients := b.mu.listener, b.clientsLocked()
	members := slices.Collect(maps.Keys(b.mu.members))
	b.mu.Unlock()
	b.cancel()
	if listener != nil {
		listener.Close()
	}
	for _, c := range clients {
		c.close(ServerShutdown)
	}
	for _, m := range members {
		m.Close()
	}
	b.serving.Wait()
	b.time.wheel.Close()
}
