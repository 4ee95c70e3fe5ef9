package broker_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/broker"
	"github.com/trellismq/trellis/core/broker/brokertest"
	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/test/natsgo"
	"github.com/trellismq/trellis/test/wire"
)

// ledger keeps what an observer is told.
type ledger struct {
	mu      sync.Mutex
	changes []broker.Interest
	grown   chan struct{} // holds something when there is a new change
}

func keepLedger(t *testing.T, b *broker.Broker, accountName string) (l *ledger, cancel func()) {
	t.Helper()
	l = &ledger{grown: make(chan struct{}, 1)}
	cancel, err := b.ObserveInterest(accountName, func(c broker.Interest) {
		l.mu.Lock()
		l.changes = append(l.changes, c)
		l.mu.Unlock()
		select {
		case l.grown <- struct{}{}:
		default:
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return l, cancel
}

// all returns the changes so far.
func (l *ledger) all() []broker.Interest {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.changes)
}

// lines renders the changes: generation, + or -, subject and queue, and a ! when
// the change decides whether anybody is interested.
func (l *ledger) lines() []string {
	var lines []string
	for _, c := range l.all() {
		sign, edge := "+", ""
		if c.Removed {
			sign = "-"
		}
		if c.Edge {
			edge = "!"
		}
		lines = append(lines, fmt.Sprintf("%d %s%s/%s%s", c.Generation, sign, c.Entry.Subject(), c.Entry.Queue(), edge))
	}
	return lines
}

// wait returns when n changes were told.
func (l *ledger) wait(t *testing.T, n int) {
	t.Helper()
	for len(l.lines()) < n {
		natsgo.Await(t, fmt.Sprintf("change %d", n), l.grown)
	}
}

// Whatever makes interest come or go, an observer is told of it, once, in order,
// and before the next operation of the connection.
func TestObserveInterest(t *testing.T) {
	b := brokertest.Start(t, broker.Options{})
	addr := b.Addr().String()
	l, cancel := keepLedger(t, b, "")
	c, other := wire.Ready(t, addr), wire.Ready(t, addr)
	var want []string
	step := func(conn *wire.Conn, text string, changes ...string) {
		t.Helper()
		for _, change := range changes {
			want = append(want, fmt.Sprint(len(want)+1, " ", change))
		}
		conn.Send(text)
		conn.Sync()
		if got := l.lines(); !slices.Equal(got, want) {
			t.Fatalf("behind %q\ngot  %q\nwant %q", text, got, want)
		}
	}
	step(c, "SUB a 1\r\n", "+a/!")
	step(c, "SUB a 2\r\nSUB a.* q 3\r\n", "+a/", "+a.*/q!")
	step(other, "SUB a.* q 1\r\n", "+a.*/q")
	step(c, "SUB b 1\r\n") // the sid is in use
	step(c, "UNSUB 9\r\n") // there is no such sid
	step(c, "UNSUB 3\r\nUNSUB 1\r\n", "-a.*/q", "-a/")
	step(c, "UNSUB 2\r\nSUB a 1\r\nUNSUB 1\r\n", "-a/!", "+a/!", "-a/!")

	// A subscription that has had its messages goes with the last of them.
	step(c, "SUB once 1\r\nUNSUB 1 2\r\n", "+once/!")
	step(other, wire.Pub("once", "1"))
	c.Expect(wire.Msg("once", "1", "1"))
	step(other, wire.Pub("once", "2"), "-once/!")
	c.Expect(wire.Msg("once", "1", "2"))
	step(c, "SUB late 1\r\n", "+late/!")
	step(other, wire.Pub("late", "1"))
	c.Expect(wire.Msg("late", "1", "1"))
	step(c, "UNSUB 1 1\r\n", "-late/!") // it has had it already

	// So do those of a client that logs in again, or that goes.
	step(other, wire.Login(), "-a.*/q!")
	step(c, "SUB x.> 1\r\n", "+x.>/!")
	c.Close()
	l.wait(t, len(want)+1)
	want = append(want, fmt.Sprint(len(want)+1, " -x.>/!"))

	// Of services and remotes too, which replace what they asked for before.
	service, err := b.NewService(broker.ServiceOptions{Handle: func(*broker.Message) {}})
	if err != nil {
		t.Fatal(err)
	}
	succeed := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	succeed(service.Subscribe("", "svc", "workers"))
	step(other, "", "+svc/workers!")
	succeed(service.Unsubscribe("", "svc", "workers"))
	step(other, "", "-svc/workers!")
	succeed(service.Subscribe("", "svc", ""))
	step(other, "", "+svc/!")
	service.Close()
	step(other, "", "-svc/!")
	remote, err := b.NewRemote(broker.RemoteOptions{Kind: broker.KindRouter, Transport: newTap(1), Framer: lengthFramer{}, Origin: 1})
	succeed(err)
	succeed(remote.Subscribe("", "far", "q", 2, nil))
	step(other, "", "+far/q!")
	succeed(remote.Subscribe("", "far", "q", 5, nil))
	step(other, "", "+far/q", "-far/q")
	remote.Close()
	step(other, "", "-far/q!")

	cancel()
	other.Send("SUB unseen 1\r\n")
	step(other, "")
}

// An observer sees one account's interest.
func TestObserveInterestOfAnAccount(t *testing.T) {
	accounts := account.NewSet()
	change, err := accounts.Prepare(account.Definitions{Accounts: []account.Definition{
		{Name: "A", Limits: account.Unlimited()}, {Name: "B", Limits: account.Unlimited()},
	}})
	if err != nil {
		t.Fatal(err)
	}
	change.Commit()
	j := new(judge)
	j.set(func(a *auth.Attempt) auth.Verdict { return accept(auth.Identity{Account: a.User})(a) })
	b := brokertest.Start(t, broker.Options{Accounts: accounts, Authenticator: j})
	inA, _ := keepLedger(t, b, "A")
	home, _ := keepLedger(t, b, "")
	for _, user := range []string{"A", "B"} {
		c := wire.Ready(t, b.Addr().String(), fmt.Sprintf(`"user":%q`, user))
		c.Send("SUB of." + user + " 1\r\n")
		c.Sync()
	}
	if got := inA.lines(); !slices.Equal(got, []string{"1 +of.A/!"}) {
		t.Errorf("of A was told %q", got)
	}
	if got := home.lines(); len(got) != 0 {
		t.Errorf("of the default account was told %q", got)
	}
	for _, c := range inA.all() {
		if c.Entry.Account() != "A" || c.Entry.Target().Kind() != broker.KindClient {
			t.Errorf("%s is %s's, of kind %v", c.Entry.Subject(), c.Entry.Account(), c.Entry.Target().Kind())
		}
	}
	if _, err := b.ObserveInterest("C", func(broker.Interest) {}); err == nil || !strings.Contains(err.Error(), `"C"`) {
		t.Errorf("of an account that is not there: %v", err)
	}
}

// With many connections at work at once, what observers are told is one sequence
// without a gap, the same for all, in which what goes has come, and which adds
// up to what there is.
func TestObserveInterestConcurrently(t *testing.T) {
	b := newBroker(t)
	first, _ := keepLedger(t, b, "")
	second, _ := keepLedger(t, b, "")
	const clients, rounds = 6, 120
	plugs := make([]*plug, clients)
	for i := range plugs {
		plugs[i] = plugIn(t, b, uint64(i))
	}
	var group sync.WaitGroup
	for i, p := range plugs {
		group.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(i), 9))
			for n := range rounds {
				subject := fmt.Sprintf("s.%d", rng.IntN(5))
				switch rng.IntN(5) {
				case 0:
					p.say("SUB %s %d\r\n", subject, n)
				case 1:
					p.say("SUB s.* q %d\r\n", n)
				case 2: // goes by itself, soon
					p.say("SUB %s %d\r\nUNSUB %d %d\r\n", subject, n, n, 1+rng.IntN(3))
				case 3:
					p.say("UNSUB %d\r\n", rng.IntN(n+1))
				case 4:
					p.say("PUB %s 0\r\n\r\nPUB %s 0\r\n\r\n", subject, subject)
				}
			}
			if i%2 == 0 { // one half goes while the other is at work
				p.client.Close(broker.ClientClosed)
			}
		})
	}
	group.Wait()
	for i, p := range plugs {
		if i%2 == 0 {
			p.say("PING\r\n") // whoever serves it notices
			natsgo.Await(t, "the end of a connection", p.over)
		}
	}
	open := 0
	for i, p := range plugs {
		if i%2 == 1 {
			p.barrier(t, 1)
		}
	}
	for _, p := range plugs {
		open += p.client.Subscriptions()
	}
	present := checkSequence(t, first)
	if len(present) != open || open == 0 {
		t.Errorf("%d entries are present, and the clients have %d subscriptions", len(present), open)
	}
	for sub := range present {
		if c, ok := b.Client(sub.Target().ID()); !ok || c.Reason() != "" {
			t.Errorf("%s is left of a closed connection", sub.Subject())
		}
	}
	for _, p := range plugs {
		p.client.Close(broker.ClientClosed)
	}
	if left := checkSequence(t, first); len(left) != 0 {
		t.Errorf("%d entries are left of nobody", len(left))
	}
	if a, b := first.lines(), second.lines(); !slices.Equal(a, b) {
		t.Errorf("one observer was told %d changes, the other %d, or others", len(a), len(b))
	}
}

// checkSequence checks that the changes follow from each other, and returns what
// is present behind the last.
func checkSequence(t *testing.T, l *ledger) map[*broker.Subscription]bool {
	t.Helper()
	type interest struct{ subject, queue string }
	present, members := make(map[*broker.Subscription]bool), make(map[interest]int)
	for i, c := range l.all() {
		of := interest{c.Entry.Subject(), c.Entry.Queue()}
		if !c.Removed {
			members[of]++
		}
		switch edge := members[of] == 1; {
		case c.Generation != uint64(i)+1:
			t.Fatalf("change %d was told as number %d", c.Generation, i+1)
		case present[c.Entry] != c.Removed:
			t.Fatalf("change %d, removed %v, of an entry with present %v", c.Generation, c.Removed, present[c.Entry])
		case c.Edge != edge:
			t.Fatalf("change %d of %v has edge %v with %d members", c.Generation, of, c.Edge, members[of])
		}
		if c.Removed {
			members[of]--
			delete(present, c.Entry)
		} else {
			present[c.Entry] = true
		}
	}
	return present
}
