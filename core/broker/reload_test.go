package broker_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/broker"
	"github.com/trellismq/trellis/core/broker/brokertest"
	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/test/wire"
)

// notebook is a Logger whose lines and switches a test can reach.
type notebook struct {
	tracing atomic.Bool

	mu    sync.Mutex
	lines []string
}

func (n *notebook) note(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, fmt.Sprintf(format, args...))
}

func (n *notebook) Noticef(format string, args ...any) { n.note(format, args...) }
func (n *notebook) Warnf(format string, args ...any)   { n.note(format, args...) }
func (n *notebook) Errorf(format string, args ...any)  { n.note(format, args...) }
func (n *notebook) Debugf(format string, args ...any)  { n.note(format, args...) }
func (n *notebook) Tracef(format string, args ...any)  { n.note(format, args...) }
func (n *notebook) Debug() bool                        { return false }
func (n *notebook) Trace() bool                        { return n.tracing.Load() }

func (n *notebook) has(text string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.ContainsFunc(n.lines, func(line string) bool { return strings.Contains(line, text) })
}

// change puts other options into force.
func change(t *testing.T, b *broker.Broker, o broker.Options) {
	t.Helper()
	o.Host, o.Port = "127.0.0.1", -1
	c, err := b.Prepare(o)
	if err != nil {
		t.Fatal(err)
	}
	c.Commit()
}

func TestChangedSizesHoldForOpenConnections(t *testing.T) {
	b := brokertest.Start(t, broker.Options{})
	payload, line := wire.Ready(t, b.Addr().String()), wire.Ready(t, b.Addr().String())
	change(t, b, broker.Options{MaxPayload: 10, MaxControlLine: 64})
	payload.Send("PUB a 10\r\n0123456789\r\n")
	payload.Sync()
	payload.Send("PUB a 11\r\n")
	payload.ExpectFatal("Maximum Payload Violation")
	line.Send("SUB ", strings.Repeat("a", 100), " 1\r\n")
	line.ExpectFatal("maximum control line exceeded")
}

func TestFewerConnections(t *testing.T) {
	log := new(notebook)
	b := brokertest.Start(t, broker.Options{Logger: log})
	const open, most = 5, 2
	var conns []*wire.Conn
	for range open {
		conns = append(conns, wire.Ready(t, b.Addr().String()))
	}
	change(t, b, broker.Options{Logger: log, MaxConnections: most})
	left := 0
	for _, c := range conns {
		c.Send("PING\r\n")
		switch op := c.Next(); op {
		case "PONG\r\n":
			left++
		case wire.Err("maximum connections exceeded"):
		default:
			t.Errorf("got %q", op)
		}
	}
	if left != most {
		t.Errorf("%d connections are left, want %d", left, most)
	}
	if !log.has("Closed 3 connections to fall within max_connections") {
		t.Errorf("logged %q", log.lines)
	}
}

func TestShorterPingInterval(t *testing.T) {
	b := brokertest.Start(t, broker.Options{})
	c := wire.Ready(t, b.Addr().String())
	c.ShowPings()
	change(t, b, broker.Options{PingInterval: 10 * time.Millisecond})
	c.Expect("PING\r\n")
}

func TestTracingSwitchedOn(t *testing.T) {
	log := new(notebook)
	b := brokertest.Start(t, broker.Options{Logger: log})
	subscriber, publisher := wire.Ready(t, b.Addr().String()), wire.Ready(t, b.Addr().String())
	subscriber.Send("SUB a 1\r\n")
	subscriber.Sync()
	publisher.Send(wire.Pub("a", "before"))
	publisher.Sync()
	log.tracing.Store(true)
	change(t, b, broker.Options{Logger: log})
	publisher.Send(wire.Pub("a", "behind"))
	publisher.Sync()
	for _, want := range []string{"<<- [PUB a 6]", "->> [MSG a 1 6]", `->> MSG_PAYLOAD: ["behind"]`} {
		if !log.has(want) {
			t.Errorf("no line has %q", want)
		}
	}
	if log.has("before") {
		t.Error("traced before tracing was switched on")
	}
}

func TestOptionsThatCannotChange(t *testing.T) {
	b := brokertest.Start(t, broker.Options{})
	tests := map[string]broker.Options{
		"ServerName":          {ServerName: "other"},
		"MaxPending":          {MaxPending: 1},
		"WriteDeadline":       {WriteDeadline: time.Second},
		"AuthTimeout":         {AuthTimeout: time.Second},
		"NoFastProducerStall": {NoFastProducerStall: true},
		"Logger":              {Logger: new(notebook)},
	}
	for want, o := range tests {
		o.Host, o.Port, o.MaxConnections = "127.0.0.1", -1, 1
		var fixed *broker.FixedError
		if _, err := b.Prepare(o); !errors.As(err, &fixed) || fixed.Option != want {
			t.Errorf("%s: error %v", want, err)
		}
	}
	wire.Ready(t, b.Addr().String())
	wire.Ready(t, b.Addr().String()) // no limit of 1 is in force
}

