package clients

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/test/natsgo"
)

func TestMaxPayload(t *testing.T) {
	t.Parallel()
	s := start(t, "max_payload: 1000")
	nc := natsgo.Connect(t, s.URL(""))
	if got := nc.MaxPayload(); got != 1000 {
		t.Errorf("the client was told of %d bytes", got)
	}
	sub := natsgo.Subscribe(t, nc, "pay")
	natsgo.Publish(t, nc, "pay", strings.Repeat("x", 1000))
	natsgo.Expect(t, sub, "pay", strings.Repeat("x", 1000))
	if err := nc.Publish("pay", make([]byte, 1001)); !errors.Is(err, nats.ErrMaxPayload) {
		t.Errorf("a larger message: %v", err)
	}
}

func TestSlowConsumer(t *testing.T) {
	t.Parallel()
	s := start(t, "max_pending: 4MB\nmax_payload: 1MB\n")
	dialer := &sluggish{stopped: make(chan struct{}), resumed: make(chan struct{})}
	lost, back := make(chan struct{}, 1), make(chan struct{}, 1)
	slow := natsgo.Connect(t, s.URL(""), nats.SetCustomDialer(dialer), nats.ReconnectWait(20*time.Millisecond),
		nats.DisconnectErrHandler(func(*nats.Conn, error) { lost <- struct{}{} }),
		nats.ReconnectHandler(func(*nats.Conn) { back <- struct{}{} }))
	flooded := natsgo.Subscribe(t, slow, "flood")
	end := natsgo.Subscribe(t, slow, "flood.end")
	healthy, publisher := natsgo.Connect(t, s.URL("")), natsgo.Connect(t, s.URL(""))
	other := natsgo.Subscribe(t, healthy, "flood.>")
	if err := flooded.SetPendingLimits(-1, -1); err != nil {
		t.Fatal(err)
	}

	close(dialer.stopped)
	for range 64 {
		natsgo.Publish(t, publisher, "flood", strings.Repeat("x", 1<<18))
	}
	natsgo.Publish(t, publisher, "flood.end", "others go on")
	natsgo.Expect(t, other, "flood.end", "others go on")
	s.WaitFor("Slow Consumer Detected: MaxPending of 4194304 Exceeded")

	// The client learns of it by the end of the connection, and comes back.
	close(dialer.resumed)
	natsgo.Await(t, "the loss of the connection", lost)
	natsgo.Await(t, "the reconnect", back)
	natsgo.Flush(t, slow)
	natsgo.Publish(t, publisher, "flood.end", "back again")
	natsgo.Expect(t, other, "flood.end", "back again")
	for msg, err := end.NextMsg(natsgo.Patience); ; msg, err = end.NextMsg(natsgo.Patience) {
		if err != nil {
			t.Fatal(err)
		}
		if string(msg.Data) == "back again" {
			break
		}
	}
	if n, _, err := flooded.Pending(); err != nil || n >= 64 {
		t.Errorf("%d messages passed to a client that did not read (%v)", n, err)
	}
}

// sluggish dials connections that do not read between two moments.
type sluggish struct {
	stopped, resumed chan struct{} // closed at the moments
}

func (d *sluggish) Dial(network, address string) (net.Conn, error) {
	conn, err := net.Dial(network, address)
	return &sluggishConn{Conn: conn, dialer: d}, err
}

type sluggishConn struct {
	net.Conn
	dialer *sluggish
}

func (c *sluggishConn) Read(p []byte) (int, error) {
	select {
	case <-c.dialer.stopped:
		<-c.dialer.resumed
	default:
	}
	return c.Conn.Read(p)
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	s := start(t, `authorization { users: [
  {user: admin, password: p}
  {user: limited, password: p, permissions: { publish: ["open.>", "_INBOX.>"], subscribe: ["open.>", "_INBOX.>"] } }
] }`)
	failed := make(chan error, 10)
	limited := natsgo.Connect(t, s.URL("limited:p"), nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { failed <- err }))
	admin := natsgo.Connect(t, s.URL("admin:p"))
	everything := natsgo.Subscribe(t, admin, "*.*")

	natsgo.Publish(t, limited, "closed.a", "no")
	if err := natsgo.Await(t, "the publish error", failed); !errors.Is(err, nats.ErrPermissionViolation) || !strings.Contains(err.Error(), `Permissions Violation for Publish to "closed.a"`) {
		t.Errorf("publishing: %v", err)
	}
	sub, err := limited.SubscribeSync("closed.b")
	if err != nil {
		t.Fatal(err)
	}
	if err := natsgo.Await(t, "the subscription error", failed); !errors.Is(err, nats.ErrPermissionViolation) || !strings.Contains(err.Error(), `Permissions Violation for Subscription to "closed.b"`) {
		t.Errorf("subscribing: %v", err)
	}
	natsgo.Publish(t, admin, "closed.b", "no")
	natsgo.Expect(t, everything, "closed.b", "no")
	// The connection goes on, and only what is allowed passes.
	open := natsgo.Subscribe(t, limited, "open.*")
	natsgo.Publish(t, limited, "open.a", "yes")
	natsgo.Expect(t, open, "open.a", "yes")
	natsgo.Expect(t, everything, "open.a", "yes")
	if n, _, _ := sub.Pending(); n != 0 {
		t.Errorf("%d messages on a refused subscription", n)
	}
	if got := limited.Stats().Reconnects; got != 0 {
		t.Errorf("%d reconnects", got)
	}
}
