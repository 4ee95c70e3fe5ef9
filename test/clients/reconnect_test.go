package clients

import (
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/test/server"
)

func TestReconnect(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*server.Server){
		"after a restart": func(s *server.Server) { s.Stop() },
		"after kill -9":   (*server.Server).Kill,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, "")
			lost, back := make(chan error, 1), make(chan struct{}, 1)
			nc := connect(t, s.URL(""), nats.ReconnectWait(20*time.Millisecond), nats.MaxReconnects(-1),
				nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { lost <- err }),
				nats.ReconnectHandler(func(*nats.Conn) { back <- struct{}{} }))
			plain, limited := subscribe(t, nc, "again"), subscribe(t, nc, "again.limited")
			if err := limited.AutoUnsubscribe(2); err != nil {
				t.Fatal(err)
			}
			queue, err := nc.QueueSubscribeSync("again.queue", "q")
			if err != nil {
				t.Fatal(err)
			}
			publish(t, nc, "again", "1")
			publish(t, nc, "again.limited", "1")
			expect(t, plain, "again", "1")
			expect(t, limited, "again.limited", "1")

			end(s)
			if err := receive(t, "the loss of the connection", lost); err != nil && errors.Is(err, nats.ErrNoServers) {
				t.Errorf("the connection was lost with %v", err)
			}
			// Written while there is no server, sent when there is one again.
			publish(t, nc, "again", "2")
			server.Start(t, server.Options{Listen: s.Addr()})
			receive(t, "the reconnect", back)
			expect(t, plain, "again", "2")

			other := connect(t, s.URL(""))
			publish(t, other, "again", "3")
			publish(t, other, "again.queue", "3")
			expect(t, plain, "again", "3")
			expect(t, queue, "again.queue", "3")
			// Of its two messages the limited subscription had one before.
			publish(t, other, "again.limited", "2")
			expect(t, limited, "again.limited", "2")
			flush(t, nc)
			if _, err := other.Request("again.limited", nil, server.Patience); !errors.Is(err, nats.ErrNoResponders) {
				t.Errorf("a third message for a subscription to two: %v", err)
			}
			if got := nc.Stats().Reconnects; got != 1 {
				t.Errorf("%d reconnects", got)
			}
		})
	}
}
