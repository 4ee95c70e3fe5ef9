package clients

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/test/server"
)

func TestMaxPayload(t *testing.T) {
	t.Parallel()
	s := start(t, "max_payload: 1000")
	nc := connect(t, s.URL(""))
	if got := nc.MaxPayload(); got != 1000 {
		t.Errorf("the client was told of %d bytes", got)
	}
	sub := subscribe(t, nc, "pay")
	publish(t, nc, "pay", strings.Repeat("x", 1000))
	expect(t, sub, "pay", strings.Repeat("x", 1000))
	if err := nc.Publish("pay", make([]byte, 1001)); !errors.Is(err, nats.ErrMaxPayload) {
		t.Errorf("a larger message: %v", err)
	}
}

func TestSlowConsumer(t *testing.T) {
	t.Parallel()
	s := start(t, "max_pending: 4MB\nmax_payload: 1MB\n")
	dialer := &sluggish{stopped: make(chan struct{}), resumed: make(chan struct{})}
	lost, back := make(chan struct{}, 1), make(chan struct{}, 1)
	slow := connect(t, s.URL(""), nats.SetCustomDialer(dialer), nats.ReconnectWait(20*time.Millisecond),
		nats.DisconnectErrHandler(func(*nats.Conn, error) { lost <- struct{}{} }),
		nats.ReconnectHandler(func(*nats.Conn) { back <- struct{}{} }))
	flooded := subscribe(t, slow, "flood")
	end := subscribe(t, slow, "flood.end")
	healthy, publisher := connect(t, s.URL("")), connect(t, s.URL(""))
	other := subscribe(t, healthy, "flood.>")
	if err := flooded.SetPendingLimits(-1, -1); err != nil {
		t.Fatal(err)
	}

	close(dialer.stopped)
	for range 64 {
		publish(t, publisher, "flood", strings.Repeat("x", 1<<18))
	}
	publish(t, publisher, "flood.end", "others go on")
	expect(t, other, "flood.end", "others go on")
	s.WaitFor("Slow Consumer Detected: MaxPending of 4194304 Exceeded")

	// The client learns of it by the end of the connection, and comes back.
	close(dialer.resumed)
	receive(t, "the loss of the connection", lost)
	receive(t, "the reconnect", back)
	flush(t, slow)
	publish(t, publisher, "flood.end", "back again")
	expect(t, other, "flood.end", "back again")
	for msg, err := end.NextMsg(server.Patience); ; msg, err = end.NextMsg(server.Patience) {
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
	limited := connect(t, s.URL("limited:p"), nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { failed <- err }))
	admin := connect(t, s.URL("admin:p"))
	everything := subscribe(t, admin, "*.*")

	publish(t, limited, "closed.a", "no")
	if err := receive(t, "the publish error", failed); !errors.Is(err, nats.ErrPermissionViolation) || !strings.Contains(err.Error(), `Permissions Violation for Publish to "closed.a"`) {
		t.Errorf("publishing: %v", err)
	}
	sub, err := limited.SubscribeSync("closed.b")
	if err != nil {
		t.Fatal(err)
	}
	if err := receive(t, "the subscription error", failed); !errors.Is(err, nats.ErrPermissionViolation) || !strings.Contains(err.Error(), `Permissions Violation for Subscription to "closed.b"`) {
		t.Errorf("subscribing: %v", err)
	}
	publish(t, admin, "closed.b", "no")
	expect(t, everything, "closed.b", "no")
	// The connection goes on, and only what is allowed passes.
	open := subscribe(t, limited, "open.*")
	publish(t, limited, "open.a", "yes")
	expect(t, open, "open.a", "yes")
	expect(t, everything, "open.a", "yes")
	if n, _, _ := sub.Pending(); n != 0 {
		t.Errorf("%d messages on a refused subscription", n)
	}
	if got := limited.Stats().Reconnects; got != 0 {
		t.Errorf("%d reconnects", got)
	}
}
