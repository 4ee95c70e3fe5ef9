package spec01

import (
	"strings"
	"testing"
	"time"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

func TestPing(t *testing.T) {
	t.Parallel()
	check(t, start(t, ""), []line{
		{"spec 01 #64", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send("SUB ping 1\r\nPING\r\n", wire.Pub("ping", "1"), "PING\r\nPING\r\n", wire.Pub("ping", "2"), wire.Pub("ping", "3"), "PING\r\n")
			c.Expect("PONG\r\n", wire.Msg("ping", "1", "1"), "PONG\r\nPONG\r\n", wire.Msg("ping", "1", "2"), wire.Msg("ping", "1", "3"), "PONG\r\n")
			c.Send(strings.Repeat("PING\r\n", 1000))
			c.Expect(strings.Repeat("PONG\r\n", 1000))
			c.Sync()
		}},
		{"spec 01 #65", func(t *testing.T, s *server.Server) {
			c := wire.Open(t, s.Addr())
			c.ShowPings()
			began := time.Now()
			c.Send(wire.Login())
			defer repeat(t, c, wire.Pub("busy", "hi"), 50*time.Millisecond)()
			c.Expect("PING\r\n")
			// At the earliest 2 s, at the latest 2.4 s after CONNECT, and some time for a busy machine.
			if took := time.Since(began); took < 1900*time.Millisecond || took > 3*time.Second {
				t.Errorf("the first PING came after %s", took)
			}
		}},
	})
}

// repeat writes the operation again and again until the returned function is called.
func repeat(t *testing.T, c *wire.Conn, operation string, every time.Duration) (stop func()) {
	done, stopped := make(chan struct{}), make(chan error)
	go func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-done:
				stopped <- nil
				return
			case <-tick.C:
				if err := c.Write(operation); err != nil {
					<-done
					stopped <- err
					return
				}
			}
		}
	}()
	return func() {
		close(done)
		if err := <-stopped; err != nil {
			t.Errorf("repeating %q: %v", operation, err)
		}
	}
}

func TestPingTimer(t *testing.T) {
	t.Parallel()
	t.Run("spec 01 #66", func(t *testing.T) {
		t.Parallel()
		const interval = time.Second
		s := start(t, `ping_interval: "1s"`)
		publisher, receiver := wire.Open(t, s.Addr()), wire.Open(t, s.Addr())
		for _, c := range []*wire.Conn{publisher, receiver} {
			c.ShowPings()
			c.Send(wire.Login())
		}
		receiver.Send("SUB tick 1\r\n")
		began := time.Now()
		stop := repeat(t, publisher, wire.Pub("tick", ""), interval/20)
		// The first PING comes even to the busy.
		publisher.Expect("PING\r\n")
		publisher.Send("PONG\r\n")
		for range 4 {
			for receiver.Next() != "PING\r\n" {
			}
			// A late answer: were it taken for activity, the next PING would not come in time.
			for range 3 {
				receiver.Expect(wire.Msg("tick", "1", ""))
			}
			receiver.Send("PONG\r\n")
		}
		if took := time.Since(began); took < 4*interval-interval/10 || took > 5*interval+interval/2 {
			t.Errorf("the receiver got its fourth PING after %s", took)
		}
		stop()
		publisher.Send("PING\r\n")
		publisher.Expect("PONG\r\n")
	})
	t.Run("spec 01 #67", func(t *testing.T) {
		t.Parallel()
		const interval = 500 * time.Millisecond
		s := start(t, "ping_interval: \"500ms\"\nping_max: 2\n")
		for name, login := range map[string]string{"after CONNECT": wire.Login(), "without CONNECT": ""} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				began := time.Now()
				c := wire.Open(t, s.Addr())
				c.ShowPings()
				c.Send(login)
				c.Expect("PING\r\nPING\r\n")
				c.ExpectFatal("Stale Connection")
				if took := time.Since(began); took < 3*interval-interval/10 || took > 6*interval {
					t.Errorf("closed after %s", took)
				}
			})
		}
	})
}
