package natsgo

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go"
)

// Patience is how long a step waits for what is bound to happen.
const Patience = 15 * time.Second

// Connect logs in; the connection is closed with the test.
func Connect(tb testing.TB, url string, options ...nats.Option) *nats.Conn {
	tb.Helper()
	nc, err := nats.Connect(url, append([]nats.Option{nats.Timeout(Patience)}, options...)...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(nc.Close)
	return nc
}

// Subscribe returns when the broker knows of the subscription.
func Subscribe(tb testing.TB, nc *nats.Conn, subject string) *nats.Subscription {
	tb.Helper()
	sub, err := nc.SubscribeSync(subject)
	if err != nil {
		tb.Fatal(err)
	}
	Flush(tb, nc)
	return sub
}

// Flush returns when the broker has processed what was written.
func Flush(tb testing.TB, nc *nats.Conn) {
	tb.Helper()
	if err := nc.FlushTimeout(Patience); err != nil {
		tb.Fatal(err)
	}
}

// Publish writes a message to the client's buffer.
func Publish(tb testing.TB, nc *nats.Conn, subject, payload string) {
	tb.Helper()
	if err := nc.Publish(subject, []byte(payload)); err != nil {
		tb.Fatal(err)
	}
}

// Expect returns the next message after comparing it.
func Expect(tb testing.TB, sub *nats.Subscription, subject, payload string) *nats.Msg {
	tb.Helper()
	msg, err := sub.NextMsg(Patience)
	if err != nil {
		tb.Fatalf("waiting for %.40q on %s: %v", payload, subject, err)
	}
	if msg.Subject != subject || string(msg.Data) != payload {
		tb.Fatalf("got %.40q on %s, want %.40q on %s", msg.Data, msg.Subject, payload, subject)
	}
	return msg
}

// Await returns what a callback sends.
func Await[T any](tb testing.TB, what string, from <-chan T) T {
	tb.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(Patience):
		tb.Fatalf("%s did not happen within %s", what, Patience)
		panic("unreachable")
	}
}
