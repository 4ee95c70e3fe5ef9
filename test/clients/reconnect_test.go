package clients

import (
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/test/natsgo"
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
			nc := natsgo.Connect(t, s.URL(""), nats.ReconnectWait(20*time.Millisecond), nats.MaxReconnects(-1),
				nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { lost <- err }),
				nats.ReconnectHandler(func(*nats.Conn) { back <- struct{}{} }))
			plain, limited := natsgo.Subscribe(t, nc, "again"), natsgo.Subscribe(t, nc, "again.limited")
			if err := limited.AutoUnsubscribe(2); err != nil {
				t.Fatal(err)
			}
			queue, err := nc.QueueSubscribeSync("again.queue", "q")
			if err != nil {
				t.Fatal(err)
			}
			natsgo.Publish(t, nc, "again", "1")
			natsgo.Publish(t, nc, "again.limited", "1")
			natsgo.Expect(t, plain, "again", "1")
			natsgo.Expect(t, limited, "again.limited", "1")

			end(s)
			if err := natsgo.Await(t, "the loss of the connection", lost); err != nil && errors.Is(err, nats.ErrNoServers) {
				t.Errorf("the connection was lost with %v", err)
			}
			// Written while there is no server, sent when there is one again.
			natsgo.Publish(t, nc, "again", "2")
			server.Start(t, server.Options{Listen: s.Addr()})
			natsgo.Await(t, "the reconnect", back)
			natsgo.Expect(t, plain, "again", "2")

			other := natsgo.Connect(t, s.URL(""))
			natsgo.Publish(t, other, "again", "3")
			natsgo.Publish(t, other, "again.queue", "3")
			natsgo.Expect(t, plain, "again", "3")
			natsgo.Expect(t, queue, "again.queue", "3")
			// Of its two messages the limited subscription had one before.
			natsgo.Publish(t, other, "again.limited", "2")
			natsgo.Expect(t, limited, "again.limited", "2")
			natsgo.Flush(t, nc)
			if _, err := other.Request("again.limited", nil, natsgo.Patience); !errors.Is(err, nats.ErrNoResponders) {
				t.Errorf("a third message for a subscription to two: %v", err)
			}
			if got := nc.Stats().Reconnects; got != 1 {
				t.Errorf("%d reconnects", got)
			}
		})
	}
}