// judge is an Authenticator that lets a test decide.
type judge struct {
	mu       sync.Mutex
	verdict  func(a *auth.Attempt) auth.Verdict
	judged   int
	entered  chan struct{} // when not nil, told of each attempt, which then waits for release
	released chan struct{}
}

func (j *judge) Required() bool   { return true }
func (j *judge) NeedsNonce() bool { return false }

func (j *judge) Authenticate(_ context.Context, a *auth.Attempt) (auth.Verdict, error) {
	j.mu.Lock()
	verdict, entered := j.verdict(a), j.entered
	j.judged++
	j.mu.Unlock()
	if entered != nil {
		entered <- struct{}{}
		<-j.released
	}
	return verdict, nil
}

func (j *judge) set(verdict func(a *auth.Attempt) auth.Verdict) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.verdict = verdict
}

func accept(id auth.Identity) func(*auth.Attempt) auth.Verdict {
	return func(a *auth.Attempt) auth.Verdict {
		id := id
		id.User, id.Key = a.User, a.User
		return auth.Verdict{Outcome: auth.Accept, Identity: &id}
	}
}

func reject(*auth.Attempt) auth.Verdict { return auth.Verdict{Outcome: auth.Reject} }

func everybody(*auth.Identity) bool { return true }

func TestRecheck(t *testing.T) {
	accounts := account.NewSet()
	prepared, err := accounts.Prepare(account.Definitions{Accounts: []account.Definition{{Name: "A", Limits: account.Unlimited()}}})
	if err != nil {
		t.Fatal(err)
	}
	prepared.Commit()
	permissions := func(subject string) *auth.Permissions {
		return &auth.Permissions{Publish: auth.Subjects{Allow: []string{subject}}}
	}
	tests := []struct {
		name   string
		then   func(*auth.Attempt) auth.Verdict
		expect func(*wire.Conn)
	}{
		{"unchanged", accept(auth.Identity{Permissions: permissions("a")}), (*wire.Conn).Sync},
		{"refused", reject, func(c *wire.Conn) { c.ExpectFatal("Authorization Violation") }},
		{"moved", accept(auth.Identity{Account: "A", Permissions: permissions("a")}), (*wire.Conn).ExpectClosed},
		{"other permissions", accept(auth.Identity{Permissions: permissions("b")}), (*wire.Conn).ExpectClosed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			j, log := new(judge), new(notebook)
			j.set(accept(auth.Identity{Permissions: permissions("a")}))
			b := brokertest.Start(t, broker.Options{Accounts: accounts, Authenticator: j, Logger: log})
			selected := wire.Ready(t, b.Addr().String(), `"user":"joe"`)
			other := wire.Ready(t, b.Addr().String(), `"user":"ann"`)
			j.set(test.then)
			b.Recheck(func(id *auth.Identity) bool { return id.Key == "joe" })
			test.expect(selected)
			other.Sync()
			if test.name == "refused" && !log.has(`authentication error - User "joe"`) {
				t.Errorf("logged %q", log.lines)
			}
		})
	}
}

// A client that is being let in while the rules change is judged by the new ones.
func TestRecheckDuringLogin(t *testing.T) {
	j := &judge{entered: make(chan struct{}), released: make(chan struct{})}
	j.set(accept(auth.Identity{}))
	b := brokertest.Start(t, broker.Options{Authenticator: j})
	c := wire.Open(t, b.Addr().String())
	c.Send(wire.Login(`"user":"joe"`))
	<-j.entered
	j.set(reject)
	b.Recheck(everybody)
	j.released <- struct{}{}
	<-j.entered
	j.released <- struct{}{}
	c.ExpectFatal("Authorization Violation")
	if j.judged != 2 {
		t.Errorf("judged %d times", j.judged)
	}
}

func TestRetiredAccount(t *testing.T) {
	accounts := account.NewSet()
	set := func(names ...string) *account.Change {
		t.Helper()
		var d account.Definitions
		for _, name := range names {
			d.Accounts = append(d.Accounts, account.Definition{Name: name, Limits: account.Unlimited()})
		}
		c, err := accounts.Prepare(d)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	set("A", "B").Commit()
	j := new(judge)
	j.set(func(a *auth.Attempt) auth.Verdict { return accept(auth.Identity{Account: a.User})(a) })
	b := brokertest.Start(t, broker.Options{Accounts: accounts, Authenticator: j})
	inA, inB := wire.Ready(t, b.Addr().String(), `"user":"A"`), wire.Ready(t, b.Addr().String(), `"user":"B"`)
	inA.Send("SUB x 1\r\n")
	inA.Sync()
	without := set("B")
	without.Commit()
	b.Retire(without.Removed())
	inA.ExpectClosed()
	inB.Sync()

	late := wire.Open(t, b.Addr().String())
	late.Send(wire.Login(`"user":"A"`))
	late.ExpectFatal("Failed Account Registration")

	set("A", "B").Commit()
	again := wire.Ready(t, b.Addr().String(), `"user":"A"`)
	again.Send("SUB x 1\r\n", wire.Pub("x", "new"))
	again.Expect(wire.Msg("x", "1", "new"))
}
