package clients

import (
	"os"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/test/server"
)

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

func start(t *testing.T, config string) *server.Server {
	t.Helper()
	return server.Start(t, server.Options{Config: config})
}

// connect fails the test if the login does. The connection is closed with the test.
func connect(t *testing.T, url string, options ...nats.Option) *nats.Conn {
	t.Helper()
	nc, err := nats.Connect(url, append([]nats.Option{nats.Timeout(server.Patience)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

// subscribe returns when the broker knows of the subscription.
func subscribe(t *testing.T, nc *nats.Conn, subject string) *nats.Subscription {
	t.Helper()
	sub, err := nc.SubscribeSync(subject)
	if err != nil {
		t.Fatal(err)
	}
	flush(t, nc)
	return sub
}

func flush(t *testing.T, nc *nats.Conn) {
	t.Helper()
	if err := nc.FlushTimeout(server.Patience); err != nil {
		t.Fatal(err)
	}
}

func publish(t *testing.T, nc *nats.Conn, subject, payload string) {
	t.Helper()
	if err := nc.Publish(subject, []byte(payload)); err != nil {
		t.Fatal(err)
	}
}

// expect returns the next message after comparing it.
func expect(t *testing.T, sub *nats.Subscription, subject, payload string) *nats.Msg {
	t.Helper()
	msg, err := sub.NextMsg(server.Patience)
	if err != nil {
		t.Fatalf("waiting for %q on %s: %v", payload, subject, err)
	}
	if msg.Subject != subject || string(msg.Data) != payload {
		t.Fatalf("got %q on %s, want %q on %s", msg.Data, msg.Subject, payload, subject)
	}
	return msg
}

// receive waits for something that a callback reports.
func receive[T any](t *testing.T, what string, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(server.Patience):
		t.Fatalf("%s did not happen within %s", what, server.Patience)
		panic("unreachable")
	}
}
