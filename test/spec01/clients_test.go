package spec01

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/test/natsgo"
	"github.com/trellismq/trellis/test/server"
)

// TestClients holds the lines about published clients for the Go client; package clients looks at
// it more closely.
func TestClients(t *testing.T) {
	t.Parallel()
	for _, l := range []struct {
		name string
		test func(*testing.T)
	}{
		{"spec 01 #129", clientSession},
		{"spec 01 #130", secondAuthErrorEnds},
		{"spec 01 #131", softErrors},
		{"spec 01 #133", resubscribe},
	} {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			l.test(t)
		})
	}
}

// client connects nats.go; its events are delivered to the channels of the returned value.
func client(t *testing.T, url string, options ...nats.Option) (*nats.Conn, *events) {
	t.Helper()
	e := &events{failed: make(chan error, 100), back: make(chan struct{}, 100), closed: make(chan struct{})}
	return natsgo.Connect(t, url, append([]nats.Option{
		nats.ReconnectWait(20 * time.Millisecond), nats.ReconnectJitter(0, 0), nats.MaxReconnects(-1),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { e.failed <- err }),
		nats.ReconnectHandler(func(*nats.Conn) { e.back <- struct{}{} }),
		nats.ClosedHandler(func(*nats.Conn) { close(e.closed) }),
	}, options...)...), e
}

type events struct {
	failed chan error
	back   chan struct{}
	closed chan struct{}
}

func clientSession(t *testing.T) {
	s := start(t, "")
	nc, e := client(t, s.URL(""), nats.Name("session"), func(o *nats.Options) error { o.Verbose = true; return nil })
	sub := natsgo.Subscribe(t, nc, "session")
	natsgo.Publish(t, nc, "session", "hi")
	natsgo.Expect(t, sub, "session", "hi")
	if _, err := nc.Subscribe("echo", func(msg *nats.Msg) {
		if err := msg.Respond(msg.Data); err != nil {
			t.Error(err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if reply, err := nc.Request("echo", []byte("again"), natsgo.Patience); err != nil || string(reply.Data) != "again" {
		t.Errorf("reply %v, %v", reply, err)
	}
	s.Stop()
	server.Start(t, server.Options{Listen: s.Addr()})
	natsgo.Await(t, "the reconnect", e.back)
	natsgo.Flush(t, nc)
	natsgo.Publish(t, nc, "session", "back")
	natsgo.Expect(t, sub, "session", "back")
	if err := nc.Drain(); err != nil {
		t.Fatal(err)
	}
	natsgo.Await(t, "the end of the drain", e.closed)
	if err := nc.LastError(); err != nil {
		t.Errorf("the session ended with %v", err)
	}
}

// secondAuthErrorEnds restarts the server with another password. A client that gets it right at the
// second attempt stays; one that gets it wrong twice gives up.
func secondAuthErrorEnds(t *testing.T) {
	const users = `authorization { users: [ {user: wrong, password: %s}, {user: late, password: %s} ] }`
	s := start(t, fmt.Sprintf(users, "old", "old"))
	var attempts atomic.Int64
	late, lateEvents := client(t, s.URL(""), nats.UserInfoHandler(func() (string, string) {
		// The first login, the first after the restart, the second after the restart.
		if attempts.Add(1) < 3 {
			return "late", "old"
		}
		return "late", "new"
	}))
	wrong, wrongEvents := client(t, s.URL("wrong:old"))
	s.Stop()
	s = server.Start(t, server.Options{Listen: s.Addr(), Config: fmt.Sprintf(users, "new", "new")})

	natsgo.Await(t, "the end of the client with the wrong password", wrongEvents.closed)
	if err := wrong.LastError(); !errors.Is(err, nats.ErrAuthorization) {
		t.Errorf("it ended with %v", err)
	}
	natsgo.Await(t, "the reconnect of the client with the right password", lateEvents.back)
	natsgo.Flush(t, late)
	if got := attempts.Load(); got != 3 {
		t.Errorf("%d attempts", got)
	}
	refused := 0
	for _, line := range s.Log() {
		if strings.Contains(line.Text, `authentication error - User "wrong"`) {
			refused++
		}
	}
	if refused != 2 {
		t.Errorf("%d attempts with the wrong password", refused)
	}
}

func softErrors(t *testing.T) {
	s := start(t, `
max_subscriptions: 2
authorization { users: [ {user: u, password: p, permissions: { publish: { deny: closed }, subscribe: { deny: closed } } } ] }
`)
	nc, e := client(t, s.URL("u:p"))
	first := natsgo.Subscribe(t, nc, "first")
	for _, step := range []struct {
		do   func() error
		text string
	}{
		{func() error { return nc.Publish("closed", nil) }, `permissions violation for publish to "closed"`},
		{func() error { _, err := nc.SubscribeSync("closed"); return err }, `permissions violation for subscription to "closed"`},
		{func() error { _, err := nc.QueueSubscribeSync("closed", "q"); return err }, `permissions violation for subscription to "closed" using queue "q"`},
		{func() error {
			_, err := nc.SubscribeSync("second")
			if err == nil {
				_, err = nc.SubscribeSync("third")
			}
			return err
		}, "maximum subscriptions exceeded"},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if err := natsgo.Await(t, step.text, e.failed); !strings.Contains(strings.ToLower(err.Error()), step.text) {
			t.Errorf("got %q, want %q", err, step.text)
		}
	}
	natsgo.Publish(t, nc, "first", "still here")
	natsgo.Expect(t, first, "first", "still here")
	if got := nc.Stats().Reconnects; got != 0 {
		t.Errorf("%d reconnects", got)
	}
}

func resubscribe(t *testing.T) {
	s := start(t, "")
	nc, e := client(t, s.URL(""))
	first, second := natsgo.Subscribe(t, nc, "again.1"), natsgo.Subscribe(t, nc, "again.2")
	if err := first.Unsubscribe(); err != nil {
		t.Fatal(err)
	}
	s.Kill()
	s = server.Start(t, server.Options{Listen: s.Addr()})
	natsgo.Await(t, "the reconnect", e.back)
	natsgo.Flush(t, nc)
	other, _ := client(t, s.URL(""))
	natsgo.Publish(t, other, "again.1", "no")
	natsgo.Publish(t, other, "again.2", "yes")
	natsgo.Expect(t, second, "again.2", "yes")
	third := natsgo.Subscribe(t, nc, "again.3")
	natsgo.Publish(t, other, "again.3", "new")
	natsgo.Expect(t, third, "again.3", "new")
}
