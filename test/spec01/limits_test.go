package spec01

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trellismq/trellis/test/wire"
)

func TestLimits(t *testing.T) {
	t.Parallel()
	t.Run("spec 01 #51", func(t *testing.T) {
		t.Parallel()
		s := start(t, "max_connections: 2")
		first, second := wire.Ready(t, s.Addr()), wire.Ready(t, s.Addr())
		for range 3 {
			wire.Open(t, s.Addr()).ExpectFatal("maximum connections exceeded")
		}
		first.Sync()
		second.Sync()
		for _, none := range []string{"0", "-1"} {
			wire.Open(t, start(t, "max_connections: "+none).Addr()).ExpectFatal("maximum connections exceeded")
		}
	})
	t.Run("spec 01 #52", func(t *testing.T) {
		t.Parallel()
		s := start(t, `accounts {
  A { users: [ {user: a, password: a} ], limits { max_connections: 2 } }
  B { users: [ {user: b, password: b} ] }
}`)
		const login = `"user":"a","pass":"a"`
		first, second := wire.Ready(t, s.Addr(), login), wire.Ready(t, s.Addr(), login)
		third := wire.Open(t, s.Addr())
		third.Send(wire.Login(login))
		third.ExpectFatal("maximum account active connections exceeded")
		wire.Ready(t, s.Addr(), `"user":"b","pass":"b"`)
		first.Sync()
		second.Sync()
		first.Send("CONNECT {\"user\":\"b\",\"pass\":\"b\"}\r\n")
		first.Sync()
		wire.Ready(t, s.Addr(), login)
	})
	t.Run("spec 01 #54", func(t *testing.T) {
		t.Parallel()
		const exceeded = "maximum subscriptions exceeded"
		c := wire.Ready(t, start(t, "max_subscriptions: 2").Addr())
		c.Send("SUB subs.a 1\r\nSUB subs.b q 2\r\nSUB subs.c 3\r\n")
		c.ExpectErr(exceeded)
		c.Send(wire.Pub("subs.a", "a"), wire.Pub("subs.b", "b"), wire.Pub("subs.c", "c"))
		c.Expect(wire.Msg("subs.a", "1", "a"), wire.Msg("subs.b", "2", "b"))
		// The limit is looked at before the sid, even of a subscription that exists.
		c.Send("SUB subs.a 1\r\n")
		c.ExpectErr(exceeded)
		c.Send("UNSUB 2\r\nSUB subs.c 3\r\n", wire.Pub("subs.c", "c"))
		c.Expect(wire.Msg("subs.c", "3", "c"))
		c.Sync()
	})
	t.Run("spec 01 #55", func(t *testing.T) {
		t.Parallel()
		c := wire.Ready(t, start(t, "max_subscription_tokens: 3").Addr())
		c.Send("SUB t.a.b.c 1\r\n")
		c.ExpectErr(`Permissions Violation for Subscription to "t.a.b.c", too many tokens`)
		c.Send("SUB t.a.> 1\r\nSUB t.*.*.* q 2\r\n")
		c.ExpectErr(`Permissions Violation for Subscription to "t.*.*.*", too many tokens`)
		c.Send(wire.Pub("t.a.b.c.d", "deep"))
		c.Expect(wire.Msg("t.a.b.c.d", "1", "deep"))
		c.Sync()
	})
}

func TestPayloadLimit(t *testing.T) {
	t.Parallel()
	const exceeded = "Maximum Payload Violation"
	t.Run("spec 01 #98", func(t *testing.T) {
		t.Parallel()
		s := start(t, "max_payload: 1000")
		full := strings.Repeat("\x00\r\n\xff", 250)
		c := wire.Ready(t, s.Addr())
		c.Send("SUB pay 1\r\n", wire.Pub("pay", full))
		c.Expect(wire.Msg("pay", "1", full))
		c.Send("PUB pay 1001\r\n")
		c.ExpectFatal(exceeded)

		standard := wire.Ready(t, start(t, "").Addr())
		large := strings.Repeat("x", 1<<20)
		standard.Send("SUB pay 1\r\n", wire.Pub("pay", large))
		standard.Expect(wire.Msg("pay", "1", large))
		standard.Send(fmt.Sprintf("PUB pay %d\r\n", len(large)+1))
		standard.ExpectFatal(exceeded)
		s.WaitFor("maximum payload exceeded: 1001 vs 1000")
	})
	t.Run("spec 01 #99", func(t *testing.T) {
		t.Parallel()
		const headers = "NATS/1.0\r\n\r\n"
		body := strings.Repeat("x", 100-len(headers))
		s := start(t, `accounts { A { users: [ {user: a, password: a} ], limits { max_payload: 100 } } }`)
		login := func() *wire.Conn { return wire.Ready(t, s.Addr(), `"user":"a","pass":"a"`, withHeaders) }
		c := login()
		c.Send("SUB pay 1\r\n", wire.HPub("pay", headers, body), wire.Pub("pay", headers+body))
		c.Expect(wire.HMsg("pay 1", headers, body), wire.Msg("pay", "1", headers+body))
		c.Send("HPUB pay 12 101\r\n")
		c.ExpectFatal(exceeded)
		plain := login()
		plain.Send("PUB pay 101\r\n")
		plain.ExpectFatal(exceeded)
	})
}
